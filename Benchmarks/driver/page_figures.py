"""What is measured of the pages; each function gives rows of (what, home page, app page)."""

from __future__ import annotations

import statistics
import time

from .browser import Chromium, Traffic, elements, held, paints, session
from .servers import BUILD, RELEASE
from .site import Site

Row = tuple[str, str, str]

LINES, THROTTLE = 5000, 4
# How fast the last lines come, in lines a second, and how many of them are looked at: faster than any model, and as fast as a quick one.
PACES = ((100, 1000), (10, 150))
LOADS = 5
MESSAGES = 240
# Turns that a conversation shows at most while its end is followed.
SHOWN_TURNS = 40


def simulated(tokens_per_second: int, **settings: str) -> Site:
    """The site with the built-in simulator as its model."""
    command = [str(RELEASE / "vibe"), "simulate-claude", "--tokens-per-second", str(tokens_per_second)]
    return Site(command, **settings)


def open_app(page, site: Site, app: str) -> None:
    page.goto(f"{site.url}/app/{app}")
    page.wait_for_function("() => window.vibe?.state.ready && window.vibe.page.clients.size > 0")


def open_home(page, site: Site) -> None:
    page.goto(site.url)
    page.wait_for_function("() => window.vibe?.state.ready")


def kib(count: float) -> str:
    return f"{count / 1024:.1f} KiB"


def first_loads(chromium: Chromium, site: Site, app: str) -> list[Row]:
    """Transfer and paints, each load by somebody new."""
    columns = []
    for opened in (lambda page: open_home(page, site), lambda page: open_app(page, site, app)):
        loads = []
        for _ in range(LOADS):
            page = chromium.page()
            traffic = Traffic(site.url).follow(page)
            opened(page)
            page.evaluate("() => document.fonts.ready.then(() => {})")
            page.wait_for_load_state("networkidle")
            loads.append((traffic, paints(page)))
            page.context.close()
        columns.append(loads)

    def row(what: str, of) -> Row:
        return (what, *(of(loads) for loads in columns))

    def weight(*kinds: str):
        return lambda loads: kib(loads[-1][0].bytes(*kinds))

    def paint(name: str):
        def shown(loads) -> str:
            times = [times[name] for _, times in loads]
            return f"{statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f})"

        return shown

    return [
        row("first load: our scripts", weight("Script")),
        row("first load: our styles", weight("Stylesheet")),
        row("first load: scripts and styles (target: under 60 KiB)", weight("Script", "Stylesheet")),
        row("first load: page", weight("Document")),
        row("first load: fonts", weight("Font")),
        row("first load: everything of ours", weight()),
        row("first load: requests", lambda loads: str(len(loads[-1][0].ours))),
        row("first load: requests to others (target: 0)", lambda loads: str(len(loads[-1][0].foreign))),
        row("answers in a row until the socket is open", lambda loads: str(loads[-1][0].socket_depth)),
        row("first paint", paint("first-paint")),
        row("first contentful paint", paint("first-contentful-paint")),
    ]


def streaming(chromium: Chromium, note) -> list[Row]:
    """Generations of 5,000 lines watched in the Code view by a slow machine."""
    return [row for pace, measured in PACES for row in streaming_at(chromium, pace, measured, note)]


def streaming_at(chromium: Chromium, pace: int, measured: int, note) -> list[Row]:
    settings = {"VIBE_CODE_MODEL": "bench-code", "VIBE_CHAT_MODEL": "bench-chat", "VIBE_MAX_STILLS": "0"}
    with Site([str(BUILD / "model"), "0"], **settings) as site:
        app = site.create("Stream app=0 tokens=0")
        site.wait_until_live([app])
        page = chromium.page()
        cdp = session(page)
        open_app(page, site, app)
        page.locator("#tab-code").click()
        page.locator("#code .line").first.wait_for()
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        page.evaluate("() => { bench.watchFrames(); bench.from = performance.now() }")
        site.write(app, f"Stream app=0 tokens={LINES} rate={pace} lines={measured}")
        wait = "(least) => Number(document.querySelector('#code > :last-child > :last-child > :last-child')?.dataset.n ?? 0) >= least"
        page.wait_for_function(wait, arg=LINES - measured, polling=250)
        begin = page.evaluate("() => performance.now()")
        page.wait_for_function(wait, arg=LINES, polling=250)
        end = page.evaluate("() => performance.now()")
        page.wait_for_function("() => !window.vibe.state.generation", polling=250)
        page.wait_for_function("() => window.vibe.page.code?.version === 2", polling=250)
        bench = page.evaluate("() => ({ ...bench })")
        page.context.close()
    frames = [at for at in bench["frames"] if begin <= at <= end]
    gaps = sorted(after - before for before, after in zip(frames, frames[1:]))
    late = sum(gap > 25 for gap in gaps)
    everything = [(at, length) for at, length in bench["tasks"] if at >= bench["from"]]
    tasks = [length for at, length in everything if begin <= at <= end]
    shift = sum(value for value, _ in bench["shifts"])
    note(f"  shifts: {bench['shifts']}")
    for at, length, drawing, scripts in bench["slow"]:
        if at >= bench["from"]:
            where = "measured" if begin <= at <= end else "before" if at < begin else "after"
            note(f"  slow frame ({where}): {length:.0f} ms, of that style, layout and paint {drawing:.0f} ms; {scripts}")
    title = f"{LINES:,} lines at {THROTTLE}x throttle, {pace} a second: "

    def longest(lengths: list[float]) -> str:
        return f"{len(lengths)} (longest {max(lengths):.0f} ms)" if lengths else "0"

    return [
        (title + f"frames/s, last {measured:,} lines (target: 60)", "", f"{1000 * len(gaps) / (frames[-1] - frames[0]):.1f}"),
        (title + "frames over 25 ms, the longest", "", f"{late} of {len(gaps)}, {gaps[-1]:.0f} ms"),
        (title + f"tasks over 50 ms, last {measured:,} lines (target: 0)", "", longest(tasks)),
        (title + "tasks over 50 ms, the whole generation", "", longest([length for _, length in everything])),
        (title + "layout shift of the whole generation (target: under 0.02)", "", f"{shift:.4f}"),
    ]


def conversation(chromium: Chromium, site: Site, app: str) -> list[Row]:
    """Elements of a page with a long conversation; `app` has it."""
    page = chromium.page()
    open_app(page, site, app)
    page.locator("[data-testid=turn]").first.wait_for()
    first = elements(page)
    turns = "document.querySelectorAll('[data-testid=turn]').length"
    at_first = page.evaluate(f"() => {turns}")
    clicks = 0
    while page.locator("#earlier").is_visible():
        before = page.evaluate(f"() => {turns}")
        page.evaluate("() => (document.getElementById('log').scrollTop = 0)")
        page.locator("#earlier").click()
        page.wait_for_function(f"(before) => {turns} > before", arg=before)
        clicks += 1
    count = page.evaluate("() => window.vibe.state.messages.length")
    everything, at_last = elements(page), page.evaluate(f"() => {turns}")
    page.context.close()
    return [
        (f"elements with {count} messages, as opened", "", f"{first:,} ({at_first} turns)"),
        (f"elements after scrolling up to the first, {clicks} times Earlier", "", f"{everything:,} ({at_last} turns)"),
    ]


def converse(site: Site, app: str, messages: int) -> None:
    """Makes a conversation of so many messages, prompts and answers."""
    for number in range(messages // 2 - 1):
        site.write(app, f"Change number {number + 2}: another colour, please")
        site.wait_until_live([app], pause=0.02)


def watching(chromium: Chromium, minutes: float, note) -> list[Row]:
    """Memory of the home page and an app's page while builds go on, from when the conversation shows as many turns as it ever does."""
    with simulated(600, VIBE_MAX_SANDBOXES="4") as site:
        app = site.create("A kanban board for two people")
        site.wait_until_live([app])
        pages = [chromium.page(), chromium.page()]
        open_home(pages[0], site)
        open_app(pages[1], site, app)
        sessions = [session(page) for page in pages]
        builds, series = 0, []

        def sample() -> None:
            series.append([held(page, cdp) for page, cdp in zip(pages, sessions)])
            told = ", ".join(f"{mib:.2f} MiB {nodes:,} nodes" for mib, nodes in series[-1])
            note(f"  {(time.monotonic() - began) / 60:5.1f} min, {builds} builds: home {told.replace(', ', '; app ', 1)}")

        def build() -> None:
            nonlocal builds
            other = site.create(f"A dashboard with charts, number {builds}") if builds % 3 == 0 else None
            # Another title: the app itself stays as large as it is.
            site.write(app, f"Call it Board {builds}")
            builds += 2 if other else 1
            while not site.is_live(app):
                pages[0].wait_for_timeout(200)

        for _ in range(SHOWN_TURNS):
            build()
        began = time.monotonic()
        sample()
        while time.monotonic() < began + 60 * minutes:
            build()
            if time.monotonic() - began > len(series) * min(30.0, 10 * minutes):
                sample()
        sample()
        for page in pages:
            page.context.close()
    first, last = series[0], series[-1]

    def change(index: int, shown) -> list[str]:
        return [f"{shown(start[index])} to {shown(end[index])}" for start, end in zip(first, last)]

    title = f"{minutes:.0f} minutes, {builds} builds: "
    return [
        (title + "JavaScript heap", *change(0, lambda mib: f"{mib:.2f} MiB")),
        (title + "nodes, frames included", *change(1, lambda nodes: f"{nodes:,}")),
    ]
