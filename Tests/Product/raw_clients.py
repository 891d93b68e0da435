"""Thousands of clients of the protocol in one thread: raw frames over epoll, and of what comes only what is asked for."""

from __future__ import annotations

import base64
import json
import os
import re
import resource
import select
import socket
import struct
import time
from collections import Counter

OFFSET = re.compile(rb'"offset":(\d+)')


def allow_descriptors(count: int) -> int:
    """Raises this process's limit; how many there are, `count` at most."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(hard, count), max(hard, count)))
    except (ValueError, OSError):
        # Only root may have more than the machine lets a test have.
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(count, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def frame(*commands: dict) -> bytes:
    """One masked text frame (the key is zero)."""
    payload = "\n".join(json.dumps(command, separators=(",", ":")) for command in commands).encode()
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
    return b"\x81" + length + bytes(4) + payload


class RawClient:
    """One connection; connects, subscribes to one channel, and goes on reading."""

    def __init__(self, crowd: "Crowd", keeps: bool = False):
        self._crowd = crowd
        self._keeps = keeps
        self.position: dict | None = None
        """Epoch and last offset, kept when the connection ends."""
        self.publications: list[dict] = []
        """All of them in order, of one that keeps them."""
        self.replies: dict[int, dict] = {}
        self.answer: dict | None = None
        """To `subscribe`, `data` and `publications` left out."""
        self.ended = False
        self.socket: socket.socket | None = None

    def open(self, source: str = "") -> None:
        """Begins to connect; recovers from its position if it has one."""
        self.answer, self.ended, self._held, self._upgraded = None, False, b"", False
        self.socket = socket.socket()
        self.socket.setblocking(False)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect_ex(("127.0.0.1", self._crowd.port))
        self._crowd.add(self, select.EPOLLOUT)

    def cut(self) -> None:
        """A reset, as when a network goes."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self._crowd.remove(self)
        self.socket.close()

    def send(self, *commands: dict) -> None:
        data = frame(*commands)
        assert self.socket.send(data) == len(data)

    def writable(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.send(
            f"GET /connection/websocket HTTP/1.1\r\nHost: 127.0.0.1:{self._crowd.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._crowd.wait_for(self, select.EPOLLIN)

    def readable(self) -> None:
        try:
            data = self.socket.recv(1 << 20)
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return self._crowd.remove(self)
        held = self._held + data
        if not self._upgraded:
            head, found, held = held.partition(b"\r\n\r\n")
            if not found:
                self._held = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._upgraded = True
            self.send({"id": 1, "connect": {}})
            recovery = {"recover": True, **self.position} if self.position else {}
            self.send({"id": 2, "subscribe": {"channel": self._crowd.channel, **recovery}})
        self._held = self._frames(held)

    def _frames(self, held: bytes) -> bytes:
        at = 0
        while len(held) - at >= 2:
            length, start = held[at + 1] & 0x7F, at + 2
            if length == 126:
                length, start = int.from_bytes(held[start : start + 2], "big"), start + 2
            elif length == 127:
                length, start = int.from_bytes(held[start : start + 8], "big"), start + 8
            if len(held) < start + length:
                break
            if held[at] & 0x0F == 8:
                self.ended = True
                self._crowd.ends.update([held[start : start + length]])
            else:
                self._text(held[start : start + length])
            at = start + length
        return held[at:]

    def _text(self, payload: bytes) -> None:
        if self.answer is not None and not self._keeps and payload != b"{}":
            # Only where it stands: publications come in order, and their offsets last.
            if found := OFFSET.findall(payload):
                self.position["offset"] = int(found[-1])
            if b"\n{}" not in payload and not payload.startswith(b"{}\n"):
                return
        for line in payload.split(b"\n"):
            message = json.loads(line)
            if not message:
                self.send({})
            elif "id" in message:
                self._reply(message)
            elif "pub" in message["push"]:
                if self._keeps:
                    self.publications.append(message["push"]["pub"])
                self.position["offset"] = message["push"]["pub"]["offset"]

    def _reply(self, message: dict) -> None:
        if message["id"] != 2:
            self.replies[message["id"]] = message
            return
        answer = message["subscribe"]
        self.position = {"epoch": answer["epoch"], "offset": answer["offset"]}
        if self._keeps:
            self.publications += answer.get("publications", [])
        self.answer = {name: value for name, value in answer.items() if name not in ("data", "publications")}
        self.answer["has_snapshot"] = "data" in answer
        self._crowd.answered += 1


class Crowd:
    """Turns the events of all clients into calls."""

    def __init__(self, port: int, channel: str):
        self.port = port
        self.channel = channel
        self._epoll = select.epoll()
        self._clients: dict[int, RawClient] = {}
        self.answered = 0
        """Subscriptions that were answered."""
        self.ends: Counter = Counter()
        """Codes and reasons with which the server ended connections."""

    def client(self, **options) -> RawClient:
        return RawClient(self, **options)

    def add(self, client: RawClient, events: int) -> None:
        self._clients[client.socket.fileno()] = client
        self._epoll.register(client.socket, events)

    def wait_for(self, client: RawClient, events: int) -> None:
        self._epoll.modify(client.socket, events)

    def remove(self, client: RawClient) -> None:
        if self._clients.pop(client.socket.fileno(), None):
            self._epoll.unregister(client.socket)

    def run(self, until, what: str, each=lambda: None, deadline: float = 120) -> None:
        """Reads and writes until `until()` is true; `each` is called after every round of events."""
        end = time.monotonic() + deadline
        while not until():
            if time.monotonic() > end:
                raise AssertionError(f"not within {deadline:.0f} s: {what}; ended by the server: {self.ends}")
            for number, event in self._epoll.poll(0.1):
                client = self._clients.get(number)
                if client is None:
                    continue
                if event & select.EPOLLOUT:
                    client.writable()
                elif event:
                    client.readable()
            each()

    def close(self) -> None:
        for client in list(self._clients.values()):
            client.close()
        self._epoll.close()
