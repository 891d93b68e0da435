"""The limits of connections, each set by its setting and met from outside."""

import contextlib
import http.client
import json
import os
import resource
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from harness import Client, Process, Server, eventually


def refusal(server: Server, path: str = "/connection/websocket", upgrade: bool = True):
    """(status, headers, error's code) of a connection that is not let in."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    fields = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    connection.request("GET", path, headers=fields if upgrade else {})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, answer.headers, body["error"]["code"]


def stream(server: Server) -> socket.socket:
    """A one-way stream that has begun."""
    connection = socket.create_connection(("127.0.0.1", server.port), 30)
    connection.sendall(f"GET /connection/uni_sse?channels=apps HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
    assert connection.recv(15, socket.MSG_WAITALL) == b"HTTP/1.1 200 OK"
    return connection


def can_connect(server: Server) -> bool:
    try:
        Client(server, {}).close()
        return True
    except InvalidStatus:
        return False


@pytest.mark.parametrize(
    "setting,status,reason",
    [("VIBE_MAX_CONNECTIONS", 503, "too_many_connections"), ("VIBE_MAX_CONNECTIONS_PER_ADDRESS", 429, "too_many_connections_of_address")],
)
def test_connections_past_the_limit_are_told_to_come_later(start_server, setting, status, reason):
    server = start_server(**{setting: "3"})
    first, second, third = server.socket(), server.socket(), stream(server)
    for path, upgrade in (("/connection/websocket", True), ("/connection/uni_sse?channels=apps", False)):
        got, headers, code = refusal(server, path, upgrade)
        assert (got, code) == (status, reason) and int(headers["Retry-After"]) >= 1
    # Those who are in notice nothing, and calls are no connections.
    assert first.rpc("apps.list")["rpc"]["data"]["order"] == [] and server.get("/api/apps")["order"] == []
    # Places come back, of a WebSocket and of a stream; refused ones have taken none.
    second.close()
    eventually(lambda: can_connect(server), "a WebSocket's place is free")
    again = eventually(lambda: can_connect(server) and server.socket(), "and taken")
    assert not can_connect(server)
    third.close()
    eventually(lambda: can_connect(server), "a stream's place is free")
    first.close()
    again.close()


def test_a_stream_that_does_not_begin_takes_no_place(start_server):
    server = start_server(VIBE_MAX_CONNECTIONS="1")
    for _ in range(3):
        for channels, status in (("app:app-aaaaaaaaaaaaaaaa", 404), ("", 422)):
            assert server.request("GET", f"/connection/uni_sse?channels={channels}")[0] == status
        assert server.request("HEAD", "/connection/uni_sse?channels=apps")[0] == 200
    server.socket().close()


def test_frames_and_messages_are_bounded(start_server):
    server = start_server(VIBE_MAX_FRAME_BYTES="2048", VIBE_MAX_MESSAGE_BYTES="4096")
    client = server.socket()
    padded = {"id": 50, "rpc": {"method": "apps.list", "data": {"q": "x" * 1_900}}}
    client.send(padded)
    client.wait(lambda: 50 in client.replies, "an answer below the limit")
    client.send({**padded, "rpc": {"method": "apps.list", "data": {"q": "x" * 2_100}}})
    assert client.wait(lambda: client.closed, "the end")[0] == 1009
    client = server.socket()
    # The server may close before the last frame is written.
    with contextlib.suppress(ConnectionClosedError):
        client.socket.send(iter(["x" * 2_000] * 3))
    assert client.wait(lambda: client.closed, "the end")[0] == 1009


def test_a_client_that_never_connects_is_stale(start_server):
    server = start_server(VIBE_CONNECT_TIMEOUT="1")
    client = Client(server, connect=False)
    assert client.wait(lambda: client.closed, "the end") == (3502, "stale")


def test_a_client_that_answers_no_ping_is_gone_within_ping_and_pong_time(start_server):
    server = start_server(VIBE_PING_INTERVAL="1", VIBE_PONG_TIMEOUT="1")
    good = server.socket()
    assert good.connected["ping"] == 1

    class Silent(Client):
        def _read(self):
            class Mute:
                def __init__(self, inner):
                    self._inner = inner

                def __iter__(self):
                    return iter(self._inner)

                def __getattr__(self, name):
                    return getattr(self._inner, name)

                def send(self, data):
                    if data != "{}":
                        self._inner.send(data)

            self.socket = Mute(self.socket)
            super()._read()

    silent = Silent(server)
    assert silent.wait(lambda: silent.closed, "the end") == (3012, "no pong")
    assert good.rpc("apps.list")["rpc"] and good.closed is None
    good.close()


def test_a_flood_of_pointers_is_slowed_down(start_server):
    """A publisher at ten times its limit is answered 111, and those who watch are not flooded."""
    server = start_server(VIBE_CURSOR_RATE="20")
    app = server.create("a counter")
    cursors = f"app:{app}:cursors"
    client, other = server.socket(user_id="ana"), server.socket(user_id="ben")
    client.subscribe(cursors)
    other.subscribe(cursors)
    commands = [
        {"id": 1_000 + number, "publish": {"channel": cursors, "data": {"surface": "code", "x": 0.5, "y": number}}}
        for number in range(400)
    ]
    start = time.monotonic()
    client.send(*commands)
    client.wait(lambda: all(command["id"] in client.replies for command in commands), "400 answers")
    taken = [command["id"] for command in commands if "publish" in client.replies[command["id"]]]
    refused = [client.replies[command["id"]]["error"] for command in commands if "error" in client.replies[command["id"]]]
    assert 40 <= len(taken) <= 40 + 20 * (time.monotonic() - start) + 1
    assert all(error["code"] == 111 and error["temporary"] is True for error in refused)
    # Others, and other commands, are not held back by it.
    assert other.call(publish={"channel": cursors, "data": {"typing": True}}) == {"id": other._next, "publish": {}}
    assert "rpc" in client.rpc("app.get", app_id=app)
    other.wait(lambda: any(pub["data"].get("typing") for pub in other.publications(cursors)), "ben's own")
    client.close()
    other.close()


@pytest.mark.parametrize(
    "setting,value", [("VIBE_HISTORY_PUBLICATIONS", "3"), ("VIBE_HISTORY_BYTES", "1024"), ("VIBE_HISTORY_SECONDS", "1")]
)
def test_the_history_of_an_app_is_bounded(start_server, setting, value):
    server = start_server(**{setting: value})
    app = server.create_and_wait("a counter")
    channel = f"app:{app}"
    client = server.socket()
    held = client.subscribe(channel)
    if setting == "VIBE_HISTORY_SECONDS":
        eventually(lambda: not page(client, channel)["publications"], "the past is forgotten")
    kept = page(client, channel)
    assert kept["offset"] == held["offset"] > 3
    assert len(kept["publications"]) <= 3 if setting == "VIBE_HISTORY_PUBLICATIONS" else True
    assert len(json.dumps(kept["publications"])) <= 2_048
    client.call(unsubscribe={"channel": channel})
    answer = client.subscribe(channel, recover=True, epoch=held["epoch"], offset=1)
    assert answer["was_recovering"] and not answer["recovered"] and answer["data"]["app"]["id"] == app
    client.close()


def page(client: Client, channel: str) -> dict:
    return client.call(history={"channel": channel, "limit": -1})["history"]


def limits(process: Process) -> tuple[int, int]:
    for line in Path(f"/proc/{process.pid}/limits").read_text().splitlines():
        if line.startswith("Max open files"):
            return int(line.split()[3]), int(line.split()[4])
    raise AssertionError("no limit of open files")


def processor_seconds(process: Process) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Limited(Process):
    """A program of ours that starts with the given soft and hard limit of descriptors."""

    def __init__(self, command: list[str], soft: int, hard: int, **settings):
        super().__init__(["prlimit", f"--nofile={soft}:{hard}", *command], {**os.environ, **settings})


def test_it_ends_with_status_0_in_the_middle_of_calls(start_server):
    """The end of a library's state must not meet calls that are still answered: seen as a segmentation fault in one of twenty."""
    for _ in range(20):
        server = start_server()
        ended, answered = threading.Event(), threading.Semaphore(0)

        def call():
            while not ended.is_set():
                try:
                    server.request("GET", "/api/apps")
                except OSError:
                    return
                answered.release()

        with ThreadPoolExecutor(6) as pool:
            for _ in range(6):
                pool.submit(call)
            for _ in range(30):
                assert answered.acquire(timeout=60)
            status = server.stop()
            ended.set()
        assert status == 0


def test_the_descriptor_limit_is_raised_as_far_as_it_goes(bin_dir, data_dir, processes):
    server = Limited([str(bin_dir / "vibe"), "serve"], 256, 1_024, VIBE_PORT="0", VIBE_DATA_DIR=str(data_dir))
    processes.append(server)
    server.wait_until_ready()
    assert limits(server) == (1_024, 1_024)


def test_without_descriptors_accepting_waits_and_resumes(bin_dir, data_dir, processes):
    """One clear line, no spinning, nobody who is in is disturbed; and in they come when others have gone."""
    server = Limited([str(bin_dir / "vibe"), "serve"], 256, 256, VIBE_PORT="0", VIBE_DATA_DIR=str(data_dir))
    processes.append(server)
    server.wait_until_ready()
    inside = Client(server)
    waiting = []
    try:
        # More than fit: the kernel takes them, the server cannot.
        for _ in range(400):
            connection = socket.create_connection(("127.0.0.1", server.port), 30)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
            waiting.append(connection)
        eventually(lambda: "New connections wait" in server.log, "the log says so", deadline=30)
        before, start = processor_seconds(server), time.monotonic()
        # Several pauses: a server that spins would use all of this time.
        inside_answers = 0
        while time.monotonic() - start < 4:
            assert "rpc" in inside.rpc("apps.list")
            inside_answers += 1
            time.sleep(0.1)
        assert processor_seconds(server) - before < 2 and inside_answers >= 5
        assert server.log.count("New connections wait") == 1
    finally:
        for connection in waiting:
            connection.close()
    eventually(lambda: can_connect(server), "accepted again", deadline=30)
    assert inside.closed is None and server.log.count("New connections wait") == 1
    inside.close()


def test_a_flood_of_connections_leaves_files_to_the_catalogue_and_to_sandboxes(bin_dir, data_dir, processes):
    """With every place for a connection taken, an app is created, written, built and run; and wakes the log once."""
    settings = {"VIBE_PORT": "0", "VIBE_DATA_DIR": str(data_dir), "VIBE_RESERVED_DESCRIPTORS": "200"}
    server = Limited([str(bin_dir / "vibe"), "serve"], 512, 512, **settings)
    processes.append(server)
    server.wait_until_ready()
    inside = Client(server)
    crowd = []
    try:
        for _ in range(700):
            connection = socket.create_connection(("127.0.0.1", server.port), 30)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
            crowd.append(connection)
        eventually(lambda: "New connections wait" in server.log, "the log says so", deadline=30)
        # Those that were cut for their slow request make place, which the next in the queue take.
        app = inside.rpc("app.create", prompt="a counter")["rpc"]["data"]["app_id"]
        inside.subscribe(f"app:{app}")

        def finished():
            return inside.events(f"app:{app}", "generation.finished") or inside.closed

        assert inside.wait(finished, "the turn ends")[0]["outcome"] == "succeeded"
        assert len(os.listdir(f"/proc/{server.pid}/fd")) <= 512 and "errno" not in server.log
        assert server.log.count("New connections wait") == 1
    finally:
        for connection in crowd:
            connection.close()
    eventually(lambda: can_connect(server), "accepted again", deadline=30)
    inside.close()


def test_five_times_as_many_connections_as_descriptors(bin_dir, processes):
    """20,000 where 4,096 fit, where the machine has so many; the rest wait in the listening queue or are turned away there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (21_000, max(hard, 21_000)))
    except (ValueError, OSError):
        # Only root may have more than the machine lets a test have.
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    server = Limited([str(bin_dir / "realtime-bench"), "--port", "0"], 4_096, 4_096)
    processes.append(server)
    server.wait_until_ready()
    inside = Client(server)
    crowd = []
    try:
        for number in range(count):
            connection = socket.socket()
            connection.setblocking(False)
            # Many source addresses: one has only 28,000 ports.
            connection.bind((f"127.0.1.{number % 100 + 1}", 0))
            try:
                connection.connect(("127.0.0.1", server.port))
            except BlockingIOError:
                pass
            crowd.append(connection)
        eventually(lambda: "New connections wait" in server.log, "the log says so", deadline=30)
        assert inside.rpc("echo", a=1)["rpc"] == {"data": {"a": 1}}
        assert len(os.listdir(f"/proc/{server.pid}/fd")) <= 4_096
    finally:
        for connection in crowd:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    again = eventually(lambda: Client(server), "accepted again", deadline=30)
    assert again.rpc("echo", a=2)["rpc"] and inside.rpc("echo", a=3)["rpc"]
    assert server.log.count("New connections wait") == 1
    inside.close()
    again.close()
