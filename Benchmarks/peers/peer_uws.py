"""Broadcast server on uWebSockets (PyPI `socketify`): rooms are its native topics, publishing happens in C++."""

import sys

from socketify import App, CompressOptions, OpCode


def on_message(socket, message, _opcode):
    word, room, *_ = message.split(" ", 2)
    if word == "SUB":
        socket.subscribe(room)
        socket.send(message, OpCode.TEXT)
    elif word == "PUB":
        pending.append((room, message))


def publish_pending(_data):
    for room, message in pending:
        app.publish(room, message, OpCode.TEXT)
    pending.clear()


# Published once a turn of the loop and not from within `on_message`: there the sender's socket holds uWebSockets' one cork
# buffer, so that every delivery beyond a topic's 32nd message is a send() of its own (a burst then costs ten times as much).
pending = []
app = App()
app.ws(
    "/*",
    {
        "compression": CompressOptions.DISABLED,
        "max_payload_length": 1 << 20,
        "max_backpressure": 1 << 30,
        "idle_timeout": 120,
        "message": on_message,
    },
)
app.listen(int(sys.argv[1]), lambda config: print("listening", config.port, flush=True))
# `app.run()` would poll libuv from asyncio without ever sleeping: a whole core, idle or not. These handlers are plain
# functions, so libuv's own loop runs by itself and sleeps when there is nothing to do.
app._ws_factory and app._ws_factory.populate()
check = app.loop.uv_loop.create_check(publish_pending, None)
app.loop.uv_loop.run()
