"""Rename, withdraw, stop, fork, compare and repair, as people do them in a browser and programs over HTTP and the socket."""

import json
import re

import pytest

from harness import eventually
from scripted_model import ScriptedModel, is_code, is_repair
from test_main_job import ask, by, frame, no_errors, open_app, wait_for_version

GOOD = "export default function App() {\n  return <h1 className=\"p-4\">Good one</h1>;\n}\n"
BETTER = "export default function App() {\n  const name = \"Zoë\";\n  return <h1 className=\"p-8\">Good one, {name}</h1>;\n}\n"
BROKEN = "export default function App() {\n  return <h1>never closed;\n}\n"
HOSTILE = "<b id=x>T</b><script>window.hit=1</script>\u202e\u05e9 \U0001f469\u200d\U0001f4bb"


def fenced(text: str) -> str:
    return f"```tsx\n{text}```"


class Script:
    """Answers of the code model: `next` as long as it is set, the last of a list for good."""

    def __init__(self, *answers: str):
        self.answers = list(answers)

    def __call__(self, request: dict) -> str:
        if not is_code(request):
            return "I am at it."
        return fenced(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


@pytest.fixture
def script():
    return Script(GOOD, BETTER)


@pytest.fixture
def server(start_server, script):
    with ScriptedModel(script) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k", VIBE_ADMIN_SECRET="s3cret")
        server.model = model
        yield server


@pytest.fixture
def slow_server(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "20")
    return start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k", VIBE_ADMIN_SECRET="s3cret")


def test_a_title_changes_before_everybodys_eyes(server, browser):
    app = server.create_and_wait("a tea timer")
    ana, ben, home = browser.person("Ana"), browser.person("Ben"), browser.person("Watcher")
    open_app(ana, server, app)
    open_app(ben, server, app)
    home.goto(server.site)
    home.locator(f"[data-app-id='{app}']").wait_for()
    old = ana.locator("#title").inner_text()
    # Esc leaves it.
    by(ana, "rename").click()
    by(ana, "title-field").fill("Something else")
    ana.keyboard.press("Escape")
    assert ana.locator("#title").inner_text() == old
    # What cannot be is said where it was typed.
    ana.keyboard.press("Enter")
    by(ana, "title-field").fill("x" * 81)
    ana.keyboard.press("Enter")
    assert "80 characters" in ana.locator("#title-problem").inner_text()
    by(ana, "title-field").fill(HOSTILE)
    ana.keyboard.press("Enter")
    for page in (ana, ben):
        eventually(lambda page=page: page.locator("#title").text_content() == HOSTILE, "the new title")
        assert page.evaluate("() => window.hit") is None
    eventually(lambda: HOSTILE in home.locator(f"[data-app-id='{app}']").text_content(), "the new title on the home page")
    # A later turn leaves it alone.
    ask(ben, "say it better")
    wait_for_version(ana, 2)
    assert server.detail(app)["app"]["title"] == HOSTILE
    assert ana.locator("#title").text_content() == HOSTILE
    no_errors(ana, ben, home)


def test_one_withdraws_ones_own_prompt(slow_server, browser):
    server = slow_server
    app = server.create("a chess clock")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    for page in (ana, ben):
        page.wait_for_function("() => window.vibe.state.generation")
    ask(ana, "make it blue")
    by(ana, "queue-item").first.wait_for()
    ask(ben, "add a bell")
    for page in (ana, ben):
        eventually(lambda page=page: by(page, "queue-item").count() == 2, "two prompts wait")
        assert by(page, "withdraw").count() == 1, "only on one's own"
    assert by(ana, "withdraw").get_attribute("aria-label") == "Cancel: make it blue"
    by(ana, "withdraw").click()
    for page in (ana, ben):
        eventually(lambda page=page: by(page, "queue-item").count() == 1, "one waits")
        assert "add a bell" in by(page, "queue-item").inner_text()
    assert ana.evaluate("() => document.activeElement.id") == "composer"
    assert "Withdrawn" in by(ana, "toast").inner_text()
    by(ana, "toast").get_by_role("button", name="Undo").click()
    eventually(lambda: by(ben, "queue-item").count() == 2, "it waits again")
    no_errors(ana, ben)


def test_who_may_withdraw_over_http_and_rpc(slow_server):
    server = slow_server
    app = server.create("a chess clock", "ana")
    watcher = server.socket(user_id="cara")
    watcher.subscribe(f"app:{app}")
    eventually(lambda: server.detail(app)["generation"], "the first prompt runs")
    waiting = [server.write(app, text, user)["message_id"] for text, user in (("one", "ben"), ("two", "ben"), ("three", ""), ("four", "ben"))]
    path = f"/api/app/{app}/queue/"
    assert server.request("DELETE", path + waiting[0] + "?user_id=cara")[0] == 403
    assert server.request("DELETE", path + waiting[2])[0] == 403, "nobody is nobody's author"
    refused = watcher.rpc("app.cancel", app_id=app, message_id=waiting[0])
    assert refused["error"]["code"] == 403
    assert server.request("DELETE", path + waiting[0] + "?user_id=ben")[0] == 200
    assert server.request("DELETE", path + waiting[0] + "?user_id=ben")[0] == 404
    assert server.request("DELETE", path + waiting[1], {"user_id": "ana"})[0] == 200
    assert server.request("DELETE", path + waiting[2], headers={"Authorization": "Bearer wrong"})[0] == 403
    assert server.request("DELETE", path + waiting[2], headers={"Authorization": "Bearer s3cret"})[0] == 200
    admin = server.socket(user_id="root", admin_secret="s3cret")
    assert admin.rpc("app.cancel", app_id=app, message_id=waiting[3])["rpc"]["data"] == {"status": "ok"}
    watcher.wait(lambda: watcher.events(f"app:{app}", "queue")[-1]["items"] == [], "the queue is empty for everybody")
    assert server.detail(app)["queue"] == []


def test_everybody_sees_who_stopped(slow_server, browser, start_server):
    server = slow_server
    app = server.create("a chess clock")
    ana, mira = browser.person("Ana"), browser.person("Mira")
    open_app(ana, server, app)
    open_app(mira, server, app)
    ana.wait_for_function("() => (Object.values(window.vibe.state.generation?.code ?? {})[0] ?? '').length > 20")
    by(mira, "stop").first.click()
    ana.get_by_text("Stopped by Mira", exact=True).first.wait_for()
    mira.get_by_text("Stopped by you", exact=True).first.wait_for()
    assert "Stopped by Mira." not in by(ana, "turn").inner_text(), "said once"
    # Who comes later is told as well, also after a restart.
    folder = server.folder
    late = browser.person("Late")
    open_app(late, server, app)
    late.get_by_text("Stopped by Mira", exact=True).first.wait_for()
    late.get_by_role("tab", name="Versions").click()
    late.get_by_role("heading", name=re.compile("No version Stopped by Mira")).wait_for()
    last = server.get(f"/api/app/{app}/history")["message_history"][-1]
    assert last["outcome"] == "stopped" and last["stopped_by"]["name"] == "Mira"
    no_errors(ana, mira, late)
    server.kill()
    again = start_server(folder=folder, ANTHROPIC_API_KEY="k", ANTHROPIC_BASE_URL="http://127.0.0.1:9")
    assert again.get(f"/api/app/{app}/history")["message_history"][-1] == last


def test_a_fork_is_an_app_of_ones_own(server, browser):
    app = server.create_and_wait("a tea timer")
    server.write(app, "better")
    server.wait_until_idle(app)
    ana = browser.person("Ana")
    open_app(ana, server, app)
    wait_for_version(ana, 2)
    title = ana.locator("#title").inner_text()
    ana.get_by_role("tab", name="Versions").click()
    ana.locator("[data-testid=fork-version][data-version='1']").click()
    ana.wait_for_url(lambda url: "/app/" in url and app not in url)
    assert "Forked. This is your own copy" in by(ana, "toast").inner_text()
    copy = ana.url.rsplit("/", 1)[1]
    # The offer to go back is there for a while only.
    by(ana, "toast").get_by_role("button", name="Back").click()
    ana.wait_for_url(re.compile(app))
    open_app(ana, server, copy)
    frame(ana).get_by_text("Good one").first.wait_for()
    assert ana.locator("#title").inner_text() == f"Copy of {title}"
    assert "copied this from" in by(ana, "turn").first.inner_text()
    assert server.code(copy) == server.code(app, 1)
    calls = len(server.model.requests)
    detail = server.wait_until_idle(copy)
    assert detail["phase"] == "live" and detail["versions"][0]["outcome"] == "forked"
    assert len(server.model.requests) == calls, "no generation"
    open_app(ana, server, app)
    by(ana, "fork").click()
    ana.wait_for_url(lambda url: "/app/" in url and app not in url)
    frame(ana).get_by_text("Good one, Zoë").first.wait_for()
    # A page that is quicker than the sandbox is asked to wait, which the browser calls an error.
    assert [error for error in ana.errors if "503" not in error] == []


def test_a_fork_survives_a_kill(server, start_server):
    app = server.create_and_wait("a tea timer")
    copy = server.post(f"/api/app/{app}/fork", {"user_id": "ben"}, expect=(202,))["app_id"]
    server.kill()
    again = start_server(folder=server.folder, ANTHROPIC_API_KEY="k", ANTHROPIC_BASE_URL="http://127.0.0.1:9")
    eventually(lambda: again.detail(copy)["phase"] == "live", "the copy is live again")
    assert again.detail(copy)["app"]["authors"] == [{"user_id": "ben", "name": "ben"}]


def test_changes_between_versions_are_shown(server, browser):
    app = server.create_and_wait("a tea timer")
    server.write(app, "better")
    server.wait_until_idle(app)
    ana = browser.person("Ana")
    open_app(ana, server, app)
    wait_for_version(ana, 2)
    ana.get_by_role("tab", name="Versions").click()
    ana.locator("[data-testid=compare][data-version='2']").click()
    diff = by(ana, "diff")
    diff.locator(".row.is-added").first.wait_for()
    assert [row.strip() for row in diff.locator(".row.is-added .row-text").all_text_contents()] == [
        'const name = "Zoë";', 'return <h1 className="p-8">Good one, {name}</h1>;'
    ]
    assert diff.locator(".row.is-removed .row-text").all_text_contents() == ['  return <h1 className="p-4">Good one</h1>;']
    assert "".join(diff.locator(".is-removed .is-changed").all_text_contents()) == "4"
    assert (ana.locator("#count-added").inner_text(), ana.locator("#count-removed").inner_text()) == ("+2", "-1")
    assert ana.evaluate("() => document.activeElement.id") == "changes-scroll"
    ana.keyboard.press("j")
    assert diff.locator(".is-current").count() == 1
    # The first version is new altogether; the next key goes back.
    ana.keyboard.press("[")
    eventually(lambda: ana.locator("#count-added").inner_text() == "+3", "version 1 is held against nothing")
    ana.keyboard.press("]")
    eventually(lambda: ana.locator("#count-added").inner_text() == "+2", "version 2 again")
    # The code of an older version, and a newer one does not move it away.
    ana.get_by_role("button", name="Code", exact=True).first.click()
    by(ana, "read").select_option("1")
    eventually(lambda: by(ana, "code").evaluate("(code) => code.textContent").rstrip() == GOOD.rstrip(), "the code of version 1")
    server.write(app, "once more")
    wait_for_version(ana, 3)
    assert by(ana, "code").evaluate("(code) => code.textContent").rstrip() == GOOD.rstrip()
    by(ana, "read").select_option("3")
    eventually(lambda: "Zoë" in by(ana, "code").evaluate("(code) => code.textContent"), "the newest code")
    no_errors(ana)


def test_fix_it_sends_the_errors_back(server, script, browser):
    app = server.create_and_wait("a tea timer")
    script.answers = [BROKEN, BROKEN, BROKEN, BETTER]
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    ask(ana, "make it better")
    for page in (ana, ben):
        by(page, "fix").first.wait_for(timeout=60_000)
        text = by(page, "turn").last.inner_text()
        assert text.count("Two repairs did not mend it. Version 1 stays on show.") == 1, text
        assert by(page, "fix").locator("visible=true").count() == 1
    by(ben, "fix").locator("visible=true").click()
    for page in (ana, ben):
        wait_for_version(page, 2)
        assert by(page, "fix").locator("visible=true").count() == 0
        frame(page).get_by_text("Good one, Zoë").first.wait_for()
    turn = by(ana, "turn").last.inner_text()
    assert "Ben" in turn and "Fix what broke:" in turn and "LLMComponent.tsx" in turn
    sent = [request for request in server.model.requests if is_code(request)][-1]
    assert is_repair(sent) and "never closed" in json.dumps(sent["messages"])
    status, _, answer = server.request("POST", f"/api/app/{app}/repair", {})
    assert status == 409 and answer["error"]["code"] == "nothing_to_repair"
    no_errors(ana, ben)
