"""A model that answers as a test says: the streaming Messages API, and every request kept."""

import json
import re
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


# The server's default for explanations: whatever another model is asked for is code.
CHAT_MODEL = "claude-haiku-4-5-20251001"


def is_code(request: dict) -> bool:
    """Whether the code is asked for, and not the explanation."""
    return request["model"] != CHAT_MODEL


def is_repair(request: dict) -> bool:
    """Whether errors of the code are to be mended."""
    return tagged(request, "errors") is not None


def asked(request: dict) -> str:
    """What the person asked for."""
    return tagged(request, "request") or ""


def tagged(request: dict, name: str) -> str | None:
    """What stands in the newest message between tags of this name, the last of them; a number may follow the name."""
    tags = re.findall(rf"<({name}(?:-\d+)?)(?: [^>\n]*)?>\n(.*?)\n</\1>", request["messages"][-1]["content"], re.S)
    return tags[-1][1] if tags else None


class ScriptedModel:
    """`answer(request)` gives the text of an answer, or its pieces, each of which is sent when it comes."""

    def __init__(self, answer):
        self.requests: list[dict] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(request)
                text = answer(request)
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                if isinstance(text, str):
                    body = b"".join(map(encoded, stream(request, [text])))
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    return
                self.close_connection = True
                self.send_header("Connection", "close")
                self.end_headers()
                try:
                    for event in stream(request, text):
                        self.wfile.write(encoded(event))
                except OSError:  # nobody listens any more
                    pass

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "ScriptedModel":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()


def encoded(event: dict) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def stream(request: dict, pieces: Iterable[str]) -> Iterator[dict]:
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": request["model"], "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}
    yield {"type": "message_start", "message": message}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for piece in pieces:
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 1}}
    yield {"type": "message_stop"}
