"""The main job in a real browser: a sentence becomes a running app that every viewer watches live."""

import re

import pytest

from harness import eventually


def by(page, name):
    return page.get_by_test_id(name)


def code_text(page) -> str:
    """The file as the Code tab shows it."""
    return by(page, "code").evaluate("(code) => code.textContent")


def steps(page) -> list[tuple[str, str]]:
    return page.evaluate(
        """() => {
            const turns = [...document.querySelectorAll('[data-testid=turn]')]
            const last = turns.at(-1)
            return last ? [...last.querySelectorAll('[data-testid=step]')].map((step) => [step.dataset.phase, step.dataset.state]) : []
        }"""
    )


def generation(page):
    return page.evaluate("() => window.vibe.state.generation")


def frame(page):
    return page.frame_locator("[data-testid=preview-frame]")


def open_app(page, server, app):
    page.goto(f"{server.site}/app/{app}")
    by(page, "composer").wait_for()


def ask(page, text):
    by(page, "composer").fill(text)
    by(page, "send").click()


def wait_for_version(page, number):
    page.wait_for_function("(n) => window.vibe.state.preview?.version >= n && !window.vibe.state.generation", arg=number, timeout=90_000)


def no_errors(*pages):
    for page in pages:
        assert page.errors == [], page.errors


@pytest.fixture
def server(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "300")
    return start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test")


def test_two_people_watch_one_app_being_built(server, browser):
    ana, ben = browser.person("Ana"), browser.person("Ben")
    ana.goto(server.site)
    by(ana, "prompt").fill("a tea timer with five teas")
    by(ana, "build-it").click()
    ana.wait_for_url(re.compile(r"/app/app-[a-z2-7]{16}$"))
    app = ana.url.rsplit("/", 1)[1]
    open_app(ben, server, app)

    seen: dict[str, list[str]] = {"ana": [], "ben": []}
    steps_seen: dict[str, list] = {"ana": [], "ben": []}

    def watch():
        for name, page in (("ana", ana), ("ben", ben)):
            now = page.evaluate("() => Object.values(window.vibe.state.generation?.code ?? {})[0] ?? ''")
            if now and (not seen[name] or seen[name][-1] != now):
                seen[name].append(now)
            for step in steps(page):
                if step not in steps_seen[name]:
                    steps_seen[name].append(step)
        return all(page.evaluate("() => window.vibe.state.preview?.version === 1 && !window.vibe.state.generation") for page in (ana, ben))

    eventually(watch, "version 1 on both pages", deadline=90)
    final = server.code(app)
    for name in ("ana", "ben"):
        assert len(seen[name]) > 3, f"{name} saw {len(seen[name])} states"
        assert all(final.startswith(state) for state in seen[name])
        assert {phase for phase, _ in steps_seen[name]} >= {"queued", "sandbox", "generating", "bundling", "live"}
    assert steps(ana) == steps(ben)
    for page in (ana, ben):
        heading = frame(page).locator("h1, h2").first
        heading.wait_for()
        assert "tea" in frame(page).locator("body").inner_text().lower()
        assert by(page, "explanation").last.inner_text().strip()
        assert "a tea timer with five teas" in by(page, "turn").first.inner_text()
    assert "Ana" in by(ben, "turn").first.inner_text(), "who asked what"
    no_errors(ana, ben)


def test_the_code_on_the_page_is_the_file(server, browser):
    app = server.create_and_wait("a pocket calculator")
    page = browser.person("Ana")
    open_app(page, server, app)
    page.get_by_role("tab", name="Code").first.click()
    eventually(lambda: code_text(page).rstrip("\n") == server.code(app).rstrip("\n"), "the code of version 1")
    no_errors(page)


def test_a_latecomer_sees_the_whole_text_and_then_the_rest(server, browser):
    app = server.create("a dashboard with charts for a small bakery")
    ana = browser.person("Ana")
    open_app(ana, server, app)
    ana.wait_for_function("() => (Object.values(window.vibe.state.generation?.code ?? {})[0] ?? '').length > 600")
    late = browser.person("Late")
    open_app(late, server, app)
    late.wait_for_function("() => window.vibe.state.generation")
    first = late.evaluate("() => Object.values(window.vibe.state.generation.code)[0] ?? ''")
    assert len(first) > 600, "the snapshot holds what was written before"
    wait_for_version(ana, 1)
    wait_for_version(late, 1)
    last = "() => Object.values(window.vibe.state.last.code)[0]"
    assert late.evaluate(last) == ana.evaluate(last) == server.code(app)
    assert server.code(app).startswith(first)
    no_errors(ana, late)


def test_a_counter_keeps_its_value_across_an_edit(server, browser):
    app = server.create_and_wait("a simple counter")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    count = frame(ana).get_by_test_id("count")
    count.wait_for()
    before = int(re.search(r"-?\d+", count.inner_text()).group())
    button = frame(ana).get_by_role("button", name=re.compile("count", re.I)).first
    for _ in range(3):
        button.click()
    eventually(lambda: int(re.search(r"-?\d+", count.inner_text()).group()) == before + 3, "three clicks")

    ask(ben, 'Change the title to "Zebra crossing"')
    for page in (ana, ben):
        frame(page).get_by_text("Zebra crossing").first.wait_for()
    assert int(re.search(r"-?\d+", count.inner_text()).group()) == before + 3
    wait_for_version(ana, 2)
    assert "Ben" in by(ana, "turn").last.inner_text(), "who asked what"
    no_errors(ana, ben)


def test_the_home_page_moves_by_itself(server, browser):
    watcher = browser.person("Watcher")
    watcher.goto(server.site)
    watcher.wait_for_function("() => window.vibe.state.counts")
    assert watcher.evaluate("() => window.vibe.state.counts.live") == 0
    app = server.create("a habit tracker")
    card = watcher.locator(f"[data-testid=card][data-app-id='{app}']")
    card.wait_for()
    eventually(lambda: "Live" in card.inner_text(), "the card is live", deadline=90)
    eventually(lambda: int(watcher.locator("#flaps").get_attribute("data-value")) == 1, "the counter shows 1")
    server.post(f"/api/app/{app}/write", {"text": "make it green"}, expect=(202,))
    eventually(lambda: "Building" in card.inner_text(), "the card is building")
    no_errors(watcher)


def test_a_broken_component_is_repaired_before_the_viewers_eyes(start_server, start_simulator, browser):
    simulator = start_simulator("--tokens-per-second", "400", "--fault", "bad-component")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test")
    app = server.create("a quiz about capitals")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    for page in (ana, ben):
        page.wait_for_function(
            "() => [...document.querySelectorAll('[data-testid=step]')].some((s) => s.dataset.phase === 'repairing')", timeout=60_000
        )
    for page in (ana, ben):
        wait_for_version(page, 1)
        frame(page).locator("h1, h2").first.wait_for()
    assert server.detail(app)["versions"][-1]["outcome"] == "succeeded"
    no_errors(ana, ben)


def test_two_people_write_at_once_and_see_whose_turn_it_is(server, browser):
    app = server.create_and_wait("a to-do list")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    ask(ana, "make it blue")
    ana.wait_for_function("() => window.vibe.state.generation")
    ask(ben, 'change the title to "Groceries"')
    for page in (ana, ben):
        item = by(page, "queue-item").first
        item.wait_for()
        assert "Groceries" in item.inner_text()
    for page in (ana, ben):
        wait_for_version(page, 3)
        assert by(page, "queue-item").count() == 0
    frame(ana).get_by_text("Groceries").first.wait_for()
    no_errors(ana, ben)


def test_stop_ends_the_running_turn_for_everybody(start_server, start_simulator, browser):
    simulator = start_simulator("--tokens-per-second", "20")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test")
    app = server.create("a chess clock")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    ben.wait_for_function("() => (Object.values(window.vibe.state.generation?.code ?? {})[0] ?? '').length > 20")
    by(ana, "stop").first.click()
    for page in (ana, ben):
        page.wait_for_function("() => !window.vibe.state.generation")
        by(page, "retry").first.wait_for()
    no_errors(ana, ben)


def test_pages_never_poll(server, browser):
    app = server.create_and_wait("a unit converter")
    page, home = browser.person("Ana"), browser.person("Ben")
    open_app(page, server, app)
    home.goto(server.site)
    home.locator(f"[data-app-id='{app}']").wait_for()
    frame(page).locator("body").wait_for()
    page.wait_for_load_state("networkidle")
    home.wait_for_load_state("networkidle")
    page.requested.clear()
    home.requested.clear()
    server.write(app, "make it red")
    wait_for_version(page, 2)
    own = [url for url in page.requested + home.requested if url.startswith(server.site)]
    # The one thing a page may ask for after a version is that version's code, once.
    assert len(own) <= 1, own
    no_errors(page, home)


def test_a_restart_under_open_pages_is_told_and_healed(server, start_server, start_simulator, browser):
    app = server.create_and_wait("a colour palette")
    page = browser.person("Ana")
    open_app(page, server, app)
    frame(page).locator("body").wait_for()
    before = page.evaluate("() => window.vibe.state.messages.length")
    port, folder = server.port, server.folder
    server.kill()
    by(page, "banner").wait_for()
    assert "Connection lost" in by(page, "banner").inner_text()
    page.errors.clear()
    simulator = start_simulator("--tokens-per-second", "300")
    again = start_server("--port", str(port), folder=folder, ANTHROPIC_API_KEY="test", ANTHROPIC_BASE_URL=simulator.url)
    page.wait_for_function("() => window.vibe.connection.state === 'connected'", timeout=60_000)
    assert page.evaluate("() => window.vibe.state.messages.length") == before
    # At once: its sandbox is still on its way.
    ask(page, "make it darker")
    wait_for_version(page, 2)
    assert again.code(app, 2) != again.code(app, 1)


def test_unknown_pages_and_apps_have_a_page_of_their_own(server, browser):
    page = browser.person("Ana")
    for path in ("/app/app-aaaaaaaaaaaaaaaa", "/nothing/here", "/app", "/app/", "/app.html", "/embed", "/embed/", "/404", "/503.html"):
        response = page.goto(server.site + path)
        assert response.status == 404
        assert page.locator("h1").inner_text() == "No app at this address", path
