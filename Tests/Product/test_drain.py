"""The server goes while 2,000 people look: each is told, none misses what was published, all come back to the next one."""

import asyncio
import base64
import json
import os
import resource
import struct

from harness import Server, run

CLIENTS = 2_000


def raise_descriptor_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    assert hard == resource.RLIM_INFINITY or hard > CLIENTS + 200, f"{CLIENTS} clients need more than {hard} descriptors"


class Viewer:
    """A bare client of the protocol: text frames without compression, no fragments."""

    def __init__(self, port: int):
        self.port = port
        self.events: list[dict] = []

    async def connect(self, recover: dict | None = None) -> dict:
        """The answer to `subscribe`."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        key = base64.b64encode(os.urandom(16)).decode()
        self.writer.write(
            f"GET /connection/websocket HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        self.send({"id": 1, "connect": {}})
        self.send({"id": 2, "subscribe": {"channel": "apps", **(recover or {})}})
        while True:
            for line in await self.lines():
                if line.get("id") == 2:
                    return line["subscribe"]

    def send(self, command: dict) -> None:
        payload = json.dumps(command).encode()
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        self.writer.write(b"\x81" + length + bytes(4) + payload)

    async def lines(self) -> list[dict]:
        """What the next text frame says; a close frame is answered, and raises its code."""
        first, second = await self.reader.readexactly(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", await self.reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", await self.reader.readexactly(8))
        payload = await self.reader.readexactly(length)
        if first & 0x0F == 8:
            self.writer.write(b"\x88\x82" + bytes(4) + payload[:2])
            raise Closed(struct.unpack(">H", payload[:2])[0])
        return [json.loads(line) for line in payload.decode().split("\n")]

    async def watch(self) -> int:
        """Keeps what is published until the server ends the connection; the close code."""
        try:
            while True:
                for line in await self.lines():
                    if line == {}:
                        self.send({})
                    elif "push" in line:
                        self.events.append(line["push"]["pub"]["data"])
        except Closed as closed:
            return closed.code
        finally:
            self.writer.close()


class Closed(Exception):
    def __init__(self, code: int):
        self.code = code


async def in_groups(jobs, size: int = 200) -> list:
    results = []
    for start in range(0, len(jobs), size):
        results += await asyncio.gather(*(job() for job in jobs[start : start + size]))
    return results


def test_two_thousand_viewers_come_back_to_the_next_server(start_server):
    raise_descriptor_limit()
    first = start_server()

    async def scenario():
        viewers = [Viewer(first.port) for _ in range(CLIENTS)]
        answers = await in_groups([viewer.connect for viewer in viewers])
        assert {(answer["epoch"], answer["recoverable"]) for answer in answers} == {(answers[0]["epoch"], True)}
        watching = [asyncio.create_task(viewer.watch()) for viewer in viewers]
        app = await asyncio.to_thread(first.create, "a counter")
        stopping = asyncio.create_task(asyncio.to_thread(first.stop))
        codes = await asyncio.gather(*watching)
        assert set(codes) == {3001}
        assert await stopping == 0
        for viewer in viewers:
            added = [event["app"]["id"] for event in viewer.events if event["type"] == "app.added"]
            assert added == [app], "what was published was flushed first"

        second: Server = await asyncio.to_thread(start_server, VIBE_PORT=str(first.port))
        position = {"recover": True, "epoch": answers[0]["epoch"], "offset": 1}
        back = await in_groups([lambda viewer=viewer: viewer.connect(position) for viewer in viewers])
        for answer in back:
            assert answer["was_recovering"] and not answer["recovered"] and answer["epoch"] != answers[0]["epoch"]
            assert [listed["id"] for listed in answer["data"]["apps"]] == [app]
        for viewer in viewers:
            viewer.writer.close()
        assert second.get("/healthz") is not None

    run(scenario(), 150)
