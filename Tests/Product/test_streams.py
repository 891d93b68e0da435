"""One-way streams with nothing but HTTP: what they show, how they come back, and what they cost when they go wrong."""

import http.client
import json
import os
import re
import socket
import struct
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness import DEADLINE, Server, Texts, eventually

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(start_server):
    return start_server()


class Stream:
    """A response without end: one thread reads pushes off a plain socket."""

    def __init__(self, server: Server, kind: str, channels: str, headers: dict[str, str] | None = None):
        self.kind = kind
        self.socket = socket.create_connection(("127.0.0.1", server.port), 30)
        fields = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        request = f"GET /connection/{kind}?channels={channels} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{fields}\r\n"
        self.socket.sendall(request.encode())
        self._file = self.socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers = {}
        while (line := self._file.readline().strip()) != b"":
            name, value = line.decode().split(":", 1)
            self.headers[name.lower()] = value.strip()
        self.pushes: list[dict] = []
        self.last_id = ""
        self.pings = 0
        self.ended = False
        self._changed = threading.Condition()
        if self.status == 200:
            self.socket.settimeout(None)
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()

    def _chunks(self):
        """Undoes the chunked coding; ends at its last chunk, or where the connection is cut."""
        while size := int(self._file.readline() or b"0", 16):
            yield self._file.read(size)
            self._file.readline()

    def _read(self) -> None:
        held = b""
        try:
            for chunk in self._chunks():
                held += chunk
                *lines, held = held.split(b"\n")
                with self._changed:
                    for line in lines:
                        self._line(line.decode())
                    self._changed.notify_all()
        except (OSError, ValueError):
            pass
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _line(self, line: str) -> None:
        if self.kind == "uni_http_stream":
            push = json.loads(line)
            if push:
                self.pushes.append(push)
            else:
                self.pings += 1
        elif line.startswith("id: "):
            self.last_id = line[4:]
        elif line.startswith("data: "):
            self.pushes.append(json.loads(line[6:]))
        elif line == ":":
            self.pings += 1
        else:
            assert line == "", line

    def wait(self, check, what: str):
        with self._changed:
            if not self._changed.wait_for(check, DEADLINE):
                raise AssertionError(f"not within {DEADLINE:.0f} s: {what}; last: {str(self.pushes[-3:])[-2_000:]}")
            return check()

    @property
    def subs(self) -> dict:
        return self.wait(lambda: self.pushes and self.pushes[0], "the first push")["connect"]["subs"]

    def publications(self, channel: str) -> list[dict]:
        return [push["pub"] for push in list(self.pushes) if push.get("channel") == channel and "pub" in push]

    def wait_for(self, channel: str, kind: str):
        return self.wait(
            lambda: [pub for pub in self.publications(channel) if pub["data"]["type"] == kind], f"{kind} on {channel}"
        )[-1]

    def close(self) -> None:
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if self.status == 200:
            self._reader.join(10)
        self._file.close()
        self.socket.close()


@contextmanager
def reading(*arguments, **options):
    stream = Stream(*arguments, **options)
    try:
        assert stream.status == 200, stream.status
        yield stream
    finally:
        stream.close()


def opened(server: Server, kind: str, channels: str, receive_buffer: int | None = None) -> socket.socket:
    """A stream that has begun and that nobody reads."""
    stream = socket.socket()
    if receive_buffer:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    stream.connect(("127.0.0.1", server.port))
    stream.settimeout(30)
    stream.sendall(f"GET /connection/{kind}?channels={channels} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
    assert stream.recv(15, socket.MSG_WAITALL) == b"HTTP/1.1 200 OK"
    return stream


def descriptors(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def viewers(server: Server) -> int:
    return server.get("/api/apps")["counts"]["viewers"]


@pytest.mark.parametrize("kind", ["uni_sse", "uni_http_stream"])
def test_a_stream_shows_an_app_being_built(server, kind):
    app = server.create_and_wait("a counter")
    channel = f"app:{app}"
    viewer = server.socket(user_id="ben", name="Ben")
    snapshot = viewer.subscribe(channel)
    with reading(server, kind, f"apps,{channel}") as stream:
        assert stream.headers["content-type"] == ("text/event-stream" if kind == "uni_sse" else "application/x-ndjson")
        assert stream.headers["cache-control"] == "no-store"
        connect = stream.wait(lambda: stream.pushes and stream.pushes[0], "the first push")["connect"]
        assert connect["client"] and connect["ping"] == 25 and not connect.get("pong")
        assert set(connect["subs"]) == {"apps", channel}
        sub = connect["subs"][channel]
        assert sub["recoverable"] and sub["positioned"] and sub["epoch"] == snapshot["epoch"]
        assert [m["content"] for m in sub["data"]["messages"]] == [m["content"] for m in snapshot["data"]["messages"]]
        assert sub["data"]["app"]["status"] == "active" and "publications" not in sub
        server.write(app, "make it blue")
        finished = stream.wait_for(channel, "generation.finished")
        viewer.wait_for(channel, "generation.finished")
        assert finished["data"]["outcome"] == "succeeded"
        # The same events as a viewer with a WebSocket, under the same offsets.
        turn = range(max(sub["offset"], snapshot["offset"]) + 1, finished["offset"] + 1)
        ours, theirs = ([pub for pub in seen.publications(channel) if pub["offset"] in turn] for seen in (stream, viewer))
        # Who lags for a moment has tokens merged: all else is the same, and so is the text.
        besides = lambda publications: [pub for pub in publications if pub["data"]["type"] != "token"]
        assert besides(ours) == besides(theirs)
        offsets = [pub["offset"] for pub in ours]
        assert offsets == sorted(set(offsets)) and offsets[-1] == turn[-1]
        texts = Texts(sub["data"]["generation"])
        for pub in ours:
            texts.apply(pub["data"])
        assert texts.code["src/LLMComponent.tsx"] == server.code(app)
        stream.wait(lambda: any(pub["data"]["type"] == "app.changed" for pub in stream.publications("apps")), "the list")
        joins = [push["join"]["info"] for push in viewer.pushes if "join" in push]
        assert connect["client"] in [info["client"] for info in joins]
    viewer.close()


def test_the_last_event_id_brings_exactly_what_was_missed(server):
    app = server.create_and_wait("a counter")
    channel = f"app:{app}"
    channels = f"{channel},apps"
    with reading(server, "uni_sse", channels) as stream:
        server.write(app, "make it red")
        stream.wait_for(channel, "generation.finished")
        last_id = stream.last_id
        held = stream.publications(channel)[-1]["offset"]
    assert re.fullmatch(r"[^:,]+:\d+,[^:,]+:\d+", last_id) and last_id.split(",")[0].endswith(f":{held}")
    witness = server.socket()
    witness.subscribe(channel)
    server.write(app, "make it green")
    witness.wait_for(channel, "generation.finished")
    server.wait_until_idle(app)
    witness_last = witness.publications(channel)[-1]["offset"]
    for query, headers in (("", {"Last-Event-ID": last_id}), (f"&last_event_id={last_id}", {})):
        with reading(server, "uni_sse", channels + query, headers=headers) as stream:
            sub = stream.subs[channel]
            assert sub["was_recovering"] and sub["recovered"] and "data" not in sub
            missed = sub["publications"]
            assert missed[0]["offset"] > held and missed[-1]["offset"] == sub["offset"] >= witness_last
            kinds = [pub["data"]["type"] for pub in missed]
            assert kinds.count("generation.started") == kinds.count("generation.finished") == 1
            assert kinds.count("token") < len(witness.events(channel, "token")) + 1
            texts = Texts()
            for pub in missed:
                texts.apply(pub["data"])
            assert texts.code["src/LLMComponent.tsx"] == server.code(app)
            assert stream.subs["apps"]["recovered"]
            # Nothing has happened since: the next return brings nothing.
            same = stream.last_id
        with reading(server, "uni_sse", channels, headers={"Last-Event-ID": same}) as stream:
            sub = stream.subs[channel]
            assert sub["recovered"] and sub.get("publications", []) == []
    # Another server's position, and what is none: the snapshot.
    for wrong in ("zzzz:3,zzzz:4", "x", "a:b,c:d", f"{sub['epoch']}:18446744073709551615,-", ",", "é:1,:2"):
        with reading(server, "uni_sse", channels, headers={"Last-Event-ID": wrong}) as stream:
            sub = stream.subs[channel]
            assert "data" in sub and not sub.get("recovered") and "publications" not in sub
    witness.close()


def test_what_is_no_stream_is_refused(server):
    app = server.create("a counter")
    for kind in ("uni_sse", "uni_http_stream"):
        path = f"/connection/{kind}"
        for query, status in (
            ("", 422),
            ("?channels=", 422),
            ("?channels=apps,", 422),
            ("?channels=apps,apps", 422),
            ("?channels=" + ",".join(f"app:app-{number:016}" for number in range(129)), 422),
            ("?channels=apps&user_id=" + "x" * 500, 422),
            ("?channels=nothing", 404),
            ("?channels=apps,app:app-aaaaaaaaaaaaaaaa", 404),
            (f"?channels=app:{app}%0d%0aX:1", 404),
            ("?channels=" + "x" * 300, 404),
        ):
            got, _, body = server.request("GET", path + query)
            assert got == status and body["error"]["code"], (query[:60], got, body)
        for origin in ("http://evil.example", "null", f"http://{app}.vibe.localhost:{server.port}"):
            got, _, body = server.request("GET", path + "?channels=apps", headers={"Origin": origin})
            assert got == 403, origin
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("HEAD", path + "?channels=apps")
        head = connection.getresponse()
        assert head.status == 200 and head.read() == b"" and head.headers["Cache-Control"] == "no-store"
        connection.close()
        got, headers, _ = server.request("POST", path + "?channels=apps", {})
        assert got == 405 and "GET" in headers["Allow"]
        with reading(server, kind, "apps", headers={"Origin": f"http://127.0.0.1:{server.port}"}) as stream:
            assert "apps" in stream.subs


def test_a_stream_counts_as_a_viewer_and_leaves_nothing_behind(server):
    app = server.create_and_wait("a counter")
    channel = f"app:{app}"
    watcher = server.socket()
    watcher.subscribe("apps")
    assert viewers(server) == 0
    # The first requests open what stays open: the catalogue's readers, the test's own connection.
    with reading(server, "uni_sse", channel) as stream:
        assert stream.subs
    eventually(lambda: viewers(server) == 0, "nobody watches")
    baseline = eventually(lambda: descriptors(server), "descriptors")
    streams = [opened(server, kind, channel) for kind in ("uni_sse", "uni_http_stream") for _ in range(20)]
    eventually(lambda: viewers(server) == 40, "40 viewers")
    watcher.wait(lambda: any(event["viewers"] == 40 for event in watcher.events("apps", "counts")), "counts says 40")
    # Half of them close, half of them vanish; nothing is published by which the server could notice.
    for number, stream in enumerate(streams):
        if number % 2:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()
    eventually(lambda: viewers(server) == 0, "all are gone", deadline=20)
    eventually(lambda: descriptors(server) <= baseline, f"descriptors are back at {baseline}", deadline=20)
    watcher.close()


def test_pings_keep_a_silent_stream_alive(start_server):
    server = start_server(VIBE_PING_INTERVAL="1")
    for kind in ("uni_sse", "uni_http_stream"):
        with reading(server, kind, "apps") as stream:
            stream.wait(lambda: stream.pings >= 2, "two pings")
            assert stream.pushes[0]["connect"]["ping"] == 1


def test_a_stream_is_told_of_the_end(start_server):
    server = start_server()
    app = server.create_and_wait("a counter")
    streams = [Stream(server, kind, f"app:{app}") for kind in ("uni_sse", "uni_http_stream")]
    for stream in streams:
        assert stream.subs
    assert server.stop() == 0
    for stream in streams:
        stream.wait(lambda: stream.ended, "the end")
        assert stream.pushes[-1] == {"disconnect": {"code": 3001, "reason": "shutdown", "reconnect": True}}
        stream.close()


def test_the_end_of_an_app_is_told(start_server):
    server = start_server(VIBE_ADMIN_SECRET="s3cret")
    app = server.create_and_wait("a counter")
    with reading(server, "uni_http_stream", f"app:{app}") as stream:
        assert stream.subs
        server.post(f"/api/app/{app}/terminate", {"admin_secret": "s3cret"})
        unsubscribe = {"channel": f"app:{app}", "unsubscribe": {"code": 2000, "reason": "server unsubscribe"}}
        stream.wait(lambda: unsubscribe in stream.pushes, "the unsubscription")


def test_a_reader_that_stops_is_cut_off(start_server):
    """What waits for it is bounded, and what it does not take within a ping or two ends it; others notice nothing."""
    server = start_server(VIBE_QUEUE_LIMIT="200", VIBE_PING_INTERVAL="1", VIBE_MAX_PENDING_BYTES="4194304")
    app = server.create_and_wait("a counter")
    channel = f"app:{app}"
    with reading(server, "uni_http_stream", channel) as good:
        assert good.subs
        # Every `queue` event and every snapshot holds all of them: most of a MiB, of which the kernel buffers a few.
        prompt = "\U0001f600" * 4_000
        for _ in range(40):
            server.write(app, prompt)
        baseline = descriptors(server)
        resident = server.resident_kib()
        stalled = [opened(server, kind, channel, receive_buffer=4_096) for kind in ("uni_sse", "uni_http_stream") for _ in range(5)]
        eventually(lambda: viewers(server) == 11, "they are here")
        for _ in range(12):
            server.write(app, prompt)
        eventually(lambda: viewers(server) == 1, "they were cut off", deadline=30)
        assert server.resident_kib() - resident < 65_536
        eventually(lambda: descriptors(server) <= baseline + 1, "their descriptors are free", deadline=20)
        before = len(good.publications(channel))
        good.wait(lambda: len(good.publications(channel)) > before, "the good reader is served")
        offsets = [pub["offset"] for pub in good.publications(channel)]
        assert offsets == sorted(set(offsets)) and not good.ended
        for stream in stalled:
            stream.close()


def test_the_line_of_the_readme_shows_an_app_being_built(start_server):
    """It makes an app and shows it; here it runs as it stands there, but for the port."""
    server = start_server()
    lines = [line for line in (ROOT / "README.md").read_text().splitlines() if "/connection/uni_sse" in line and "curl" in line]
    assert len(lines) == 1, lines
    command = lines[0].strip().replace("localhost:8080", f"localhost:{server.port}")
    child = subprocess.Popen(["bash", "-c", f"exec {command}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    seen: list[str] = []
    shown = threading.Event()

    def read():
        for line in child.stdout:
            seen.append(line.decode())
            if '"type":"generation.finished"' in seen[-1]:
                return shown.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert shown.wait(DEADLINE), seen[-3:]
        events = [json.loads(line[6:]) for line in seen if line.startswith("data: ")]
        assert events[0]["connect"]["subs"]
        kinds = [event["pub"]["data"]["type"] for event in events if "pub" in event]
        assert "token" in kinds and "build" in kinds and "preview" in kinds
    finally:
        child.kill()
        child.wait()
        reader.join(10)


@pytest.mark.parametrize("kind", ["uni_sse", "uni_http_stream"])
def test_one_event_that_is_longer_than_what_may_wait_ends_no_stream(start_server, kind):
    server = start_server(VIBE_MAX_PENDING_BYTES="4096")
    app = server.create_and_wait("a counter")
    # The first push, with the app's state in it, is longer too.
    with reading(server, kind, f"app:{app}") as stream:
        server.write(app, "ö" * 4_000)

        def prompts():
            said = [pub for pub in stream.publications(f"app:{app}") if pub["data"]["type"] == "message"]
            return [pub for pub in said if pub["data"]["message"]["type"] == "user"]

        said = stream.wait(prompts, "the prompt")
        assert len(json.dumps(said, ensure_ascii=False).encode()) > 8_000
        stream.wait_for(f"app:{app}", "generation.finished")
        assert not stream.ended
