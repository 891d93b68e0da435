"""Apps that nobody visits go to sleep, and a visit wakes them: real sandboxes, short times."""

import threading

from harness import eventually
from test_restart import sandbox_processes
from test_waiting_pages import address, only_the_503, shot


def status(server, app):
    answer = server.get(f"/api/app/{app}/status")
    return answer["status"], answer["phase"]


def wait_until_asleep(server, app):
    eventually(lambda: status(server, app) == ("ready", "asleep"), f"{app} sleeps")


def test_an_app_sleeps_and_a_subscriber_wakes_it(start_fast_server):
    server = start_fast_server(VIBE_IDLE_SLEEP="1")
    watcher = server.socket()
    watcher.subscribe("apps")
    app = server.create_and_wait("a counter")
    watcher.wait_for("apps", "counts", live=1)
    wait_until_asleep(server, app)
    watcher.wait_for("apps", "counts", live=0, total=1)
    eventually(lambda: not sandbox_processes(server), "its processes are gone")
    assert server.request("GET", f"/api/app/{app}/ping")[0] == 503
    visitor = server.socket()
    visitor.subscribe(f"app:{app}")
    visitor.wait_for(f"app:{app}", "build", phase="live", state="done")
    told = [(event["phase"], event["state"]) for event in visitor.events(f"app:{app}", "build")]
    assert told[-2:] == [("sandbox", "done"), ("live", "done")], told
    assert status(server, app) == ("active", "live") and server.get("/api/apps")["counts"]["live"] == 1
    # As long as somebody looks it stays awake: longer than the time would be.
    other = server.create_and_wait("a stopwatch")
    wait_until_asleep(server, other)
    assert status(server, app) == ("active", "live")
    visitor.close()
    wait_until_asleep(server, app)


def test_two_visitors_at_once_are_one_waking(start_fast_server):
    server = start_fast_server(VIBE_IDLE_SLEEP="1")
    app = server.create_and_wait("a counter")
    wait_until_asleep(server, app)
    clients = [server.socket() for _ in range(4)]
    threads = [threading.Thread(target=client.subscribe, args=(f"app:{app}",)) for client in clients]
    threads += [threading.Thread(target=server.preview, args=(app,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eventually(lambda: status(server, app) == ("active", "live"), "it is awake")
    starts = [event for event in clients[0].events(f"app:{app}", "build") if event["phase"] == "sandbox" and event["state"] == "done"]
    assert len(starts) <= 1
    eventually(lambda: server.preview(app)[0] == 200, "the preview is there")
    names = [path for path in (server.folder / "sandboxes").iterdir() if path.name.startswith("app-")]
    assert len(names) == 1


def test_a_prompt_wakes_and_keeps_awake_until_it_is_done(start_fast_server):
    server = start_fast_server(VIBE_IDLE_SLEEP="1")
    app = server.create_and_wait("a counter")
    wait_until_asleep(server, app)
    server.write(app, "make it blue")
    eventually(lambda: len(server.get(f"/api/app/{app}/versions")["versions"]) == 2, "the second version")
    wait_until_asleep(server, app)


def test_at_the_limit_the_one_visited_longest_ago_makes_room(start_fast_server):
    server = start_fast_server(VIBE_IDLE_SLEEP="3", VIBE_MAX_SANDBOXES="1")
    first = server.create_and_wait("a counter")
    visitor = server.socket()
    visitor.subscribe(f"app:{first}")
    second = server.create("a stopwatch")
    detail = server.wait_until_idle(second)
    assert detail["phase"] == "failed", "the first is in use"
    visitor.close()
    # Longer than the grace, shorter than the idle time or not: either way there is room.
    third = eventually(lambda: create_or_none(server), "there is room")
    assert status(server, first) == ("ready", "asleep") and status(server, third)[0] in ("active", "ready")


def create_or_none(server):
    code, _, answer = server.request("POST", "/api/create?wait=ready", {"prompt": "a list"})
    return answer["app_id"] if code == 200 else None


def test_a_restarted_server_lets_sleepers_sleep(start_fast_server):
    server = start_fast_server(VIBE_IDLE_SLEEP="1")
    app = server.create_and_wait("a counter")
    wait_until_asleep(server, app)
    server.kill()
    again = start_fast_server()
    # What bundles the pages at the start is no sandbox, and ends.
    eventually(lambda: not sandbox_processes(again), "nothing runs")
    assert status(again, app) == ("ready", "asleep")


def test_people_see_it_sleep_and_wake(start_fast_server, browser):
    server = start_fast_server(VIBE_IDLE_SLEEP="1")
    app = server.create_and_wait("a counter")
    home = browser.person("Ana")
    home.goto(server.site)
    card = home.locator(f"[data-testid=card][data-app-id={app}]")
    word = card.locator(".status-word")
    home.wait_for_function("(word) => word.textContent === 'Asleep'", arg=word.element_handle())
    page = browser.person("Ben")
    # What the frame shows while the app wakes, held still to be looked at.
    for width in (1440, 390):
        eventually(lambda: status(server, app) == ("ready", "asleep"), "it sleeps")
        tab = browser.person("Cleo", viewport={"width": width, "height": 844}, color_scheme="light")
        response = tab.goto(address(server, app))
        assert response.status == 503 and tab.locator("h1").inner_text().startswith("Waking ")
        assert "This usually takes under two seconds." in tab.locator("main").inner_text()
        shot(tab, f"waking-{width}")
        tab.context.close()
    eventually(lambda: status(server, app) == ("ready", "asleep"), "it sleeps")
    home.wait_for_function("(word) => word.textContent === 'Asleep'", arg=word.element_handle())
    home.evaluate(
        """(card) => {
            const note = () => (window.seen ??= new Set()).add(`${card.querySelector('.status-word').textContent} ${card.dataset.look}`)
            note()
            new MutationObserver(note).observe(card, { subtree: true, childList: true, characterData: true, attributes: true })
        }""",
        card.element_handle(),
    )
    page.goto(f"{server.site}/app/{app}")
    page.frame_locator("[data-testid=preview-frame]").get_by_test_id("count").wait_for()
    home.wait_for_function("(word) => word.textContent === 'Live'", arg=word.element_handle())
    shot(page, "woken")
    # The card keeps its picture and says that the app wakes; nothing is built.
    seen = home.evaluate("() => [...window.seen].map((each) => each.split(' '))")
    assert "Waking" in [word for word, _ in seen], seen
    assert {word for word, _ in seen} <= {"Asleep", "Waking", "Live"} and "building" not in [look for _, look in seen], seen
    assert only_the_503(page), page.errors
    page.context.close()
    home.wait_for_function("(word) => word.textContent === 'Asleep'", arg=word.element_handle())
    assert home.errors == []
