"""Pictures of apps: a real Chromium in a real sandbox, what is served of them, and what home shows."""

import os
import struct
import subprocess
import urllib.request
from pathlib import Path

import pytest

from harness import Browser, eventually
from test_waiting_pages import shot

# Pictures are taken with the processor time that others leave, which beside other load is little.
PATIENCE = {"VIBE_CHROMIUM": Browser.SHELL, "VIBE_STILL_TIMEOUT": "600"}
DEADLINE = 600
pytestmark = pytest.mark.timeout(1500)


def still_of(server, app, version=None):
    """The address of an app's picture, once there is one (of that version)."""

    def there():
        still = server.get("/api/apps")["apps"][app].get("still")
        return still if still and (version is None or still.endswith(f"={version}")) else None

    return eventually(there, f"a picture of {app}", DEADLINE)


def fetch(server, path, headers=None):
    with urllib.request.urlopen(urllib.request.Request(server.url + path, headers=headers or {})) as response:
        return response.headers, response.read()


def webp_size(data: bytes) -> tuple[int, int]:
    assert data[:4] == b"RIFF" and data[8:12] == b"WEBP" and struct.unpack("<I", data[4:8])[0] + 8 == len(data)
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    assert data[12:16] == b"VP8 "
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def tell_everything_of(server) -> list[dict]:
    """Command lines, users and network namespaces of the processes below the server that belong to a browser."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            status = (entry / "status").read_text()
            network = os.readlink(entry / "ns" / "net")
        except OSError:
            continue
        if b"/still/capture.ts" in command or b"--user-data-dir=/tmp/profile" in command:
            lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            found.append({"pid": int(entry.name), "command": command, "status": lines, "network": network})
    return found


@pytest.mark.parametrize("program", [Browser.SHELL, Browser.WHOLE])
def test_each_version_gets_its_picture(start_fast_server, program):
    server = start_fast_server(**{**PATIENCE, "VIBE_CHROMIUM": program})
    watcher = server.socket()
    watcher.subscribe("apps")
    app = server.create_and_wait("a pomodoro timer")
    path = still_of(server, app)
    assert path == f"/api/app/{app}/still?version=1"
    told = watcher.wait(
        lambda: next((event for event in watcher.events("apps", "app.changed") if event["app"].get("still") == path), None),
        "the picture is told",
    )
    assert told["app"]["id"] == app
    headers, data = fetch(server, path)
    assert headers["Content-Type"] == "image/webp" and webp_size(data) == (1280, 800)
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"] and "sandbox" in headers["Content-Security-Policy"]
    status, again, body = server.request("GET", path, headers={"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, "") and again["ETag"] == headers["ETag"]
    assert 2_000 < len(data) < 2 << 20
    server.write(app, "make it blue")
    second = still_of(server, app, 2)
    assert fetch(server, second)[1] != data and fetch(server, path)[1] == data
    assert server.detail(app)["app"]["still"] == second
    # Stored: an app that sleeps after a restart has it too.
    server.kill()
    server = start_fast_server(VIBE_CHROMIUM="off")
    assert server.get("/api/apps")["apps"][app]["still"] == second and fetch(server, path)[1] == data
    assert server.request("GET", f"/api/app/{app}/still?version=3")[0] == 404


def test_the_browser_runs_as_nobody_else_and_reaches_nothing(start_fast_server):
    server = start_fast_server(**PATIENCE)
    server.post("/api/create", {"prompt": "a stopwatch"})
    seen = eventually(lambda: [p for p in tell_everything_of(server) if b"--headless" in p["command"]], "a browser runs", DEADLINE)
    ours = os.readlink("/proc/self/ns/net")
    for process in seen:
        users = process["status"]["Uid"].split()
        assert process["network"] != ours
        assert int(process["status"]["CapEff"], 16) == 0 and process["status"]["NoNewPrivs"] == "1"
        if os.geteuid() == 0:
            assert all(2_000_000_000 <= int(user) <= 2_000_065_535 for user in users), users
    eventually(lambda: not tell_everything_of(server), "nothing is left of it", DEADLINE)


def test_a_killed_server_leaves_no_browser_and_the_app_is_taken_again(start_fast_server):
    server = start_fast_server(**PATIENCE)
    app = server.create_and_wait("a stopwatch")
    eventually(lambda: tell_everything_of(server), "a browser runs", DEADLINE)
    server.kill()
    eventually(lambda: not tell_everything_of(server), "it ends with the server")
    server = start_fast_server(**PATIENCE)
    still_of(server, app)
    assert sorted(path.name for path in (server.folder / "sandboxes").iterdir()) == [app]


def test_a_browser_that_fails_has_no_effect_on_the_app(start_fast_server, tmp_path):
    tmp_path.chmod(0o755)
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 7\n")
    broken.chmod(0o755)
    server = start_fast_server(VIBE_CHROMIUM=str(broken))
    app = server.create_and_wait("a counter")
    eventually(lambda: "the browser ended with 7" in server.log, "it is logged")
    assert server.get(f"/api/app/{app}/status") == {"status": "active", "phase": "live"}
    assert "still" not in server.get("/api/apps")["apps"][app]
    server.write(app, "more")
    eventually(lambda: server.log.count("the browser ended with 7") == 2, "the next version is tried")
    assert server.preview(app)[0] == 200


def test_home_shows_pictures_and_draws_a_cover_where_one_is_broken(start_fast_server, browser):
    server = start_fast_server(**PATIENCE, VIBE_IDLE_SLEEP="1")
    apps = [server.create_and_wait(prompt) for prompt in ("a pomodoro timer", "a kanban board", "a color palette", "a quiz")]
    for app in apps:
        still_of(server, app)
    eventually(lambda: server.get("/api/apps")["counts"]["live"] == 0, "all sleep")
    for width, height in ((1440, 900), (390, 844)):
        page = browser.person("Ana", viewport={"width": width, "height": height}, color_scheme="light")
        page.goto(server.site)
        for app in apps:
            card = page.locator(f"[data-testid=card][data-app-id={app}]")
            card.scroll_into_view_if_needed()
            image = card.locator(".cover img")
            image.wait_for()
            page.wait_for_function("(image) => image.complete && image.naturalWidth === 1280", arg=image.element_handle())
            assert image.get_attribute("loading") == "lazy" and image.get_attribute("alt").startswith("Picture of ")
            box, cover = image.bounding_box(), card.locator(".cover").bounding_box()
            assert abs(cover["width"] / cover["height"] - 1.6) < 0.05 and box["width"] <= cover["width"]
            assert card.locator(".status-word").inner_text() == "Asleep"
            assert "saturate(0.12)" in image.evaluate("(image) => getComputedStyle(image).filter")
        page.evaluate("() => window.scrollTo(0, 0)")
        shot(page, f"stills-asleep-{width}")
        assert page.errors == []
        page.context.close()
    # A picture that does not come: its cover is drawn.
    page = browser.person("Ben")
    page.route("**/still?*", lambda route: route.fulfill(status=404))
    page.goto(server.site)
    cover = page.locator(f"[data-app-id={apps[0]}] .cover")
    page.wait_for_function("(cover) => cover.dataset.kind === 'drawn'", arg=cover.element_handle())
    assert cover.locator("img").count() == 0 and cover.locator(".cover-title").inner_text()
    shot(page, "stills-broken")


def test_each_version_shows_its_picture_as_soon_as_it_was_taken(start_fast_server, browser):
    server = start_fast_server(**PATIENCE)
    app = server.create_and_wait("a pomodoro timer")
    still_of(server, app)
    page = browser.person("Ana")
    page.set_default_timeout(1_000 * DEADLINE)
    page.goto(f"{server.site}/app/{app}")
    page.locator("#tab-versions").click()

    def shown(version):
        image = page.locator(f"[data-testid=version][data-version='{version}'] .cover img")
        image.wait_for()
        page.wait_for_function("(image) => image.complete && image.naturalWidth === 1280", arg=image.element_handle())
        assert image.get_attribute("src") == f"/api/app/{app}/still?version={version}"
        assert image.get_attribute("loading") == "lazy" and image.get_attribute("alt") == f"Picture of version {version}"
        return image.bounding_box()

    shown(1)
    server.write(app, "make it blue")
    cover = page.locator("[data-testid=version][data-version='2'] .cover")
    cover.wait_for()
    before = cover.bounding_box()
    box = shown(2)
    after = cover.bounding_box()
    assert (before["height"], before["width"]) == (after["height"], after["width"]), "nothing moves when it comes"
    assert abs(after["width"] / after["height"] - 1.6) < 0.05 and box["width"] <= after["width"]
    shown(1)
    versions = server.get(f"/api/app/{app}/versions")["versions"]
    assert [version["still"] for version in versions] == [f"/api/app/{app}/still?version={n}" for n in (1, 2)]
    assert page.errors == [], "a picture that is not there is not asked for"
    # At all sizes, in both lights.
    for width, height in ((1440, 900), (390, 844)):
        for scheme in ("light", "dark"):
            look = browser.person("Ben", viewport={"width": width, "height": height}, color_scheme=scheme)
            look.goto(f"{server.site}/app/{app}")
            look.locator("#tab-versions" if width > 720 else "#tabbar [data-panel=versions]").click()
            image = look.locator("[data-testid=version][data-version='2'] .cover img")
            image.wait_for()
            look.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=image.element_handle())
            shot(look, f"versions-stills-{width}-{scheme}")
            look.context.close()
    # One that cannot be shown, and a version without one: covers are drawn.
    other = browser.person("Cleo")
    other.route("**/still?version=2", lambda route: route.fulfill(status=404))
    other.goto(f"{server.site}/app/{app}")
    other.locator("#tab-versions").click()
    drawn = other.locator("[data-testid=version][data-version='2'] .cover[data-kind=drawn]")
    drawn.locator(".cover-title").wait_for()
    assert drawn.locator("img").count() == 0 and drawn.locator(".string").count() == 1
    shot(other, "versions-stills-drawn")


def test_a_shared_link_tells_title_and_picture(start_fast_server):
    server = start_fast_server(**PATIENCE, VIBE_PUBLIC_URL="http://localhost")
    app = server.create_and_wait('a counter titled "<script>alert(1)</script>"')
    path = still_of(server, app)
    host = {"Host": f"vibe.localhost:{server.port}", "Accept": "text/html"}
    page = server.request("GET", f"/app/{app}", headers=host)[2]
    assert f'<meta property="og:image" content="http://localhost{path}">' in page
    assert f'<meta property="og:url" content="http://localhost/app/{app}">' in page
    assert "<script>alert" not in page


def test_the_doctor_tells_of_the_browser(bin_dir, tmp_path):
    environment = {**os.environ, "VIBE_DATA_DIR": str(tmp_path)}
    for setting, words in ((Browser.SHELL, "chromium-headless-shell takes pictures of apps"), ("off", "no Chromium, so no pictures of apps")):
        told = subprocess.run(
            [str(bin_dir / "vibe"), "doctor"], env={**environment, "VIBE_CHROMIUM": setting}, capture_output=True, text=True
        ).stdout
        assert any(line.startswith("ok ") and words in line for line in told.splitlines()), told
    told = subprocess.run(
        [str(bin_dir / "vibe"), "doctor"], env={**environment, "VIBE_CHROMIUM": "/nowhere"}, capture_output=True, text=True
    )
    assert told.returncode == 1 and "VIBE_CHROMIUM" in told.stdout
