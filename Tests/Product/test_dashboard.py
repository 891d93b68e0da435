"""The dashboard: the server's numbers, pushed; and what the holder of the admin secret may do."""

import re
import tarfile

import pytest

from documents import problems
from harness import eventually

SECRET = "open sésame"
HOSTILE = '<img src=x onerror="document.title=`broken`">\u202e"&<b>'


def by(page, name):
    return page.get_by_test_id(name)


def stats(page):
    return page.evaluate("() => window.vibe.state.stats.last")


def open_dashboard(page, server):
    page.goto(f"{server.site}/dashboard")
    page.wait_for_function("() => window.vibe.state.stats.last")


def shows(page, selector, text):
    page.wait_for_function("([s, t]) => document.querySelector(s)?.textContent === t", arg=[selector, text])


def row(page, app):
    return page.locator(f'[data-testid=app-row][data-app-id="{app}"]')


def no_errors(*pages):
    for page in pages:
        assert page.errors == [], page.errors


@pytest.fixture
def server(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "300")
    return start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test", VIBE_ADMIN_SECRET=SECRET)


@pytest.fixture
def public(start_server):
    """A server that other machines may reach."""
    return start_server(VIBE_ADMIN_SECRET=SECRET, VIBE_EXTRA_HOSTS="vibe.example")


def test_the_numbers_move_while_an_app_is_built(server, browser):
    page = browser.person("Operator")
    open_dashboard(page, server)
    requested = len(page.requested)
    assert re.fullmatch(r"Up \d+ (s|min), version \d+\.\d+\.\d+", by(page, "server-facts").inner_text())
    app = server.create(HOSTILE)
    build = by(page, "running-build")
    build.wait_for()
    assert HOSTILE.split('"')[0] in build.first.inner_text(), "a hostile title is text"
    page.wait_for_function("() => window.vibe.state.stats.last.tokens_per_s > 0 && document.querySelector('#tokens').textContent !== '0'")
    page.wait_for_function("() => window.vibe.state.stats.last.building === 1")
    server.wait_until_idle(app)
    shows(page, "#live-count", "1")
    page.wait_for_function("() => document.querySelectorAll('[data-testid=running-build]').length === 0")
    last = stats(page)
    assert last["first_token_ms"]["p50"] > 0 and sum(last["build_ms"]["buckets"]) == 1
    assert page.locator("#build-chart .is-median").count() == 1
    assert re.match(r"Tokens a second over the last 15 minutes: between 0 and \d+, now ", page.locator("#tokens-chart p").inner_text())

    watcher = browser.person("Watcher")
    watcher.goto(f"{server.site}/app/{app}")
    by(watcher, "composer").wait_for()
    shows(page, "#viewers", "1")
    eventually(lambda: row(page, app).get_by_test_id("app-viewers").inner_text() == "1", "the viewer in the app's row")
    second = browser.person("Second")
    second.goto(f"{server.site}/app/{app}")
    shows(page, "#viewers", "2")
    watcher.context.close()
    second.context.close()
    shows(page, "#viewers", "0")
    assert page.title() == "Dashboard · vibe" and page.locator("img").count() == 0
    assert len(page.requested) == requested, page.requested[requested:]
    no_errors(page)


def test_an_error_appears(start_server, start_simulator, browser):
    simulator = start_simulator("--tokens-per-second", "2000", "--fault", "bad-component")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test")
    page = browser.person("Operator")
    open_dashboard(page, server)
    page.get_by_text("Nothing went wrong since the start.").wait_for()
    app = server.create("a bill splitter")
    error = by(page, "error-row").first
    error.wait_for()
    assert "bundle_failed" in error.inner_text() and "src/LLMComponent.tsx:" in error.inner_text()
    assert error.locator("a").get_attribute("href") == f"/app/{app}"
    server.wait_until_idle(app)
    ana = server.socket(user_id="ana")
    for text in (HOSTILE, "another"):
        ana.rpc("app.console", app_id=app, entries=[{"level": "error", "text": text, "path": "src/A.tsx", "line": 41}])
    thrown = page.locator("[data-testid=error-row]", has_text="runtime_error")
    thrown.wait_for()
    assert thrown.count() == 1 and f"src/A.tsx:41 {HOSTILE.split(chr(0x202e))[0]}" in thrown.inner_text()
    page.get_by_text("To feature, keep and end apps").wait_for()
    assert page.get_by_role("button", name="End all apps").count() == 0
    no_errors(page)


def test_the_stats_are_as_the_schemas_say(server):
    app = server.create("a tea timer")
    client = server.socket(user_id="ana")
    answer = client.subscribe("stats")
    assert answer["recoverable"] and answer["positioned"] and answer["epoch"]
    assert problems("snapshot.stats", answer["data"]) == []
    client.wait_for("stats", "stats", count=3)
    events = client.events("stats", "stats")
    assert [problem for event in events for problem in problems("event.stats", event)] == []
    server.wait_until_idle(app)
    client.wait(lambda: client.events("stats")[-1]["live"] == 1, "the app is live")
    late = server.socket()
    again = late.subscribe("stats", recover=True, epoch=answer["epoch"], offset=answer["offset"])
    assert again["recovered"] and [pub["data"]["type"] for pub in again["publications"]] == ["stats"] * len(again["publications"])
    assert events[0]["uptime_s"] >= 0 and client.events("stats")[-1]["uptime_s"] > events[0]["uptime_s"]
    snapshot = server.socket().subscribe("stats")["data"]
    assert problems("snapshot.stats", snapshot) == [] and len(snapshot["points"]) >= 4
    assert snapshot["last"]["time"] == snapshot["points"][-1]["time"]
    refused = client.call(publish={"channel": "stats", "data": {}})
    assert refused["error"]["code"] == 103


def test_the_numbers_need_the_secret_where_others_can_come(public, browser):
    for data, code in (({}, 103), ({"admin_secret": "wrong"}, 103), ({"admin_secret": ""}, 103)):
        assert public.socket(**data).call(subscribe={"channel": "stats"})["error"]["code"] == code
    assert "subscribe" in public.socket(admin_secret=SECRET).call(subscribe={"channel": "stats"})
    assert public.request("GET", "/metrics")[0] == 403

    page = browser.person("Operator")
    page.goto(public.site)
    page.wait_for_function("() => window.vibe.state.ready")
    assert page.locator("[data-dashboard-link]:visible").count() == 0
    page.goto(f"{public.site}/dashboard")
    by(page, "gate").wait_for()
    assert by(page, "numbers").is_hidden()
    page.locator("#gate-secret").fill("guess")
    page.keyboard.press("Enter")
    page.get_by_text("That is not the admin secret of this server.").wait_for()
    assert page.evaluate("() => document.activeElement.id") == "gate-secret"
    page.locator("#gate-secret").fill(SECRET)
    page.keyboard.press("Enter")
    by(page, "numbers").wait_for()
    page.wait_for_function("() => window.vibe.state.stats.last")
    page.reload()
    page.wait_for_function("() => window.vibe.state.stats.last")
    assert by(page, "gate").is_hidden(), "asked once"
    page.goto(public.site)
    page.locator("[data-dashboard-link]:visible").first.wait_for()
    page.goto(f"{public.site}/dashboard")
    page.wait_for_function("() => window.vibe.state.stats.last")
    page.get_by_role("button", name="Forget the secret").click()
    by(page, "gate").wait_for()
    assert page.evaluate("() => sessionStorage.length") == 0
    no_errors(page)


def test_without_a_secret_a_public_server_says_that_it_is_closed(start_server, browser):
    server = start_server(VIBE_EXTRA_HOSTS="vibe.example")
    page = browser.person("Operator")
    page.goto(f"{server.site}/dashboard")
    by(page, "closed").wait_for()
    assert by(page, "numbers").is_hidden() and by(page, "gate").is_hidden()
    assert server.request("GET", "/metrics")[0] == 503
    no_errors(page)


def test_admin_actions_from_end_to_end(server, browser):
    app, other = server.create_and_wait(HOSTILE), server.create_and_wait("a chess clock")
    page = browser.person("Operator")
    open_dashboard(page, server)
    row(page, app).locator("[data-tool=feature]").click()
    dialog = by(page, "secret-dialog")
    dialog.get_by_label("Secret").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_text("That is not the admin secret of this server.").wait_for()
    by(page, "secret-dialog").get_by_label("Secret").fill(SECRET)
    page.keyboard.press("Enter")
    page.locator(f'[data-app-id="{app}"] [data-tool=feature][aria-pressed=true]').wait_for()
    assert "is featured" in page.locator("#toast").inner_text()
    page.locator("#toast").get_by_role("button", name="Undo").click()
    page.locator(f'[data-app-id="{app}"] [data-tool=feature][aria-pressed=false]').wait_for()
    assert by(page, "secret-dialog").count() == 0, "asked once"

    row(page, app).locator("[data-tool=snapshot]").click()
    page.locator("#toast").get_by_role("button", name="Download").wait_for()
    with page.expect_download() as download:
        page.locator("#toast").get_by_role("button", name="Download").click()
    assert re.fullmatch(r"snap-[a-z2-7]{20}\.tar", download.value.suggested_filename)
    with tarfile.open(download.value.path()) as tar:
        names = tar.getnames()
        assert not any(member.issym() for member in tar.getmembers())
        component = tar.extractfile(f"{app}/src/LLMComponent.tsx").read().decode()
    assert component == server.code(app)
    assert all(name == app or name.startswith(f"{app}/") for name in names)

    row(page, app).locator("[data-tool=end]").click()
    by(page, "confirm").get_by_role("button", name="Cancel").click()
    assert server.get(f"/api/app/{app}/status")["status"] == "active"
    row(page, app).locator("[data-tool=end]").click()
    by(page, "confirm").get_by_role("button", name="End this app").click()
    row(page, app).wait_for(state="detached")
    assert server.get(f"/api/app/{app}/status")["status"] == "terminated"

    page.get_by_role("button", name="End all apps").click()
    everything = by(page, "confirm")
    action = everything.get_by_role("button", name="End all apps")
    assert action.is_disabled()
    everything.get_by_role("textbox").fill("end all")
    assert action.is_disabled()
    everything.get_by_role("textbox").fill("end all apps")
    action.click()
    row(page, other).wait_for(state="detached")
    assert server.get("/api/apps")["order"] == []
    page.errors = [error for error in page.errors if "403" not in error]  # the browser's own note of the wrong secret
    no_errors(page)


def test_an_app_is_managed_from_its_own_page(server, browser):
    app = server.create_and_wait("a pocket calculator")
    page = browser.person("Operator")
    page.goto(f"{server.site}/app/{app}")
    by(page, "composer").wait_for()
    assert page.locator("#manage").is_hidden(), "only for who has the secret"
    page.evaluate("(secret) => sessionStorage.setItem('vibe.admin', secret)", SECRET)
    page.reload()
    page.locator("#manage").click()
    by(page, "manage-dialog").get_by_role("button", name="Feature").click()
    page.wait_for_function("() => window.vibe.state.app.is_featured")
    page.locator("#toast").get_by_role("button", name="Undo").click()
    page.wait_for_function("() => !window.vibe.state.app.is_featured")
    page.locator("#manage").click()
    by(page, "manage-dialog").get_by_role("button", name="End this app").click()
    by(page, "confirm").get_by_role("button", name="End this app").click()
    page.wait_for_function("() => window.vibe.state.removed")
    no_errors(page)


def test_a_lost_connection_is_said_and_the_numbers_come_back(server, start_server, browser):
    page = browser.person("Operator")
    open_dashboard(page, server)
    server.kill()
    by(page, "banner").get_by_text("Connection lost.").wait_for()
    again = start_server(folder=server.folder, VIBE_PORT=server.port, VIBE_ADMIN_SECRET=SECRET)
    by(page, "banner").get_by_text("Back.").wait_for()
    again.create_and_wait("a stopwatch")
    shows(page, "#live-count", "1")
    times = page.evaluate("() => window.vibe.state.stats.points.map((point) => point.time)")
    assert times == sorted(set(times)), "no second is there twice"


def test_cards_show_the_last_lines_of_code(server, browser):
    watcher = server.socket()
    watcher.subscribe("apps")
    page = browser.person("Ana")
    page.goto(server.site)
    page.wait_for_function("() => window.vibe.state.ready")
    app = server.create("a dashboard with charts for a small bakery")
    tail = page.locator(f'[data-app-id="{app}"] .cover-tail:not(.is-prompt)')
    tail.wait_for()
    assert tail.inner_text().strip()
    assert server.get("/api/apps")["counts"]["viewers"] == 0, "who sees a tail is no viewer"
    server.wait_until_idle(app)
    tail.wait_for(state="detached")
    tails = [event["app"]["tail"] for event in watcher.events("apps", "app.changed") if "tail" in event["app"]]
    different = [tail for before, tail in zip([None, *tails], tails) if tail != before]
    assert len(different) > 2
    code = server.code(app).splitlines()
    for lines in different:
        assert 1 <= len(lines) <= 6
        assert all(any(written.startswith(line) for written in code) for line in lines), lines
    last = [event for event in watcher.events("apps", "app.changed") if event["app"]["id"] == app][-1]["app"]
    assert "tail" not in last and last["phase"] == "live"
    no_errors(page)
