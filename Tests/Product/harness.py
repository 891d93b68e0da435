"""The product under test: its processes, its HTTP API, its WebSocket, a real browser."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright
from websockets.sync.client import connect as websocket_connect

DEADLINE = 60.0


def run(scenario, deadline: float = 2 * DEADLINE):
    """Runs a coroutine to its end, with a deadline for all of it.

    In a thread of its own: while a browser is there, this one has an event loop that runs.
    """
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(scenario, deadline)).result()


def eventually(check, what: str, deadline: float = DEADLINE):
    """Returns the first truthy value of `check`; fails with `what` when there was none in time.

    Looks often at first and then ever more rarely, so that one test's long wait does not slow down the others.
    """
    end = time.monotonic() + deadline
    pause = 0.02
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline:.0f} s: {what}")
        time.sleep(pause)
        pause = min(1.2 * pause, 0.25)


class Process:
    """A program of ours with its output in files, so that nothing waits for a pipe."""

    def __init__(self, command: list[str], environment: dict[str, str]):
        self._out = tempfile.TemporaryFile("w+")
        self._err = tempfile.TemporaryFile("w+")
        self.child = subprocess.Popen(command, stdout=self._out, stderr=self._err, stdin=subprocess.DEVNULL, env=environment)
        self.url = ""

    @property
    def pid(self) -> int:
        return self.child.pid

    def _read(self, file) -> str:
        size = os.fstat(file.fileno()).st_size
        return os.pread(file.fileno(), size, 0).decode(errors="replace")

    @property
    def output(self) -> str:
        return self._read(self._out)

    @property
    def log(self) -> str:
        return self._read(self._err)

    def wait_until_ready(self) -> None:
        def ready():
            if self.child.poll() is not None:
                raise AssertionError(f"ended with {self.child.returncode}:\n{self.output}\n{self.log}")
            return re.search(r"^listening on (http://\S+)$", self.output, re.M)

        self.url = eventually(ready, "the ready line").group(1)

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def stop(self) -> int:
        """Ends it as an operator does, and returns its exit status."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"did not end within 30 s of SIGTERM:\n{self.log[-4000:]}") from None
        return self.child.returncode

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()


class Simulator(Process):
    def __init__(self, bin_dir: Path, flags=()):
        super().__init__([str(bin_dir / "vibe"), "simulate-claude", "--port", "0", *flags], dict(os.environ))


class Server(Process):
    def __init__(self, bin_dir: Path, folder: Path, flags=(), settings: dict[str, str] | None = None):
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VIBE_", "ANTHROPIC_")) or name == "VIBE_BIN_DIR"
        }
        environment["VIBE_DATA_DIR"] = str(folder)
        environment["VIBE_PORT"] = "0"
        # A browser for each version of each test would slow all of them down; tests of pictures turn it on.
        environment["VIBE_CHROMIUM"] = "off"
        environment.update({name: str(value) for name, value in (settings or {}).items()})
        super().__init__([str(bin_dir / "vibe"), "serve", *flags], environment)
        self.folder = folder

    # -- HTTP

    def request(self, method: str, path: str, body=None, headers: dict[str, str] | None = None, raw: bytes | None = None):
        """(status, headers, parsed JSON or text)."""
        headers = dict(headers or {})
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return self._parsed(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return self._parsed(error.code, error.headers, error.read())

    @staticmethod
    def _parsed(status, headers, data):
        text = data.decode(errors="replace")
        if "json" in (headers.get("Content-Type") or ""):
            return status, headers, json.loads(text)
        return status, headers, text

    def get(self, path: str):
        status, _, body = self.request("GET", path)
        assert status == 200, (status, body)
        return body

    def post(self, path: str, body=None, expect=(200, 202)):
        status, _, answer = self.request("POST", path, {} if body is None else body)
        assert status in expect, (status, answer)
        return answer

    def create(self, prompt: str, user: str = "ana") -> str:
        return self.post("/api/create", {"prompt": prompt, "user_id": user}, expect=(202,))["app_id"]

    def create_and_wait(self, prompt: str, user: str = "ana") -> str:
        return self.post("/api/create?wait=ready", {"prompt": prompt, "user_id": user}, expect=(200,))["app_id"]

    def write(self, app: str, text: str, user: str = "ana"):
        return self.post(f"/api/app/{app}/write", {"text": text, "user_id": user}, expect=(202,))

    def detail(self, app: str):
        return self.get(f"/api/app/{app}")

    def code(self, app: str, version: int | None = None) -> str:
        query = f"?version={version}" if version else ""
        return self.get(f"/api/app/{app}/code{query}")["files"]["src/LLMComponent.tsx"]

    def wait_until_idle(self, app: str):
        """The app's detail once nothing runs and nothing waits."""

        def idle():
            detail = self.detail(app)
            rests = detail["phase"] in ("live", "answered", "failed", "asleep")
            return detail if rests and detail["generation"] is None and not detail["queue"] else None

        return eventually(idle, f"{app} is idle")

    # -- addresses

    @property
    def site(self) -> str:
        return f"http://vibe.localhost:{self.port}"

    def preview(self, app: str, path: str = "/", headers: dict[str, str] | None = None):
        request = urllib.request.Request(self.url + path, headers={"Host": f"{app}.vibe.localhost:{self.port}", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.headers, response.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode(errors="replace")

    def resident_kib(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")

    def socket(self, **data) -> "Client":
        return Client(self, data)


class Client:
    """A plain client of the protocol: one thread reads, everything that came is kept in order."""

    def __init__(self, server: Server, data: dict | None = None, connect: bool = True):
        self.socket = websocket_connect(
            f"ws://127.0.0.1:{server.port}/connection/websocket", max_size=None, ping_interval=None, compression=None
        )
        self.pushes: list[dict] = []
        self.replies: dict[int, dict] = {}
        self.closed: tuple[int, str] | None = None
        self.pings = 0
        self._next = 0
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if connect:
            self.connected = self.call(connect={"data": data or {}, "name": "test"})["connect"]

    def _read(self) -> None:
        try:
            for frame in self.socket:
                with self._changed:
                    for line in frame.splitlines():
                        message = json.loads(line)
                        if not message:
                            self.pings += 1
                            self.socket.send("{}")
                        elif "id" in message:
                            self.replies[message["id"]] = message
                        else:
                            self.pushes.append(message["push"])
                    self._changed.notify_all()
        except Exception:  # the connection ended: `closed` says how
            pass
        finally:
            with self._changed:
                self.closed = (self.socket.close_code or 1006, self.socket.close_reason or "")
                self._changed.notify_all()

    def wait(self, check, what: str, deadline: float = DEADLINE):
        """Waits until `check` is truthy, looking again only when something has come."""
        end = time.monotonic() + deadline
        with self._changed:
            while not (value := check()):
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not within {deadline:.0f} s: {what}; closed: {self.closed}; last: {self.pushes[-3:]}")
                self._changed.wait(left)
            return value

    def send(self, *commands: dict) -> None:
        self.socket.send("\n".join(json.dumps(command) for command in commands))

    def call(self, **command) -> dict:
        with self._changed:
            self._next += 1
            number = self._next
        self.send({"id": number, **command})
        return self.wait(lambda: self.replies.get(number) or (self.closed and {"closed": self.closed}), f"reply to {command}")

    def rpc(self, method: str, **data) -> dict:
        return self.call(rpc={"method": method, "data": data})

    def subscribe(self, channel: str, **options) -> dict:
        reply = self.call(subscribe={"channel": channel, **options})
        assert "subscribe" in reply, reply
        return reply["subscribe"]

    def publications(self, channel: str) -> list[dict]:
        return [push["pub"] for push in list(self.pushes) if push.get("channel") == channel and "pub" in push]

    def events(self, channel: str, kind: str | None = None) -> list[dict]:
        return [pub["data"] for pub in self.publications(channel) if kind in (None, pub["data"].get("type"))]

    def wait_for(self, channel: str, kind: str, count: int = 1, **fields):
        def found():
            hits = [event for event in self.events(channel, kind) if all(event.get(k) == v for k, v in fields.items())]
            return hits[count - 1] if len(hits) >= count else None

        return self.wait(found, f"{kind} {fields} on {channel}")

    def close(self) -> None:
        self.socket.close()
        self._reader.join(10)


def units(text: str) -> int:
    """Length in UTF-16 code units, as the protocol counts."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, count: int) -> str:
    """Without its first `count` UTF-16 units."""
    return text.encode("utf-16-le")[2 * count :].decode("utf-16-le")


class Texts:
    """Applies `token` parts by the protocol's rule."""

    def __init__(self, generation: dict | None = None):
        self.id = generation["id"] if generation else None
        self.attempt = generation["attempt"] if generation else 1
        self.code: dict[str, str] = dict(generation["texts"]["code"]) if generation else {}
        self.chat = generation["texts"]["chat"] if generation else ""

    def apply(self, event: dict) -> None:
        if event["type"] == "generation.started" and event["generation"] != self.id:
            self.__init__()
            self.id = event["generation"]
            self.attempt = event["attempt"]
        if event["type"] != "token" or event["generation"] != self.id:
            return
        if event["attempt"] > self.attempt:
            self.attempt = event["attempt"]
            self.code = {}
        for part in event["parts"]:
            if part["stream"] == "chat":
                self.chat = self._joined(self.chat, part)
            elif event["attempt"] == self.attempt:
                path = part.get("path", "src/LLMComponent.tsx")
                self.code[path] = self._joined(self.code.get(path, ""), part)

    @staticmethod
    def _joined(held: str, part: dict) -> str:
        length = units(held)
        assert part["at"] <= length, f"gap: {part['at']} > {length}"
        return held + cut(part["text"], length - part["at"])


class Browser:
    """Debian's Chromium; every context is a person with storage of their own.

    The headless shell is the same engine without a browser's windows: they take more processor time than our pages, and nobody
    looks at them.
    """

    SHELL = "/usr/bin/chromium-headless-shell"
    WHOLE = "/usr/bin/chromium"

    def __init__(self, program: str = SHELL, playwright=None):
        self._program = program
        self._shared = playwright

    def __enter__(self) -> "Browser":
        self._playwright = self._shared or sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=self._program, args=["--no-sandbox"])
        return self

    def __exit__(self, *_) -> None:
        self._browser.close()
        if not self._shared:
            self._playwright.stop()

    def other(self, program: str) -> "Browser":
        """Another program, by the same driver: a thread has one."""
        return Browser(program, self._playwright)

    def leave(self) -> None:
        """Everybody closes their pages."""
        for context in self._browser.contexts:
            context.close()

    def person(self, name: str, **options):
        """A new context whose page remembers what went wrong (`errors`) and what was asked (`requests`)."""
        context = self._browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(30_000)
        context.add_init_script(f"try {{ localStorage.setItem('vibe.name', {json.dumps(name)}) }} catch {{}}")
        page = context.new_page()
        page.errors = []
        page.requested = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: page.requested.append(request.url))
        return page
