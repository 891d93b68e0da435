"""permessage-deflate (RFC 7692): negotiated with a client that others wrote, and bombs that cost nothing."""

import itertools
import random
import re
import socket
import struct
import zlib

import pytest
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.sync.client import connect

# Client and server windows: unlimited, hinted at, the smallest, one between.
WINDOWS = [None, 9, 12, 15]
COMBINATIONS = list(itertools.product([False, True], [False, True], WINDOWS, [None, True, 9, 12, 15]))


def raw(port: int, extensions: str | list[str], path: str = "/") -> tuple[socket.socket, str | None]:
    """An upgraded socket and what the server answered as extensions."""
    lines = [extensions] if isinstance(extensions, str) else extensions
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(
        (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "".join(f"Sec-WebSocket-Extensions: {line}\r\n" for line in lines)
            + "\r\n"
        ).encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        assert byte, head
        head += byte
    assert head.startswith(b"HTTP/1.1 101 "), head
    answers = re.findall(r"(?im)^sec-websocket-extensions: (.*)\r$", head.decode())
    assert len(answers) <= 1
    return connection, answers[0] if answers else None


def frame(first: int, payload: bytes, length: int | None = None) -> bytes:
    length = len(payload) if length is None else length
    if length < 126:
        head = bytes([first, 0x80 | length])
    elif length < 65536:
        head = bytes([first, 0xFE]) + struct.pack(">H", length)
    else:
        head = bytes([first, 0xFF]) + struct.pack(">Q", length)
    # A key of zeros changes nothing and saves Python the work.
    return head + b"\0\0\0\0" + payload


def close_code(connection: socket.socket) -> int | None:
    """The code of the close frame, which must be the first that comes."""
    data = b""
    try:
        while chunk := connection.recv(65536):
            data += chunk
    except ConnectionResetError:
        pass
    if len(data) < 4 or data[0] != 0x88:
        return None
    return struct.unpack(">H", data[2:4])[0]


def deflated(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def resident_kib(pid: int) -> tuple[int, int]:
    """What the process holds now, and the most that it ever held."""
    with open(f"/proc/{pid}/status") as status:
        text = status.read()
    return tuple(int(re.search(rf"^{name}:\s+(\d+) kB", text, re.M).group(1)) for name in ("VmRSS", "VmHWM"))


@pytest.mark.parametrize("server_takeover, client_takeover, server_bits, client_bits", COMBINATIONS)
def test_every_combination_of_parameters(echo, server_takeover, client_takeover, server_bits, client_bits):
    offer = ClientPerMessageDeflateFactory(
        server_no_context_takeover=not server_takeover,
        client_no_context_takeover=not client_takeover,
        server_max_window_bits=server_bits,
        client_max_window_bits=client_bits,
    )
    generator = random.Random(repr((server_takeover, client_takeover, server_bits, client_bits)))
    with connect(f"ws://127.0.0.1:{echo.port}/", extensions=[offer], compression=None, max_size=None) as client:
        negotiated = client.response.headers["Sec-WebSocket-Extensions"]
        assert ("server_no_context_takeover" in negotiated) == (not server_takeover)
        assert ("client_no_context_takeover" in negotiated) == (not client_takeover)
        assert (server_bits is not None) == ("server_max_window_bits" in negotiated)
        for count in (0, 0, 1, 10, 1_000, 40_000, 0, 300_000):
            words = generator.choices(["alpha", "beta", "γάμμα", "δ", "🎈", " ", "\n"], k=count // 4 + (count > 0))
            text = "".join(words)
            client.send(text)
            assert client.recv(timeout=30) == text
            data = generator.randbytes(count // 2) + bytes(count // 2)
            client.send(data)
            assert client.recv(timeout=30) == data
            # The same in fragments, some of them empty.
            client.send([text[:7], "", text[7:], ""])
            assert client.recv(timeout=30) == text


@pytest.mark.parametrize(
    "offer, answer",
    [
        ("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"),
        ("permessage-deflate; server_max_window_bits=8", None),
        ("permessage-deflate; server_max_window_bits=7", None),
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; server_max_window_bits=junk", None),
        ("permessage-deflate; server_max_window_bits=09", None),
        ("permessage-deflate; unknown", None),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", None),
        ("permessage-deflate; ;", None),
        ('permessage-deflate; server_max_window_bits="10', None),
        (["x-unknown", 'permessage-deflate; server_max_window_bits="10"'], "permessage-deflate; server_max_window_bits=10"),
    ],
)
def test_an_offer_is_taken_or_declined_and_the_connection_works(echo, offer, answer):
    connection, answered = raw(echo.port, offer)
    with connection:
        assert answered == answer
        connection.sendall(frame(0x89, b"still there"))
        assert connection.recv(64) == b"\x8a\x0bstill there"
        if answer is None:
            connection.sendall(frame(0xC1, b"\x00"))
            assert close_code(connection) == 1002


@pytest.mark.parametrize("takeover", [True, False])
def test_a_bomb_costs_no_more_than_the_limit(echo, takeover):
    """A thousandfold: 2 GiB in 2 MiB, against a limit of 16 MiB."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush the same bytes are compressed to the same bytes.
    bomb = 2048 * (compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH))
    offer = "permessage-deflate" + ("" if takeover else "; client_no_context_takeover")
    before, _ = resident_kib(echo.pid)
    for _ in range(4):
        connection, _ = raw(echo.port, offer)
        with connection:
            try:
                connection.sendall(frame(0xC2, bomb))
            except (BrokenPipeError, ConnectionResetError):
                pass
            assert close_code(connection) in (1009, None)
    _, most = resident_kib(echo.pid)
    assert most - before < 64 * 1024
    with connect(f"ws://127.0.0.1:{echo.port}/") as client:
        client.send("alive")
        assert client.recv(timeout=30) == "alive"


@pytest.mark.parametrize(
    "data, code",
    [
        (frame(0xC9, b"a"), 1002),
        (frame(0xC8, b""), 1002),
        (frame(0x01, b"a") + frame(0xC0, b"b"), 1002),
        (frame(0x41, b"\xf2\x48") + frame(0xC0, b"\xcd"), 1002),
        (frame(0xA1, b"a"), 1002),
        (frame(0xC1, b"\x07\x00"), 1007),
        (frame(0xC1, b"\xf2\x00\x11\x00\x00"), 1007),
        (frame(0xC1, deflated(b"\xff\xfe")), 1007),
        (frame(0xC1, deflated(b"abc")[:-2]), 1007),
        (frame(0xC1, b"", length=2**63 - 1), 1009),
        (frame(0xC1, b"", length=2**63), 1002),
        (frame(0x41, b"\0") + frame(0x00, b"") * 1_100_000, 1009),
    ],
    ids=lambda value: str(value)[:24],
)
def test_forbidden_frames_with_compression(echo, data, code):
    connection, answered = raw(echo.port, "permessage-deflate")
    with connection:
        assert answered == "permessage-deflate"
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            # The rest of a long attack was still under way when the server closed.
            assert len(data) > 100_000
        assert close_code(connection) in ((code, None) if len(data) > 100_000 else (code,))


def test_data_after_close_is_ignored(echo):
    connection, _ = raw(echo.port, "permessage-deflate")
    with connection:
        connection.sendall(frame(0x41, b"\xf2") + frame(0x88, struct.pack(">H", 1000)) + frame(0xC1, b"\x07"))
        assert close_code(connection) == 1000


# -- the product: never a window kept


def test_the_product_never_keeps_a_window(start_server):
    server = start_server()
    for offer in ("permessage-deflate; client_max_window_bits", "permessage-deflate; server_max_window_bits=10, permessage-deflate"):
        connection, answered = raw(server.port, offer, "/connection/websocket")
        with connection:
            assert answered == "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
            connection.sendall(frame(0xC1, deflated(b'{"id":1,"connect":{}}')))
            reply = connection.recv(4096)
            assert reply[0] in (0x81, 0xC1)
            connection.sendall(frame(0xC1, deflated(b" " * (1 << 20))))
            assert close_code(connection) == 1009
    connection, answered = raw(server.port, "permessage-deflate; server_max_window_bits=10", "/connection/websocket")
    with connection:
        assert answered is None


def test_a_setting_switches_compression_off(start_server):
    server = start_server(VIBE_COMPRESSION="off")
    connection, answered = raw(server.port, "permessage-deflate", "/connection/websocket")
    with connection:
        assert answered is None
