"""A server with apps in every state that a page can show, and the ways into these states."""

import json
import os
import re
import threading
from pathlib import Path

from harness import Server, eventually
from scripted_model import ScriptedModel

GOOD = """import { useState } from "react";

// NAME, made for a test.
export default function App() {
  const [guests, setGuests] = useState(6);
  const parts = ["beef shin, coarsely minced", "pork shoulder", "onions, cut small", "sticks celery"];
  return (
    <main className="min-h-screen bg-orange-50 p-8 text-stone-900">
      <h1 className="text-5xl font-black text-red-700">NAME</h1>
      <p className="mt-3 text-lg">Three hours, one pot. Do not rush the onions.</p>
      <button className="mt-6 rounded bg-red-700 px-4 py-2 text-white" onClick={() => setGuests(guests + 1)}>
        Serves {guests}
      </button>
      <ul className="mt-6">
        {parts.map((part) => <li key={part} className="border-b border-stone-300 py-2">{part}</li>)}
      </ul>
    </main>
  );
}
"""
BROKEN = "export default function App() {\n  const items = [1, 2, 3];\n  return <ul>{items.map((item) => <li>{item}</li>)}\n}\n"
WORDS = "I am adding a bell that rings three times when a step ends, then opening the next one by itself."


def request_text(request: dict) -> str:
    return json.dumps(request["messages"], ensure_ascii=False)


class HeldModel:
    """Answers at once, but for prompts with "held": those stop in the middle until `release` is set."""

    def __init__(self):
        self.release = threading.Event()

    def __call__(self, request: dict):
        text = request_text(request)
        is_code = "may import only" in request["system"]
        last = json.dumps(request["messages"][-1], ensure_ascii=False)
        if "broken" in last or "did not bundle" in last and "broken" in text:
            full = f"```tsx\n{BROKEN}```" if is_code else WORDS
        else:
            name = (re.search(r"called ([A-Z][\w ]+)", text) or ["", "Sunday sauce"])[1]
            source = GOOD.replace("NAME", name).replace("useState(6)", f"useState({len(text) % 90})")
            if "grams" in last:
                source = source.replace("Three hours", "Grams or cups, three hours").replace("p-8", "p-6")
            full = f"```tsx\n{source}```" if is_code else WORDS
        return self.pieces(full) if "held" in last else full

    def pieces(self, full: str):
        half = len(full) * 2 // 3
        yield full[:half]
        self.release.wait(3600)
        yield full[half:]


class Stage:
    """The apps: `live` with three versions, `first` and `next` that are being built, `failed` and `repaired`."""

    def __init__(self, start_server, model: ScriptedModel):
        self.server: Server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k", VIBE_ADMIN_SECRET="s3cret",
                                           VIBE_MODEL_IDLE_TIMEOUT="3600")
        server = self.server
        self.live = server.create_and_wait("A recipe page called Nonna Pias Sunday sauce that scales with the guests", "maya")
        for text, user in (("Put a timer on every step", "tom"), ("A switch between grams and cups", "ines")):
            server.write(self.live, text, user)
            server.wait_until_idle(self.live)
        self.next = server.create_and_wait("A drum machine called Tape loop with sixteen steps", "ada")
        self.broken = server.create_and_wait("A quiz called Capitals that gets harder", "noor")
        server.write(self.broken, "make it broken", "noor")
        self.failed = server.create("a broken list", "sam")
        self.first = server.create("A tea timer called Steep, held", "jun")
        server.write(self.next, "A print view, held for long", "tom")
        server.write(self.next, "A shopping list I can tick off", "ana")
        server.wait_until_idle(self.broken)
        server.wait_until_idle(self.failed)
        server.post(f"/api/app/{self.live}/toggle-feature", {"admin_secret": "s3cret"})
        for app in (self.first, self.next):
            eventually(lambda app=app: server.detail(app)["phase"] == "generating", f"{app} is being written")

    def app(self, page, app: str, tab: str = "") -> None:
        page.goto(f"{self.server.site}/app/{app}")
        page.wait_for_function("() => window.vibe?.state.ready && window.vibe.page.clients.size > 0")
        if tab:
            button = page.locator(f"#tabbar [data-panel={tab}]")
            (button if button.is_visible() else page.locator(f"#tab-{tab}")).click()

    def home(self, page) -> None:
        page.goto(self.server.site)
        page.wait_for_function("() => window.vibe?.state.ready")


def home_cards(stage, page):
    stage.home(page)
    page.locator("[data-testid=card]").first.wait_for()


def home_prompt(stage, page):
    stage.home(page)
    page.fill("#prompt", "word " * 740)


def home_search(stage, page):
    stage.home(page)
    page.fill("#search", "tape")
    page.get_by_role("heading", name="Found").wait_for()
    page.locator(f"#recent [data-app-id='{stage.next}']").wait_for()


def home_search_nothing(stage, page):
    stage.home(page)
    page.fill("#search", "zzzz")
    page.locator("#no-match").wait_for()


def home_name(stage, page):
    stage.home(page)
    page.click("#you")
    page.locator("dialog").wait_for()


def home_keys(stage, page):
    stage.home(page)
    page.locator("#keys-open").click()
    page.locator("dialog").wait_for()


def app_live(stage, page):
    stage.app(page, stage.live)
    page.frame_locator("[data-testid=preview-frame]").locator("h1").wait_for()


def app_first_build(stage, page):
    stage.app(page, stage.first)
    page.locator("#peek .line").first.wait_for()


def app_building(stage, page):
    stage.app(page, stage.next)
    page.frame_locator("[data-testid=preview-frame]").locator("h1").wait_for()
    page.locator("#peek .line").first.wait_for()


def app_code_streaming(stage, page):
    stage.app(page, stage.next, "code")
    page.locator("#code .line").first.wait_for()


def app_failed(stage, page):
    stage.app(page, stage.failed)
    page.locator(".error-card").first.wait_for(state="attached")


def app_broken(stage, page):
    stage.app(page, stage.broken)
    page.frame_locator("[data-testid=preview-frame]").locator("h1").wait_for()


def app_code(stage, page):
    stage.app(page, stage.live, "code")
    page.locator("#code .line").first.wait_for()


def app_versions(stage, page):
    stage.app(page, stage.live, "versions")
    page.locator("[data-testid=version]").nth(2).wait_for()


def app_compare(stage, page):
    app_versions(stage, page)
    page.locator("[data-testid=compare][data-version='3']").click()
    page.locator("[data-testid=diff] > *").first.wait_for()


def app_ask(stage, page):
    """The conversation: a sheet on a phone, beside the stage elsewhere."""
    stage.app(page, stage.next)
    if page.locator("#tabbar").is_visible():
        page.click("#tabbar [data-panel=ask]")
    page.locator("[data-testid=queue-item]").first.wait_for()


def app_ask_failed(stage, page):
    stage.app(page, stage.failed)
    if page.locator("#tabbar").is_visible():
        page.click("#tabbar [data-panel=ask]")
    page.locator(".error-card").first.wait_for()


def app_rename(stage, page):
    stage.app(page, stage.live)
    page.locator("#rename").click()


def app_menu(stage, page):
    app_live(stage, page)
    if page.locator("#bar-menu").is_visible():
        page.click("#bar-menu")


def app_console(stage, page):
    app_live(stage, page)
    page.keyboard.press("c")
    page.locator("#console").wait_for()


def embed(stage, page):
    page.goto(f"{stage.server.site}/embed/{stage.live}")
    page.frame_locator("iframe").locator("h1").wait_for()


def app_keys(stage, page):
    stage.app(page, stage.live)
    page.keyboard.press("?")
    page.locator("dialog").wait_for()


class Line:
    """A page's connection, which can be cut and mended."""

    def __init__(self, page):
        self.is_cut = False
        self.sockets = []

        def route(socket):
            if self.is_cut:
                socket.close(code=4000, reason="cut")
                return
            self.sockets.append(socket)
            socket.connect_to_server()

        page.route_web_socket(re.compile("/connection/websocket"), route)

    def cut(self) -> None:
        self.is_cut = True
        for socket in self.sockets:
            socket.close(code=4000, reason="cut")
        self.sockets.clear()

    def mend(self) -> None:
        self.is_cut = False


def app_lost(stage, page):
    line = Line(page)
    stage.app(page, stage.live)
    line.cut()
    page.locator("[data-testid=banner]").wait_for()


def dashboard(stage, page):
    page.goto(f"{stage.server.site}/dashboard")
    page.locator("#numbers[aria-busy=false]").wait_for()


def page_404(stage, page):
    page.goto(f"{stage.server.site}/app/app-aaaaaaaaaaaaaaaa")
    page.locator("h1").wait_for()


STATES = {
    "home": home_cards, "home-long-prompt": home_prompt, "home-search": home_search, "home-search-nothing": home_search_nothing,
    "home-name": home_name, "home-keys": home_keys, "app-live": app_live, "app-first-build": app_first_build,
    "app-building": app_building, "app-code-streaming": app_code_streaming, "app-failed": app_failed, "app-broken": app_broken,
    "app-code": app_code, "app-versions": app_versions, "app-compare": app_compare, "app-ask": app_ask,
    "app-ask-failed": app_ask_failed, "app-rename": app_rename, "app-menu": app_menu, "app-keys": app_keys, "app-console": app_console, "embed": embed,
    "app-lost": app_lost, "dashboard": dashboard, "404": page_404,
}


def shot(page, name: str, **options) -> None:
    """A picture for people, where VIBE_SHOTS names a folder."""
    if folder := os.environ.get("VIBE_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", **options)
