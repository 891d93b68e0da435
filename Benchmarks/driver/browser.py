"""Debian's Chromium with what a page tells about itself: its requests, frames, shifts, tasks, nodes and memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# Kept by the page from its first script on.
OBSERVER = """
window.bench = { shifts: [], tasks: [], frames: null }
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) bench.shifts.push([
    entry.value, entry.sources.map(({ node }) => node?.id || node?.className || node?.nodeName).join(' '),
  ])
}).observe({ type: 'layout-shift', buffered: true })
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) bench.tasks.push([entry.startTime, entry.duration])
}).observe({ type: 'longtask', buffered: true })
window.bench.slow = []
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) bench.slow.push([
    entry.startTime, entry.duration, entry.startTime + entry.duration - (entry.styleAndLayoutStart || entry.startTime + entry.duration),
    entry.scripts.map((script) => `${script.sourceFunctionName || script.invoker} ${script.duration.toFixed()} ms`).join(', '),
  ])
}).observe({ type: 'long-animation-frame', buffered: true })
window.bench.watchFrames = () => {
  bench.frames = []
  const frame = (now) => { bench.frames.push(now); requestAnimationFrame(frame) }
  requestAnimationFrame(frame)
}
"""


class Chromium:
    def __enter__(self) -> "Chromium":
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        return self

    def __exit__(self, *_) -> None:
        self._browser.close()
        self._playwright.stop()

    @property
    def version(self) -> str:
        return self._browser.version

    def page(self, viewport: dict = DESKTOP) -> Page:
        """A page of somebody who was never here: nothing is cached, nothing stored."""
        context = self._browser.new_context(viewport=viewport)
        context.set_default_timeout(120_000)
        context.add_init_script(f"if (window === window.top) {{ {OBSERVER} }}")
        context.add_init_script("try { localStorage.setItem('vibe.name', 'Bench') } catch {}")
        return context.new_page()


def session(page: Page):
    return page.context.new_cdp_session(page)


@dataclass
class Traffic:
    """What a page asked for. A request's depth is how many answers had to come before it could be sent, itself counted."""

    site: str
    requests: dict[str, dict] = field(default_factory=dict)
    socket_depth: int = 0

    def follow(self, page: Page) -> "Traffic":
        cdp = session(page)
        cdp.on("Network.requestWillBeSent", self._ask)
        cdp.on("Network.responseReceived", lambda event: self._note(event, event["response"]["encodedDataLength"]))
        cdp.on("Network.loadingFinished", lambda event: self._note(event, event["encodedDataLength"]))
        cdp.on("Network.webSocketCreated", self._open_socket)
        cdp.send("Network.enable")
        return self

    def _ask(self, event: dict) -> None:
        url, initiator = event["request"]["url"], event["initiator"]
        frames = initiator.get("stack", {}).get("callFrames", [])
        caller = initiator.get("url") or (frames[0]["url"] if frames else "")
        depth = 1 + max((request["depth"] for request in self.requests.values() if request["url"] == caller), default=0)
        if "redirectResponse" in event:
            depth = self.requests[event["requestId"]]["depth"] + 1
        request = {"url": url, "type": event.get("type", "Other"), "depth": depth, "bytes": 0}
        self.requests[event["requestId"]] = request

    def _note(self, event: dict, length: int) -> None:
        if request := self.requests.get(event["requestId"]):
            request["bytes"] = length

    def _open_socket(self, _event: dict) -> None:
        if not self.socket_depth:
            scripts = (request for request in self.requests.values() if request["type"] in ("Document", "Script"))
            self.socket_depth = 1 + max(request["depth"] for request in scripts if self._is_ours(request))

    def _is_ours(self, request: dict) -> bool:
        return urlsplit(request["url"]).hostname == urlsplit(self.site).hostname

    @property
    def ours(self) -> list[dict]:
        """Without those of an app's own page in its frame."""
        return [request for request in self.requests.values() if self._is_ours(request)]

    @property
    def foreign(self) -> list[str]:
        """Addresses that are neither the site's nor an app's."""
        host = str(urlsplit(self.site).hostname)
        urls = [urlsplit(request["url"]) for request in self.requests.values()]
        named = [url for url in urls if url.scheme in ("http", "https") and url.hostname]
        return [url.geturl() for url in named if url.hostname != host and not str(url.hostname).endswith(f".{host}")]

    def bytes(self, *kinds: str) -> int:
        return sum(request["bytes"] for request in self.ours if not kinds or request["type"] in kinds)


def paints(page: Page) -> dict[str, float]:
    """First paint and first contentful paint in milliseconds from the start of the navigation."""
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
    return page.evaluate("() => Object.fromEntries(performance.getEntriesByType('paint').map((e) => [e.name, e.startTime]))")


def held(page: Page, cdp) -> tuple[float, int]:
    """MiB of JavaScript and nodes (documents of frames and detached ones included), after a collection."""
    cdp.send("HeapProfiler.collectGarbage")
    cdp.send("HeapProfiler.collectGarbage")
    used = cdp.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1024 / 1024, cdp.send("Memory.getDOMCounters")["nodes"]


def elements(page: Page) -> int:
    return page.evaluate("() => document.querySelectorAll('*').length")
