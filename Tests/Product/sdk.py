"""The published Python client of the protocol, unmodified, and what its tests need around it."""

import asyncio
import base64
import hashlib
import hmac
import json
import time

from centrifuge import Client, ClientEventHandler, SubscriptionEventHandler

DEADLINE = 30


class Events(ClientEventHandler, SubscriptionEventHandler):
    """Keeps every event in order; `wait` returns the first of a kind that is still unread."""

    def __init__(self):
        self._events: asyncio.Queue = asyncio.Queue()

    async def wait(self, kind: str):
        while True:
            name, context = await asyncio.wait_for(self._events.get(), DEADLINE)
            if name == kind:
                return context

    def __getattribute__(self, name: str):
        if not name.startswith("on_"):
            return super().__getattribute__(name)

        async def keep(context):
            await self._events.put((name.removeprefix("on_"), context))

        return keep


def url(server) -> str:
    """The endpoint of anything that has a port."""
    return f"ws://127.0.0.1:{server.port}/connection/websocket"


async def connected(server, **options) -> tuple[Client, Events]:
    events = Events()
    client = Client(url(server), events=events, proxy=None, timeout=DEADLINE, **options)
    await client.connect()
    await client.ready(timeout=DEADLINE)
    return client, events


async def subscribed(client: Client, channel: str, **options):
    events = Events()
    subscription = client.new_subscription(channel, events=events, **options)
    await subscription.subscribe()
    return subscription, events, await events.wait("subscribed")


def token(secret: str, **claims) -> str:
    """A JSON Web Token signed with HMAC and SHA-256; `ttl` is the seconds that it is good for."""
    if (ttl := claims.pop("ttl", None)) is not None:
        claims["exp"] = int(time.time()) + ttl

    def encoded(value) -> str:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


class Proxy:
    """Stands between client and server, and cuts connections without a word."""

    def __init__(self, server):
        self._target = server.port
        self._writers: list[asyncio.StreamWriter] = []
        self._open = asyncio.Event()
        self._open.set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Both ends see a reset; nothing gets through until `mend`."""
        self._open.clear()
        for writer in self._writers:
            writer.transport.abort()
        self._writers = []

    def mend(self) -> None:
        self._open.set()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        await self._open.wait()
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            return writer.transport.abort()
        self._writers.append(forth)
        await asyncio.gather(self._copy(reader, forth), self._copy(back, writer))

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.transport.abort()
