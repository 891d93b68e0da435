"""An app shown on another site: its preview, and a thin bar with its live status."""

from __future__ import annotations

import http.server
import os
import re
import threading
from pathlib import Path

import pytest

HOSTILE = "<img src=x onerror=alert(1)> \u202egnp.exe"


class Site:
    """Another site on this machine, with one page that shows an app."""

    def __init__(self):
        self.html = ""
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = site.html.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def show(self, address: str) -> None:
        self.html = f'<!doctype html><title>A site</title><body style="margin:0"><iframe id="app" src="{address}" style="border:0;width:100vw;height:100vh"></iframe>'


@pytest.fixture
def site():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def shot(page, name: str) -> None:
    folder = os.environ.get("VIBE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png")


def running(frame):
    """The app inside its own frame inside the embedded page."""
    return frame.frame_locator("[data-testid=preview-frame]").locator("#root > *").first


@pytest.mark.parametrize("setting", ["*", "own"])
def test_another_site_shows_an_app_when_the_setting_allows_it(start_fast_server, browser, site, setting):
    server = start_fast_server(VIBE_EMBED_ORIGINS="*" if setting == "*" else site.url)
    app = server.create_and_wait("a tea timer")
    site.show(f"{server.site}/embed/{app}")
    page = browser.person("Ana")
    page.goto(site.url)
    frame = page.frame_locator("#app")
    running(frame).wait_for()
    frame.get_by_test_id("embed-status").get_by_text("Live", exact=True).wait_for()
    assert frame.get_by_test_id("embed-title").inner_text() == server.detail(app)["app"]["title"]
    with page.context.expect_page() as opened:
        frame.get_by_test_id("embed-title").click()
    assert opened.value.url == f"{server.site}/app/{app}"
    assert page.errors == []


def test_no_site_shows_an_app_without_the_setting(start_fast_server, browser, site):
    server = start_fast_server()
    app = server.create_and_wait("a tea timer")
    site.show(f"{server.site}/embed/{app}")
    page = browser.person("Ana")
    page.goto(site.url)
    page.wait_for_function("() => true")
    assert any("frame-ancestors" in error for error in page.errors), page.errors
    assert page.frame_locator("#app").get_by_test_id("embed-bar").count() == 0


@pytest.mark.parametrize("width, height, scheme", [(1440, 900, "light"), (390, 844, "light"), (390, 844, "dark")])
def test_the_bar_is_live_and_fits(start_server, start_simulator, browser, width, height, scheme):
    simulator = start_simulator("--tokens-per-second", "200")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test")
    app = server.create("a tea timer")
    page = browser.person("Ana", viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(f"{server.site}/embed/{app}")
    status = page.get_by_test_id("embed-status")
    status.get_by_text("Building", exact=True).wait_for()
    shot(page, f"embed-building-{width}-{scheme}")
    running(page).wait_for(timeout=90_000)
    status.get_by_text("Live", exact=True).wait_for(timeout=90_000)
    server.request("PATCH", f"/api/app/{app}", {"title": HOSTILE})
    page.wait_for_function("(title) => document.querySelector('#embed-title').textContent === title", arg=HOSTILE)
    shot(page, f"embed-long-{width}-{scheme}")
    server.request("PATCH", f"/api/app/{app}", {"title": "Tea timer"})
    page.get_by_test_id("embed-title").get_by_text("Tea timer").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")
    heights = page.evaluate("() => [...document.querySelectorAll('.embed-bar a')].map((a) => a.getBoundingClientRect().height)")
    assert min(heights) >= 44, heights
    shot(page, f"embed-live-{width}-{scheme}")
    assert page.errors == []


def test_an_app_that_ends_says_so_and_an_unknown_one_is_404(start_fast_server, browser):
    server = start_fast_server(VIBE_ADMIN_SECRET="open sesame")
    app = server.create_and_wait("a quiz")
    page = browser.person("Ana")
    assert page.goto(f"{server.site}/embed/app-aaaaaaaaaaaaaaaa").status == 404
    page.get_by_role("heading", name="No app at this address").wait_for()
    page.errors.clear()
    page.goto(f"{server.site}/embed/{app}")
    page.get_by_test_id("embed-status").get_by_text("Live", exact=True).wait_for()
    server.post(f"/api/app/{app}/terminate", {"admin_secret": "open sesame"})
    page.get_by_test_id("embed-status").get_by_text("Ended", exact=True).wait_for()


def test_a_lost_connection_is_said_and_comes_back(start_fast_server, browser):
    server = start_fast_server()
    app = server.create_and_wait("a quiz")
    page = browser.person("Ana")
    page.goto(f"{server.site}/embed/{app}")
    page.get_by_test_id("embed-status").get_by_text("Live", exact=True).wait_for()
    port = server.port
    server.stop()
    page.get_by_test_id("embed-status").get_by_text("Not connected").wait_for()
    start_fast_server(VIBE_PORT=str(port))
    page.get_by_test_id("embed-status").get_by_text(re.compile("Live|Asleep")).wait_for(timeout=60_000)
