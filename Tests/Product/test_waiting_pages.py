"""What a preview's address shows while there is no preview: 503.html, whole by itself, until the app is there."""

import os
import signal
from pathlib import Path

from harness import eventually
from test_restart import sandbox_processes


def address(server, app) -> str:
    return f"http://{app}.vibe.localhost:{server.port}/"


def only_the_503(page) -> bool:
    return all("503" in error for error in page.errors)


def shot(page, name: str) -> None:
    if folder := os.environ.get("VIBE_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png")


def kill_sandboxes(server) -> None:
    for pid in sandbox_processes(server):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def test_a_tab_of_its_own_opens_by_itself(start_server, browser):
    server = start_server()
    app = server.create_and_wait('a counter titled "<i>Tea & cake</i>"')
    kill_sandboxes(server)
    eventually(lambda: server.get(f"/api/app/{app}/status")["status"] == "ready", "the death is noticed")
    page = browser.person("Ana")
    response = page.goto(address(server, app))
    assert response.status == 503 and response.headers["retry-after"] == "1"
    assert "script" not in response.text() and "<i>" not in response.text()
    page.wait_for_function("() => document.querySelector('#root')?.innerText.includes('Tea & cake')", timeout=60_000)
    assert only_the_503(page), page.errors


def test_every_sandbox_is_awake(start_server, browser):
    server = start_server()
    apps = [server.create_and_wait(prompt) for prompt in ("a counter", "a stopwatch")]
    assert server.stop() == 0
    # None may be put to sleep for the other.
    again = start_server(VIBE_MAX_SANDBOXES="1", VIBE_ADMIN_SECRET="s3cret", VIBE_IDLE_SLEEP="0")

    def awake():
        return [app for app in apps if again.get(f"/api/app/{app}/status")["status"] == "active"]

    first = eventually(awake, "one is awake")[0]
    other = next(app for app in apps if app != first)
    eventually(lambda: "Every sandbox is awake" in again.preview(other, headers={"Accept": "text/html"})[2], "the other finds no place")

    for name, width, scheme in (("wide", 1440, "light"), ("narrow", 390, "light"), ("dark", 390, "dark")):
        page = browser.person("Ana", viewport={"width": width, "height": 844}, color_scheme=scheme)
        response = page.goto(address(again, other))
        assert response.status == 503 and response.headers["retry-after"] == "5"
        assert page.locator("h1").inner_text() == "Every sandbox is awake"
        assert page.get_attribute("meta[name=vibe-reason]", "content") == "full"
        assert page.get_attribute("meta[name=vibe-app]", "content") == other
        # Its own styles arrived: the panel has its ground, and nothing runs out of the frame.
        panel = page.locator("main")
        assert panel.evaluate("(panel) => getComputedStyle(panel).backgroundColor") != "rgba(0, 0, 0, 0)"
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        shot(page, f"full-{name}")
        assert only_the_503(page), page.errors
        page.context.close()

    page = browser.person("Ben")
    page.goto(address(again, other))
    again.post(f"/api/app/{first}/terminate", {"admin_secret": "s3cret"})
    page.wait_for_function("() => document.querySelector('#root')?.innerText.trim().length > 5", timeout=60_000)
    assert only_the_503(page), page.errors


def test_the_app_page_shows_the_preview_as_soon_as_it_runs(start_server, browser):
    server = start_server()
    app = server.create_and_wait("a counter")
    page = browser.person("Ana")
    page.goto(f"{server.site}/app/{app}")
    frame = page.frame_locator("[data-testid=preview-frame]")
    frame.get_by_test_id("count").wait_for()
    port = server.port
    server.kill()
    start_server("--port", str(port))
    page.wait_for_function("() => window.vibe.state.app?.status === 'active'", timeout=60_000)
    # Told, not asked for: sooner than the frame's own try after ten seconds.
    frame.get_by_test_id("count").wait_for(timeout=9_000)
