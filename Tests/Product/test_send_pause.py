"""Too much at once: the page says how long, keeps the text, and sends again when the time is over."""

import json

from harness import eventually
from test_main_job import by, open_app
from test_waiting_pages import shot


def banner(page):
    return by(page, "banner")


def test_a_full_queue_is_waited_for(start_server, start_simulator, browser):
    simulator = start_simulator("--tokens-per-second", "5")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k", VIBE_QUEUE_LIMIT="1")
    app = server.create("a timer")
    server.write(app, "the first")
    refused = server.socket().rpc("app.write", app_id=app, text="one more")["error"]
    assert refused["code"] == 429 and refused["temporary"] is True and refused["retry_after"] == 5
    page = browser.person("Ana")
    open_app(page, server, app)
    page.wait_for_function("() => window.vibe.state.queue.length === 1")
    by(page, "composer").fill("make it blue")
    by(page, "send").click()
    page.wait_for_function("() => document.querySelector('#banner')?.dataset.kind === 'limit'")
    words = banner(page).inner_text()
    assert "A prompt is waiting already" in words and "You can send again in" in words
    assert by(page, "composer").input_value() == "make it blue" and by(page, "composer").is_editable()
    assert by(page, "send").get_attribute("aria-disabled") == "true"
    assert page.locator("#composer-note").inner_text().endswith(" s")
    for width, height in ((1440, 900), (390, 844)):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            shot(page, f"limit-{width}-{scheme}")
    page.set_viewport_size({"width": 1440, "height": 900})
    # Nothing is sent meanwhile, and nothing is asked.
    by(page, "composer").press("Control+Enter")
    page.wait_for_function("() => document.querySelector('#banner').hidden")
    assert by(page, "send").get_attribute("aria-disabled") is None
    waiting = server.detail(app)["queue"][0]["message_id"]
    server.request("DELETE", f"/api/app/{app}/queue/{waiting}", {"user_id": "ana"})
    page.wait_for_function("() => window.vibe.state.queue.length === 0")
    by(page, "send").click()
    eventually(lambda: [item["text"] for item in server.detail(app)["queue"]] == ["make it blue"], "it waits in line")
    eventually(lambda: by(page, "composer").input_value() == "", "the answer that it was taken")
    assert page.errors == []


def test_home_says_how_long(start_server, browser):
    server = start_server()
    page = browser.person("Ana")
    # The server has no limit for creating: what a front would answer is put in its place.
    asked = []

    def answer(socket):
        there = socket.connect_to_server()

        def pass_on(message):
            for line in message.split("\n"):
                command = json.loads(line)
                if command.get("rpc", {}).get("method") != "app.create":
                    there.send(line)
                    continue
                asked.append(command)
                error = {"code": 429, "message": "Too many requests.", "temporary": True, "retry_after": 2}
                socket.send(json.dumps({"id": command["id"], "error": error}))

        socket.on_message(pass_on)

    page.route_web_socket("**/connection/websocket", answer)
    page.goto(server.site)
    by(page, "prompt").fill("a tea timer")
    page.wait_for_function("() => window.vibe?.connection.state === 'connected'")
    by(page, "build-it").click()
    page.wait_for_function("() => document.querySelector('#banner')?.dataset.kind === 'limit'")
    assert "Too many requests. You can send again in 2 s." in banner(page).inner_text().replace("\n", " ")
    assert by(page, "build-it").inner_text() in ("In 2 s", "In 1 s")
    shot(page, "limit-home")
    page.locator("#prompt").press("Control+Enter")
    page.wait_for_function("() => document.querySelector('#banner').hidden")
    assert len(asked) == 1 and by(page, "prompt").input_value() == "a tea timer"
    assert by(page, "build-it").inner_text() == "Build it"
    by(page, "build-it").click()
    eventually(lambda: len(asked) == 2, "it is sent when asked again")
