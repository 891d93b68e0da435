"""What a page says when something is other than expected: what happened, and what to do next."""

import json
import re

import pytest

from harness import eventually
from scripted_model import ScriptedModel
from stage import HeldModel
from test_main_job import ask, by, frame, open_app, wait_for_version

SIMULATOR = "Built-in simulator. No API key is set on this server, so answers come from a rehearsed script."
TOO_MANY = "Too many requests. You can send again in a few seconds."
SECRET = "s3cret"


@pytest.fixture
def held():
    held = HeldModel()
    yield held
    held.release.set()


@pytest.fixture
def start(start_server, held):
    """Starts a server whose model is held by prompts with "held" and breaks what is "broken"."""
    with ScriptedModel(held) as model:
        yield lambda *flags, **settings: start_server(
            *flags, **{"ANTHROPIC_BASE_URL": model.url, "ANTHROPIC_API_KEY": "k", "VIBE_ADMIN_SECRET": SECRET, **settings}
        )


def text(page, selector) -> str:
    return " ".join(page.locator(selector).inner_text().split())


def said(page, sentence) -> None:
    """The bar says what happened, and when it can be sent again."""
    page.locator("#banner[data-kind=limit]").wait_for()
    assert re.fullmatch(re.escape(sentence) + r" You can send again in \d+ s\.", text(page, "#banner p")), text(page, "#banner p")


def answer_instead(page, answers) -> None:
    """What the server would answer: `answers(command)` gives a reply, a close code with its reason, or nothing to pass it on."""

    def route(socket):
        server = socket.connect_to_server()

        def forward(message):
            for line in message.split("\n"):
                command = json.loads(line)
                answer = answers(command)
                if answer is None:
                    server.send(line)
                elif isinstance(answer, tuple):
                    socket.close(code=answer[0], reason=answer[1])
                else:
                    socket.send(json.dumps({"id": command["id"], **answer}))

        socket.on_message(forward)

    page.route_web_socket(re.compile("/connection/websocket"), route)


def test_every_page_says_that_a_simulator_answers(start_server, browser):
    server = start_server()
    app = server.create_and_wait("a tea timer")
    page = browser.person("Ana")
    for path in ("/", f"/app/{app}", "/dashboard"):
        page.goto(server.site + path)
        page.locator("#simulator").wait_for()
        assert text(page, "#simulator") == SIMULATOR, path


def test_no_page_says_so_where_a_model_answers(start, browser):
    server = start()
    page = browser.person("Ana")
    page.goto(server.site)
    page.wait_for_function("() => window.vibe?.state.ready")
    assert page.locator("#simulator").is_hidden()


def test_which_model_made_a_version_is_said_to_everybody(start, browser):
    server = start(VIBE_CODE_MODEL="house-model-7")
    app = server.create_and_wait("A recipe page called Sunday sauce")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    for page in (ana, ben):
        open_app(page, server, app)
    ask(ana, "grams and cups")
    for page in (ana, ben):
        wait_for_version(page, 2)
        page.locator("#tab-versions").click()
        facts = page.locator("[data-testid=version] .version-facts")
        eventually(lambda facts=facts: facts.count() == 2 and all("house-model-7" in one for one in facts.all_inner_texts()), "both versions name it")


def test_a_prompt_is_kept_while_the_server_is_away(start, browser):
    server = start()
    page = browser.person("Ana")
    page.goto(server.site)
    page.wait_for_function("() => window.vibe?.state.ready")
    server.stop()
    page.wait_for_function("() => window.vibe.connection.state !== 'connected'")
    page.fill("#prompt", "a tea timer")
    by(page, "build-it").click()
    page.locator("#prompt-problem").wait_for()
    assert text(page, "#prompt-problem") == "The server cannot be reached. Your text is kept here."
    assert page.locator("#prompt").input_value() == "a tea timer"


def test_a_build_that_fails_says_what_stays_and_what_can_be_done(start, browser):
    server = start()
    app = server.create_and_wait("A recipe page called Sunday sauce")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    for page in (ana, ben):
        open_app(page, server, app)
    ask(ana, "make it broken")
    for page in (ana, ben):
        by(page, "fix").wait_for()
        turn = by(page, "turn").last
        eventually(lambda turn=turn: "Two repairs did not mend it." in turn.inner_text(), "the turn says so")
        assert "Version 1 stays on show." in turn.inner_text() and "Ask again" in turn.inner_text()
        assert text(page, "#strip").startswith("Still serving version 1. The last change did not make a version.")


def test_going_back_leaves_nothing_to_repair_even_after_a_restart(start, browser):
    server = start()
    app = server.create_and_wait("A recipe page called Sunday sauce")
    server.write(app, "make it broken")
    server.wait_until_idle(app)
    ana = browser.person("Ana")
    open_app(ana, server, app)
    by(ana, "fix").wait_for()
    server.post(f"/api/app/{app}/revert", {"version": 1})

    def offers(page):
        return [name for name in ("fix", "retry") if by(page, name).locator("visible=true").count()]

    def is_well(page):
        return page.evaluate("() => window.vibe.state.preview?.version === 2") and not offers(page) and page.locator("#strip").is_hidden()

    eventually(lambda: is_well(ana), "nothing is offered after going back")
    port = server.port
    assert server.stop() == 0
    again = start("--port", str(port))
    ben = browser.person("Ben")
    open_app(ben, again, app)
    ana.wait_for_function("() => window.vibe.connection.state === 'connected'", timeout=60_000)
    for page in (ana, ben):
        frame(page).locator("h1").wait_for()
        eventually(lambda page=page: is_well(page), "nothing is offered after a restart")
        page.locator("#tab-versions").click()
        page.locator("[data-testid=version]").first.wait_for()
        assert page.get_by_role("button", name="Ask again").locator("visible=true").count() == 0
    for call in ("retry", "repair"):
        assert again.request("POST", f"/api/app/{app}/{call}", {})[0] == 409


def test_a_full_house_says_when_there_is_room(start, browser):
    server = start(VIBE_MAX_SANDBOXES="1", VIBE_IDLE_SLEEP="0")
    first = server.create_and_wait("A recipe page called First come")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, first)
    second = server.create("A recipe page called Second helping")
    open_app(ben, server, second)
    by(ben, "retry").first.wait_for()
    turn = by(ben, "turn").last.inner_text()
    assert "Every sandbox is awake. Try again when one is free." in turn
    server.post(f"/api/app/{first}/terminate", {"admin_secret": SECRET})
    eventually(lambda: "Ended" in text(ana, "#status"), "the other is told")
    by(ben, "retry").first.click()
    wait_for_version(ben, 1)


def test_a_build_that_waits_for_others_says_so_and_starts_by_itself(start, held, browser):
    server = start(VIBE_MAX_GENERATIONS="1")
    first = server.create("A recipe page called First come, held")
    eventually(lambda: server.detail(first)["phase"] == "generating", "the first runs")
    second = server.create("A recipe page called Second helping")
    page = browser.person("Ana")
    open_app(page, server, second)
    page.get_by_text("Other apps are being built. This one starts by itself when one is done.").wait_for()
    held.release.set()
    wait_for_version(page, 1)
    assert page.get_by_text("Other apps are being built.").count() == 0


def test_a_full_line_and_too_many_requests_keep_the_text(start, held, browser):
    server = start(VIBE_QUEUE_LIMIT="2")
    app = server.create_and_wait("A recipe page called Sunday sauce")
    server.write(app, "a print view, held")
    eventually(lambda: server.detail(app)["generation"], "it runs")
    for number in range(2):
        server.write(app, f"waiting {number}", "tom")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    ask(ana, "one more")
    said(ana, "2 prompts are waiting already. Try again when one is done.")
    assert by(ana, "composer").input_value() == "one more"

    refusal = {"error": {"code": 111, "message": "too many requests", "temporary": True}}
    refused = ("app.write", "app.stop", "app.rename")
    answer_instead(ben, lambda command: refusal if command.get("rpc", {}).get("method") in refused else None)
    open_app(ben, server, app)
    ask(ben, "grams and cups")
    said(ben, "Too many requests.")
    assert by(ben, "composer").input_value() == "grams and cups"
    by(ben, "stop").click()
    by(ben, "toast").wait_for()
    assert text(ben, "#toast") == TOO_MANY


def test_a_connection_that_is_closed_for_good_says_what_to_do(start, browser):
    server = start()
    app = server.create_and_wait("A recipe page called Sunday sauce")
    for code, reason, said in (
        (3500, "invalid token", "Connection closed. The server did not take your access token. Ask for a new one, then reload this page."),
        (3504, "connection limit", "Connection closed. The server has no room for more. Close other tabs, then try again."),
    ):
        page = browser.person("Ana")
        answer_instead(page, lambda command, end=(code, reason): end if "connect" in command else None)
        page.goto(f"{server.site}/app/{app}")
        by(page, "banner").wait_for()
        assert text(page, "#banner p") == said
        assert page.get_by_role("button", name="Try now").is_visible()
        page.context.close()


def test_who_may_not_is_told_what_is_needed(start, start_server, browser, tmp_path):
    server = start()
    app = server.create_and_wait("A recipe page called Sunday sauce")
    page = browser.person("Ana")
    open_app(page, server, app)
    assert page.locator("#manage").is_hidden(), "only for the holder of the secret"
    page.goto(f"{server.site}/dashboard")
    page.locator(f"[data-testid=app-row][data-app-id={app}] [data-tool=feature]").click()
    dialog = by(page, "secret-dialog")
    assert "Asked once. This tab keeps it until it is closed." in dialog.inner_text()
    page.fill("#secret-field", "guess")
    page.get_by_role("button", name="Go on").click()
    dialog.get_by_text("That is not the admin secret of this server.").wait_for()
    assert not server.detail(app)["app"]["is_featured"]
    # Both at the one page: who holds it does it, the other sees what came of it.
    page.fill("#secret-field", SECRET)
    page.get_by_role("button", name="Go on").click()
    by(page, "toast").get_by_text("is featured").wait_for()
    ben = browser.person("Ben")
    ben.goto(server.site)
    ben.locator(f"#featured [data-app-id={app}]").wait_for()

    tmp_path.chmod(0o755)
    without = start_server(folder=tmp_path)
    page.goto(f"{without.site}/dashboard")
    page.locator("#admin-note").wait_for()
    assert "VIBE_ADMIN_SECRET" in text(page, "#admin-note")
