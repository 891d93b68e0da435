"""The client protocol over a bare socket: the snapshot rules, and an end for everything that is not allowed."""

import json
import os
import socket
import struct

import pytest

from harness import Client, Texts, eventually


@pytest.fixture(scope="module")
def server(bin_dir, tmp_path_factory):
    from harness import Server, Simulator

    simulator = Simulator(bin_dir, ("--tokens-per-second", "400"))
    simulator.wait_until_ready()
    folder = tmp_path_factory.mktemp("socket")
    for parent in (folder, *folder.parents):
        if str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    server = Server(bin_dir, folder, (), {"ANTHROPIC_BASE_URL": simulator.url, "ANTHROPIC_API_KEY": "k"})
    server.wait_until_ready()
    yield server
    assert server.stop() == 0
    simulator.stop()


def ended(client: Client) -> tuple[int, str]:
    return client.wait(lambda: client.closed, "the end of the connection", 30)


def test_connect_tells_client_and_ping(server):
    client = server.socket(user_id="ana", name="Ana")
    assert client.connected["client"] and client.connected["ping"] == 25 and client.connected["pong"] is True
    client.close()


def test_one_turn_in_order(server):
    client = server.socket(user_id="ana", name="Ana")
    home = client.subscribe("apps")
    assert home["recoverable"] and home["positioned"] and home["epoch"]
    assert set(home["data"]["counts"]) == {"live", "total", "building", "viewers"}
    app = client.rpc("app.create", prompt="a habit tracker")["rpc"]["data"]["app_id"]
    channel = f"app:{app}"
    first = client.subscribe(channel)
    assert first["data"]["app"]["id"] == app
    client.wait_for(channel, "generation.finished")
    offsets = [pub["offset"] for pub in client.publications(channel)]
    assert offsets == list(range(first["offset"] + 1, first["offset"] + 1 + len(offsets)))

    second = client.rpc("app.write", app_id=app, text="make it red")["rpc"]["data"]
    assert second["position"] == 0
    client.wait_for(channel, "generation.finished", 2)
    events = client.events(channel)
    begin = next(i for i, e in enumerate(events) if e["type"] == "message" and e["message"]["id"] == second["message_id"])
    turn = events[begin:]
    kinds = [event["type"] for event in turn if event["type"] not in ("status",)]
    assert kinds[:2] == ["message", "generation.started"]
    assert kinds[-1] == "generation.finished" and kinds[-2] == "message"
    assert kinds.count("message") == 2
    live = next(i for i, e in enumerate(turn) if e["type"] == "build" and e["phase"] == "live" and e["state"] == "done")
    preview = next(i for i, e in enumerate(turn) if e["type"] == "preview")
    assert preview < live < len(turn) - 2
    assert turn[-1]["outcome"] == "succeeded" and turn[-1]["version"] == 2 and turn[-1]["usage"]["output_tokens"] > 0
    texts = Texts()
    for event in turn:
        texts.apply(event)
    assert texts.code["src/LLMComponent.tsx"] == server.code(app)
    assert texts.chat
    client.wait_for("apps", "app.added")
    client.close()


def test_snapshot_and_what_follows_make_the_whole(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "400")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k")
    app = server.create("a drum machine")
    channel = f"app:{app}"
    eventually(lambda: server.detail(app)["generation"], "it runs")
    clients = []
    while server.detail(app)["generation"] is not None and len(clients) < 12:
        client = server.socket()
        clients.append((client, client.subscribe(channel)))
    assert len(clients) >= 3
    final = server.wait_until_idle(app)
    assert final["phase"] == "live"
    for client, reply in clients:
        client.wait_for(channel, "generation.finished")
        texts = Texts(reply["data"]["generation"])
        expected = reply["offset"]
        for pub in client.publications(channel):
            expected += 1
            assert pub["offset"] == expected, "no gap, nothing twice"
            texts.apply(pub["data"])
        assert texts.code["src/LLMComponent.tsx"] == server.code(app)
        client.close()


def test_recover_is_answered_honestly(server):
    client = server.socket()
    plain = client.subscribe("apps")
    client.call(unsubscribe={"channel": "apps"})
    for offset, epoch in ((plain["offset"] + 10**6, plain["epoch"]), (2**64 - 1, plain["epoch"]), (plain["offset"], "other")):
        reply = client.subscribe("apps", recover=True, offset=offset, epoch=epoch)
        assert reply["was_recovering"] is True and not reply.get("recovered") and reply["data"]["counts"] is not None
        assert not reply.get("publications")
        client.call(unsubscribe={"channel": "apps"})
    client.close()


@pytest.mark.parametrize(
    "command, code",
    [
        ({"subscribe": {"channel": "nothing"}}, 102),
        ({"subscribe": {"channel": "app:app-aaaaaaaaaaaaaaaa"}}, 102),
        ({"subscribe": {"channel": ""}}, 107),
        ({"rpc": {"method": "app.nothing", "data": {}}}, 104),
        ({"rpc": {"method": "app.get", "data": {"app_id": "app-aaaaaaaaaaaaaaaa"}}}, 404),
        ({"rpc": {"method": "app.write", "data": {"app_id": "app-aaaaaaaaaaaaaaaa", "text": "a"}}}, 404),
        ({"rpc": {"method": "app.create", "data": {"prompt": ""}}}, 422),
        ({"rpc": {"method": "app.create", "data": {"prompt": "x" * 4001}}}, 422),
        ({"publish": {"channel": "apps", "data": {}}}, 103),
    ],
)
def test_errors_keep_the_connection(server, command, code):
    client = server.socket()
    reply = client.call(**command)
    assert reply["error"]["code"] == code, reply
    assert reply["error"]["message"]
    assert client.subscribe("apps")["offset"] >= 0
    client.close()


def test_subscribing_twice_is_an_error_and_nothing_comes_twice(server):
    client = server.socket()
    client.subscribe("apps")
    assert client.call(subscribe={"channel": "apps"})["error"]["code"] == 105
    client.close()


@pytest.mark.parametrize(
    "frame",
    ['{"id":1,"subscribe":{"channel":"apps"}}', "hello", '{"id":1', "[]", "7", '{"id":1,"rpc":{"method":"apps.list"}}'],
)
def test_a_bad_first_frame_ends_the_connection_for_good(server, frame):
    client = Client(server, connect=False)
    client.socket.send(frame)
    code, _ = ended(client)
    assert 3500 <= code < 4000


def test_a_second_connect_ends_the_connection(server):
    client = server.socket()
    client.send({"id": 99, "connect": {}})
    code, _ = ended(client)
    assert 3500 <= code < 4000


def test_a_binary_frame_ends_the_connection(server):
    client = server.socket()
    client.socket.send(b"{}")
    assert ended(client)[0] in (1003, 3501)


# -- below the protocol: bytes that RFC 6455 forbids


def upgraded(server, headers: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(
        (
            "GET /connection/websocket HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + headers + "\r\n"
        ).encode()
    )
    return connection


def head(connection) -> str:
    answer = b""
    while b"\r\n\r\n" not in answer:
        chunk = connection.recv(1)
        if not chunk:
            break
        answer += chunk
    return answer.decode()


def frame(first: int, payload: bytes, mask: bytes | None = b"\1\2\3\4", length: int | None = None) -> bytes:
    length = len(payload) if length is None else length
    flag = 0x80 if mask else 0
    if length < 126:
        out = bytes([first, flag | length])
    elif length < 65536:
        out = bytes([first, flag | 126]) + struct.pack(">H", length)
    else:
        out = bytes([first, flag | 127]) + struct.pack(">Q", length)
    if mask:
        out += mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return out if mask else out + payload


def close_code(connection) -> int | None:
    """The code of the close frame that comes, skipping other frames."""
    data = b""
    while chunk := connection.recv(65536):
        data += chunk
    while data:
        length = data[1] & 0x7F
        start = 2
        if length == 126:
            length, start = struct.unpack(">H", data[2:4])[0], 4
        if data[0] & 0xF == 8:
            return struct.unpack(">H", data[start : start + 2])[0]
        data = data[start + length :]
    return None


@pytest.mark.parametrize(
    "data, code",
    [
        (frame(0x81, b"{}", mask=None), 1002),
        (frame(0xC1, b"{}"), 1002),
        (frame(0x83, b"{}"), 1002),
        (frame(0x09, b"a"), 1002),
        (frame(0x89, b"a" * 126), 1002),
        (frame(0x80, b"a"), 1002),
        (frame(0x01, b"a") + frame(0x81, b"b"), 1002),
        (frame(0x81, b"\xff\xfe"), 1007),
        (frame(0x01, b"\xf4\x90"), 1007),
        (frame(0x81, b"", length=10**7), 1009),
        (frame(0x81, b"", length=2**63 - 1), 1009),
        (frame(0x81, b"", length=2**63), 1002),
        (frame(0x88, b"\x03"), 1002),
        (frame(0x88, struct.pack(">H", 1005)), 1002),
        (frame(0x01, b"a") + frame(0x00, b"b") * 200_000, 1009),
    ],
)
def test_forbidden_frames(server, data, code):
    with upgraded(server) as connection:
        assert head(connection).startswith("HTTP/1.1 101")
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            assert close_code(connection) == code
        except ConnectionResetError:
            # The rest of a long attack was still under way when the server closed.
            assert len(data) > 100_000


@pytest.mark.parametrize(
    "headers, status",
    [
        ("Origin: http://evil.example\r\n", 403),
        ("Origin: null\r\n", 403),
        ("Sec-Fetch-Site: cross-site\r\n", 403),
        ("Sec-WebSocket-Protocol: centrifuge-protobuf\r\n", 400),
    ],
)
def test_upgrades_that_are_refused(server, headers, status):
    with upgraded(server, headers) as connection:
        assert head(connection).startswith(f"HTTP/1.1 {status}")


def test_upgrades_of_another_version(server):
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(
        f"GET /connection/websocket HTTP/1.1\r\nHost: localhost:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n".encode()
    )
    answer = head(connection)
    assert answer.startswith("HTTP/1.1 426") and "sec-websocket-version: 13" in answer.lower()


def test_a_viewer_that_never_reads_costs_the_others_nothing(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "0")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k", VIBE_MAX_PENDING_BYTES="65536")
    app = server.create_and_wait("a recipe page")
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.sendall(
            (
                "GET /connection/websocket HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        head(stuck)
        commands = [{"id": 1, "connect": {}}, {"id": 2, "subscribe": {"channel": f"app:{app}"}}]
        stuck.sendall(frame(0x81, "\n".join(map(json.dumps, commands)).encode()))
        good = server.socket()
        good.subscribe(f"app:{app}")

        def gone():
            """The stuck one was cut once its backlog passed the cap; the good one got every turn meanwhile."""
            before = len(good.events(f"app:{app}", "generation.finished"))
            server.write(app, "add a section about history")
            good.wait_for(f"app:{app}", "generation.finished", before + 1)
            return "slow" in server.log or server.get("/api/apps")["counts"]["viewers"] == 1

        eventually(gone, "the slow viewer is disconnected", deadline=120)
        good.close()


def test_the_socket_table_does_not_grow(server):
    baseline = len(os.listdir(f"/proc/{server.pid}/fd"))
    for _ in range(50):
        client = server.socket()
        client.subscribe("apps")
        client.socket.socket.shutdown(socket.SHUT_RDWR)
    eventually(lambda: len(os.listdir(f"/proc/{server.pid}/fd")) <= baseline + 2, "descriptors are back at the baseline")
