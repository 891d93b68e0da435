"""Broadcast server on uWebSockets (PyPI `socketify`): rooms are its native topics, publishing happens in C++."""

import sys

from socketify import App, CompressOptions, OpCode


def on_message(socket, message, _opcode):
    word, room, *_ = message.split(" ", 2)
    if word == "SUB":
        socket.subscribe(room)
        socket.send(message, OpCode.TEXT)
    elif word == "PUB":
        app.publish(room, message, OpCode.TEXT)


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
app.loop.started = True
app.loop.uv_loop.run()
