"""Broadcast server on FastAPI and uvicorn with uvloop, as their documentation shows it: a set of sockets a room."""

import sys
from collections import defaultdict

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
rooms: defaultdict[str, set[WebSocket]] = defaultdict(set)


@app.websocket("/")
async def serve(socket: WebSocket):
    await socket.accept()
    mine = set()
    try:
        while True:
            text = await socket.receive_text()
            word, name = text.split(" ", 2)[:2]
            if word == "SUB":
                rooms[name].add(socket)
                mine.add(name)
                await socket.send_text(text)
            elif word == "PUB":
                for member in list(rooms[name]):
                    await member.send_text(text)
    except WebSocketDisconnect:
        pass
    finally:
        for name in mine:
            rooms[name].discard(socket)


uvicorn.run(
    app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", loop="uvloop", ws_per_message_deflate=False, backlog=4096,
    ws_ping_interval=None,
)
