"""A server with apps in every state that a page can show, and the ways into these states."""

import json
import os
import re
import threading
from functools import partial
from pathlib import Path

from harness import Client, Server, eventually
from scripted_model import ScriptedModel, asked, is_code

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
ANSWER = "A recipe page, a drum machine, a quiz: anything that fits on one page.\n\nTell me who it is for, and I will begin."
WORDS = "I am adding a bell that rings three times when a step ends, then opening the next one by itself."


def request_text(request: dict) -> str:
    return json.dumps(request["messages"], ensure_ascii=False)


def wait_until_asleep(server: Server, app: str) -> None:
    eventually(lambda: server.get(f"/api/app/{app}/status")["phase"] == "asleep", f"{app} sleeps")


class HeldModel:
    """Answers at once, but for prompts with "held": those stop in the middle until `release` is set."""

    def __init__(self):
        self.release = threading.Event()

    def __call__(self, request: dict):
        text = request_text(request)
        wish = asked(request)
        if "broken" in wish:
            full = f"```tsx\n{BROKEN}```" if is_code(request) else WORDS
        elif "question" in wish:
            full = ANSWER if is_code(request) else WORDS
        else:
            name = (re.search(r"called ([A-Z][\w ]+)", text) or ["", "Sunday sauce"])[1]
            source = GOOD.replace("NAME", name).replace("useState(6)", f"useState({len(text) % 90})")
            if "grams" in wish:
                source = source.replace("Three hours", "Grams or cups, three hours").replace("p-8", "p-6")
            full = f"```tsx\n{source}```" if is_code(request) else WORDS
        return self.pieces(full) if "held" in wish else full

    def pieces(self, full: str):
        half = len(full) * 2 // 3
        yield full[:half]
        self.release.wait(3600)
        yield full[half:]


SECRET = "s3cret"


class Stage:
    """The apps: `live` with three versions, `first` and `next` that are being built, `failed`, `answered`, and `broken` with a version."""

    def __init__(self, start_server, model: ScriptedModel):
        self.settings = {"ANTHROPIC_BASE_URL": model.url, "ANTHROPIC_API_KEY": "k", "VIBE_ADMIN_SECRET": SECRET, "VIBE_MODEL_IDLE_TIMEOUT": "3600"}
        self.server: Server = start_server(**self.settings)
        server = self.server
        self.live = server.create_and_wait("A recipe page called Nonna Pias Sunday sauce that scales with the guests", "maya")
        for text, user in (("Put a timer on every step", "tom"), ("A switch between grams and cups", "ines")):
            server.write(self.live, text, user)
            server.wait_until_idle(self.live)
        self.next = server.create_and_wait("A drum machine called Tape loop with sixteen steps", "ada")
        self.broken = server.create_and_wait("A quiz called Capitals that gets harder", "noor")
        server.write(self.broken, "make it broken", "noor")
        self.failed = server.create("a broken list", "sam")
        self.answered = server.create("A question: what can you build?", "lea")
        self.first = server.create("A tea timer called Steep, held", "jun")
        server.write(self.next, "A print view, held for long", "tom")
        server.write(self.next, "A shopping list I can tick off", "ana")
        server.wait_until_idle(self.broken)
        server.wait_until_idle(self.failed)
        server.wait_until_idle(self.answered)
        for app in (self.next, self.broken, self.live):
            server.post(f"/api/app/{app}/toggle-feature", {"admin_secret": SECRET})
        for app in (self.first, self.next):
            eventually(lambda app=app: server.detail(app)["phase"] == "generating", f"{app} is being written")

    def app(self, page, app: str, tab: str = "", server: Server | None = None) -> None:
        page.goto(f"{(server or self.server).site}/app/{app}")
        page.wait_for_function("() => window.vibe?.state.ready && window.vibe.page.clients.size > 0")
        if tab:
            button = page.locator(f"#tabbar [data-panel={tab}]")
            (button if button.is_visible() else page.locator(f"#tab-{tab}")).click()

    def guest(self, page, app: str) -> Client:
        """Another person at the app, who stays as long as the page."""
        guest = self.server.socket(user_id="tom", name="Tom")
        page.context.on("close", lambda _: guest.close())
        guest.subscribe(f"app:{app}")
        guest.subscribe(f"app:{app}:cursors")
        return guest

    def home(self, page, server: Server | None = None) -> None:
        page.goto((server or self.server).site)
        page.wait_for_function("() => window.vibe?.state.ready")


class WholeStage(Stage):
    """Two servers more: on `night` apps that nobody visits sleep, and on `full` one app has the only sandbox and the only turn."""

    def __init__(self, start_server, model: ScriptedModel):
        super().__init__(partial(start_server, "day"), model)
        self.night: Server = start_server("night", VIBE_IDLE_SLEEP="1", **self.settings)
        self.asleep = self.night.create_and_wait("A recipe page called Midnight broth", "maya")
        self.full: Server = start_server("full", VIBE_MAX_SANDBOXES="1", VIBE_IDLE_SLEEP="1", VIBE_MAX_GENERATIONS="1", **self.settings)
        self.no_room = self.full.create_and_wait("A recipe page called Second helping", "maya")
        wait_until_asleep(self.full, self.no_room)
        # Its sandbox is free a moment after it sleeps.
        self.awake = eventually(self._create_where_it_is_full, "there is room")
        # Somebody looks at it from now on, so that it is not put to sleep for another.
        self.watcher = self.full.socket(user_id="tom", name="Tom")
        self.watcher.subscribe(f"app:{self.awake}")
        self.full.write(self.awake, "A print view, held for long", "tom")
        eventually(lambda: self.full.detail(self.awake)["phase"] == "generating", "the only generation runs")
        self.waiting = self.full.create("A tea timer called Patience", "jun")

    def _create_where_it_is_full(self) -> str | None:
        prompt = {"prompt": "A recipe page called First come", "user_id": "tom"}
        status, _, answer = self.full.request("POST", "/api/create?wait=ready", prompt)
        return answer["app_id"] if status == 200 else None

    def close(self) -> None:
        self.watcher.close()


def home_cards(stage, page):
    stage.home(page)
    page.locator("[data-testid=card]").first.wait_for()


def home_featured(stage, page):
    """Featured by its own page's menu, and taken back for the next look."""
    manage(stage, page)
    button = page.get_by_test_id("manage-dialog").get_by_role("button", name=re.compile("eature"))
    is_featured = button.inner_text() == "No longer feature"
    button.click()
    page.get_by_test_id("toast").get_by_text("featured").wait_for()
    stage.home(page)
    page.locator(f"#{'recent' if is_featured else 'featured'} [data-app-id='{stage.failed}']").wait_for(state="attached")
    page.locator("#featured-section").evaluate("(section) => section.scrollIntoView()")


def home_asleep(stage, page):
    wait_until_asleep(stage.night, stage.asleep)
    stage.home(page, stage.night)
    page.locator(f"[data-app-id='{stage.asleep}'][data-look=asleep]").wait_for()


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


def app_answered(stage, page):
    """The model answered the first prompt in words: there is no version yet."""
    stage.app(page, stage.answered)
    page.locator("#first-ask").wait_for()


def app_ask_answered(stage, page):
    """An answer in words that this page saw come, with its steps."""
    stage.app(page, stage.answered)
    stage.server.write(stage.answered, "One more question", "lea")
    if page.locator("#tabbar").is_visible():
        page.click("#tabbar [data-panel=ask]")
    page.locator("[data-testid=turn]").last.locator("[data-phase=answered]").wait_for()


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


def app_console_lines(stage, page):
    """Logged and thrown in this browser, and told of another one."""
    app_live(stage, page)
    page.keyboard.press("c")
    page.locator("#console").wait_for()
    frame = next(frame for frame in page.frames if f"//{stage.live}." in frame.url)
    frame.evaluate(
        """() => {
            console.log('Serves', { guests: 8, grams: 640 })
            console.log('A long line that goes on about onions, ' + 'and on, '.repeat(30))
            setTimeout(() => { throw new TypeError('item.done is not a function') })
        }"""
    )
    guest = stage.guest(page, stage.live)
    entry = {"level": "warn", "text": "Each child in a list should have a unique \"key\" prop.", "path": "src/LLMComponent.tsx", "line": 15}
    assert "error" not in guest.rpc("app.console", app_id=stage.live, entries=[entry])
    for level in ("log", "warn", "error"):
        page.locator(f"[data-testid=console-line][data-level={level}]").first.wait_for()


def point(stage, page, surface, layer):
    """Another person's pointer."""
    guest = stage.guest(page, stage.live)
    page.wait_for_function("() => window.vibe.page.clients.size > 1")
    guest.call(publish={"channel": f"app:{stage.live}:cursors", "data": {"surface": surface, "x": 0.4, "y": 160}})
    page.locator(f"{layer} [data-testid=cursor] .cursor-name").wait_for()


def app_cursor(stage, page):
    app_live(stage, page)
    point(stage, page, "preview", "#preview-cursors")


def app_code_cursor(stage, page):
    app_code(stage, page)
    point(stage, page, "code", "#code-cursors")


def manage(stage, page):
    page.add_init_script(f"sessionStorage.setItem('vibe.admin', '{SECRET}')")
    stage.app(page, stage.failed)
    if page.locator("#bar-menu").is_visible():
        page.click("#bar-menu")
    page.locator("#manage").click()
    page.get_by_test_id("manage-dialog").wait_for()


def app_waking(stage, page):
    """Held where the sandbox is being started: nothing later reaches the page."""
    wait_until_asleep(stage.night, stage.asleep)
    hold(page, "sandbox")
    page.goto(f"{stage.night.site}/app/{stage.asleep}")
    page.locator("#status .status-word").get_by_text("Waking").wait_for()


def app_woken(stage, page):
    stage.app(page, stage.asleep, server=stage.night)
    page.frame_locator("[data-testid=preview-frame]").locator("h1").wait_for()
    page.locator("#status .status-word").get_by_text("Live").wait_for()


def hold(page, phase: str) -> None:
    """Lets a page's connection through until its app is in the phase, and only pings from then on."""

    def route(socket):
        server = socket.connect_to_server()
        is_held = False

        def forward(message):
            nonlocal is_held
            for line in message.split("\n"):
                if line == "{}" or not is_held:
                    socket.send(line)
                reply = json.loads(line)
                snapshot = (reply.get("subscribe", {}).get("data") or {}).get("build", {})
                event = reply.get("push", {}).get("pub", {}).get("data", {})
                is_held = is_held or phase in (snapshot.get("phase"), event.get("type") == "build" and event["phase"])

        server.on_message(forward)

    page.route_web_socket(re.compile("/connection/websocket"), route)


def app_full(stage, page):
    """Every sandbox is in use: the app stays asleep, and its frame says why."""
    find_no_room(stage)
    stage.app(page, stage.no_room, server=stage.full)
    page.frame_locator("[data-testid=preview-frame]").get_by_role("heading", name="Every sandbox is awake").wait_for()
    page.locator("#status .status-word").get_by_text("Asleep").wait_for()


def app_queued(stage, page):
    """As many generations run as may: this one waits, and says so."""
    stage.app(page, stage.waiting, server=stage.full)
    if page.locator("#tabbar").is_visible():
        page.click("#tabbar [data-panel=ask]")
    page.get_by_text("Other apps are being built.").wait_for()


def app_too_many(stage, page):
    """A prompt that the server refuses because too many came."""

    def route(socket):
        server = socket.connect_to_server()

        def forward(message):
            for line in message.split("\n"):
                command = json.loads(line)
                if command.get("rpc", {}).get("method") == "app.write":
                    error = {"code": 111, "message": "too many requests", "temporary": True}
                    socket.send(json.dumps({"id": command["id"], "error": error}))
                else:
                    server.send(line)

        socket.on_message(forward)

    page.route_web_socket(re.compile("/connection/websocket"), route)
    stage.app(page, stage.live)
    if page.locator("#tabbar").is_visible():
        page.click("#tabbar [data-panel=ask]")
    page.fill("#composer", "Grams and cups, please")
    page.click("#send")
    page.locator("#banner[data-kind=limit]").get_by_text("Too many requests").wait_for()


def find_no_room(stage):
    """The first visit finds it out, the next ones are told."""
    eventually(lambda: "Every sandbox is awake" in stage.full.preview(stage.no_room, headers={"Accept": "text/html"})[2], "there is no room")


def embed_full(stage, page):
    find_no_room(stage)
    page.goto(f"{stage.full.site}/embed/{stage.no_room}")
    page.frame_locator("iframe").get_by_role("heading", name="Every sandbox is awake").wait_for()
    page.get_by_test_id("embed-status").get_by_text("Asleep").wait_for()


def embed_answered(stage, page):
    page.goto(f"{stage.server.site}/embed/{stage.answered}")
    page.locator("#embed-words").get_by_text("There is no version yet").wait_for()


def embed_waking(stage, page):
    wait_until_asleep(stage.night, stage.asleep)
    hold(page, "sandbox")
    page.goto(f"{stage.night.site}/embed/{stage.asleep}")
    page.get_by_test_id("embed-status").get_by_text("Waking").wait_for()
    page.frame_locator(".embed-frame").locator("h1").wait_for()


def page_503(stage, page):
    """As the server answers while it ends, on the platform's own host."""
    html = Path("Public/503.html").read_text()
    address = f"{stage.server.site}/app/{stage.live}"
    page.route(address, lambda route: route.fulfill(status=503, content_type="text/html; charset=utf-8", body=html))
    page.goto(address)
    page.get_by_role("heading", name="The server is restarting").wait_for()


def preview_waking(stage, page):
    """A preview's own address while the app wakes, which does not go on to the app by itself here."""
    wait_until_asleep(stage.night, stage.asleep)
    status, headers, html = stage.night.preview(stage.asleep, headers={"Accept": "text/html"})
    address = f"http://{stage.asleep}.vibe.localhost:{stage.night.port}/"
    body = re.sub('<meta http-equiv="refresh"[^>]*>', "", html)
    page.route(address, lambda route: route.fulfill(status=status, headers=dict(headers), body=body))
    page.goto(address)
    page.get_by_role("heading", name="Waking").wait_for()


def preview_full(stage, page):
    find_no_room(stage)
    page.goto(f"http://{stage.no_room}.vibe.localhost:{stage.full.port}/")
    page.get_by_role("heading", name="Every sandbox is awake").wait_for()


def dashboard_secret(stage, page):
    """An action of the admin's without the secret."""
    dashboard(stage, page)
    page.locator("[data-testid=app-row] [data-tool=feature]").first.click()
    page.get_by_test_id("secret-dialog").wait_for()
    page.fill("#secret-field", "guess")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("That is not the admin secret of this server.").wait_for()


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
    "home": home_cards, "home-featured": home_featured, "home-asleep": home_asleep, "home-long-prompt": home_prompt,
    "home-search": home_search, "home-search-nothing": home_search_nothing, "home-name": home_name, "home-keys": home_keys,
    "app-live": app_live, "app-first-build": app_first_build, "app-building": app_building,
    "app-code-streaming": app_code_streaming, "app-failed": app_failed, "app-broken": app_broken, "app-code": app_code,
    "app-versions": app_versions, "app-compare": app_compare, "app-ask": app_ask, "app-ask-failed": app_ask_failed,
    "app-answered": app_answered, "app-ask-answered": app_ask_answered,
    "app-rename": app_rename, "app-menu": app_menu, "app-keys": app_keys, "app-manage": manage, "app-console": app_console,
    "app-console-lines": app_console_lines, "app-cursor": app_cursor, "app-code-cursor": app_code_cursor,
    "app-waking": app_waking, "app-woken": app_woken, "app-full": app_full, "app-queued": app_queued,
    "app-too-many": app_too_many, "app-lost": app_lost, "embed": embed, "embed-waking": embed_waking, "embed-full": embed_full,
    "embed-answered": embed_answered,
    "dashboard": dashboard, "dashboard-secret": dashboard_secret, "404": page_404, "503": page_503,
    "503-waking": preview_waking, "503-full": preview_full,
}
# What is refused, thrown or cut in these is what they are about.
WITH_ERRORS = {
    "404", "503", "503-waking", "503-full", "app-lost", "app-console-lines", "app-waking", "app-woken", "app-full", "app-queued",
    "embed-waking", "embed-full", "dashboard-secret",
}


def shot(page, name: str, **options) -> None:
    """A picture for people, where VIBE_SHOTS names a folder."""
    if folder := os.environ.get("VIBE_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", **options)
