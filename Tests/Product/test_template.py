"""The app template alone, in a real browser: hot updates that keep state, the calm message, and what it tells its parent.

The dev server runs as VIBE_SANDBOX=process runs it, behind a small relay from a port to its socket.
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from harness import eventually

ROOT = Path(__file__).resolve().parents[2]
TOOLCHAIN = Path(os.environ.get("VIBE_TOOLCHAIN", ROOT / ".vibe" / "toolchain"))


def relay(target: Path) -> socket.socket:
    """Passes connections to a free port on to a Unix socket."""
    listener = socket.create_server(("127.0.0.1", 0))

    def copy(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(os.fspath(target))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=copy, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener


def parent_page(preview_port: int) -> socket.socket:
    """Serves a page around the preview that says hello and keeps every message."""
    body = f"""<!doctype html><script>
      window.got = [];
      addEventListener('message', (event) => {{
        if (event.source !== frames[0]) return;
        got.push(event.data);
        if (event.data.type === 'hello?')
          event.source.postMessage({{source: 'vibe-page', type: 'hello', token: 'T1'}}, event.origin);
      }});
      </script><iframe sandbox="allow-scripts allow-same-origin" width="800" height="500"
        src="http://x.vibe.localhost:{preview_port}/"></iframe>""".encode()
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.recv(65536)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
            client.sendall(head.encode() + body)
            client.close()

    threading.Thread(target=accept, daemon=True).start()
    return listener


class Template:
    def __init__(self, folder: Path):
        self.folder = folder
        self.socket = folder / "run" / "dev.sock"

    def edit(self, component: str) -> dict:
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(30)
        connection.sock.connect(os.fspath(self.socket))
        connection.request("POST", "/edit", json.dumps({"component": component}))
        return json.loads(connection.getresponse().read())


@pytest.fixture
def template(data_dir):
    app = data_dir / "app-one"
    for name in ("run", "app", "tmp"):
        (app / name).mkdir(parents=True)
    shutil.copytree(ROOT / "Templates" / "react", app / "template")
    shutil.copytree(app / "template" / "starter" / "src", app / "app" / "src")
    shutil.copytree(TOOLCHAIN / "node_modules", data_dir / "node_modules", copy_function=os.link
                    if os.stat(TOOLCHAIN).st_dev == os.stat(data_dir).st_dev else shutil.copy2)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(app / "tmp"), "VIBE_MODULES": str(data_dir / "node_modules"),
                   "VIBE_TAILWIND": str((TOOLCHAIN / "bin" / "tailwindcss").resolve())}
    with open(data_dir / "log", "w") as log:
        process = subprocess.Popen(
            [TOOLCHAIN / "bin" / "bun", "--no-install", "--no-macros", app / "template" / "server" / "main.ts"],
            cwd=app / "app", env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    found = Template(app)
    try:
        eventually(found.socket.exists, "the dev server's socket")
        yield found
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def page(browser, template):
    preview = relay(template.socket)
    parent = parent_page(preview.getsockname()[1])
    page = browser.person("ana")
    page.goto(f"http://vibe.localhost:{parent.getsockname()[1]}/")
    yield page
    page.context.close()
    parent.close()
    preview.close()


def counter(text: str, body: str = "", padding: str = "p-4") -> str:
    return f"""import {{ useState }} from "react";
export default function App() {{
  const [n, set] = useState(0);
  {body}
  return <button className="{padding}" onClick={{() => set(n + 1)}}>{text} {{n}}</button>;
}}
"""


def test_a_preview_keeps_its_state_across_edits_and_through_a_broken_one(template, page):
    frame = page.frame_locator("iframe")
    frame.get_by_text("first version is ready").wait_for()
    assert template.edit(counter("one")) == {"status": "ok"}
    frame.get_by_text("one 0").click()
    frame.get_by_text("one 1").click()
    frame.get_by_text("one 2").wait_for()

    assert template.edit(counter("two", padding="p-8")) == {"status": "ok"}
    button = frame.get_by_text("two 2")
    button.wait_for()
    eventually(lambda: button.evaluate("e => getComputedStyle(e).paddingLeft") == "32px", "Tailwind's new class")

    broken = template.edit(counter("three").replace("</button>", "</i>"))
    assert broken["status"] == "error" and broken["errors"][0]["line"] == 5
    assert button.inner_text() == "two 2" and frame.locator("bun-hmr").count() == 0

    assert template.edit(counter("four")) == {"status": "ok"}
    frame.get_by_text("four 2").wait_for()


def test_a_component_that_throws_shows_a_calm_message_until_the_next_edit(template, page):
    frame = page.frame_locator("iframe")
    frame.get_by_text("first version is ready").wait_for()
    assert template.edit(counter("bad", 'if (n < 9) throw new Error("boom");')) == {"status": "ok"}
    frame.get_by_role("alert").wait_for()
    assert frame.locator("bun-hmr").count() == 0, "the dev server's own error window covers the app"
    page.wait_for_function("() => got.some((message) => message.type === 'console')")
    said = [entry["text"] for message in page.evaluate("got") if message["type"] == "console" for entry in message["entries"]]
    assert set(said) == {"Error: boom"}, "the error itself, and no advice of React's about it"
    assert template.edit(counter("good")) == {"status": "ok"}
    frame.get_by_text("good 0").wait_for()


def test_the_page_around_hears_what_the_app_logs_and_where_the_pointer_is(template, page):
    frame = page.frame_locator("iframe")
    frame.get_by_text("first version is ready").wait_for()
    body = """if (!globalThis.once) { globalThis.once = true; console.warn("hey %s", "you", { a: 1 });
      setTimeout(() => { throw new Error("late") }); Promise.reject(new Error("refused")); }"""
    assert template.edit(counter("one", body)) == {"status": "ok"}
    frame.get_by_text("one 0").hover()

    def entries():
        return [entry for message in page.evaluate("got") if message.get("type") == "console" for entry in message["entries"]]

    eventually(lambda: len(entries()) >= 3, "three entries")
    said = {(entry["level"], entry["text"], entry.get("path"), entry.get("line")) for entry in entries()}
    assert ("warn", 'hey you {"a":1}', "src/LLMComponent.tsx", 4) in said, said
    assert ("error", "Error: late", "src/LLMComponent.tsx", 5) in said, said
    assert ("error", "Unhandled rejection: Error: refused", "src/LLMComponent.tsx", 5) in said, said
    eventually(lambda: any(message.get("type") == "pointer" for message in page.evaluate("got")), "the pointer")
    frame.locator("html").evaluate("(html) => { html.style.height = '3000px'; scrollTo(0, 120); }")
    eventually(lambda: {"source": "vibe-preview", "token": "T1", "type": "scroll", "y": 120} in page.evaluate("got"), "how far it is scrolled")
    for message in page.evaluate("got"):
        assert message["source"] == "vibe-preview"
        assert message["type"] == "hello?" or message["token"] == "T1"
        if message["type"] == "pointer":
            assert 0 <= message["x"] <= 1 and message["y"] >= 0
