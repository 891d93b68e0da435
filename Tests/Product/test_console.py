"""What an app logs and throws in one browser is seen in all of them, as text, and can be mended."""

import json

import pytest

from harness import eventually
from scripted_model import ScriptedModel, is_code
from test_main_job import by, frame, open_app, wait_for_version
from test_waiting_pages import shot

HOSTILE = "<b id=x>T</b><img src=x onerror='parent.hit=1'>\u202e\u05e9 \U0001f469\u200d\U0001f4bb"
LOUD = (
    "export default function App() {\n"
    f"  const hostile = {json.dumps(HOSTILE)};\n"
    "  return <main>\n"
    "    <button onClick={() => console.log('servings', { now: 8 })}>Log</button>\n"
    "    <button onClick={() => console.warn(hostile)}>Warn</button>\n"
    "    <button onClick={() => console.log('x'.repeat(10000))}>Long</button>\n"
    "    <button onClick={() => { for (let i = 0; i < 500; i++) console.log('flood ' + i); }}>Flood</button>\n"
    "    <button onClick={() => { throw new TypeError('item.done is not a function'); }}>Break</button>\n"
    "  </main>;\n}\n"
)
MENDED = "export default function App() {\n  return <h1>Mended</h1>;\n}\n"


@pytest.fixture
def server(start_server):
    answers = [LOUD, MENDED]

    def answer(request):
        if not is_code(request):
            return "I am at it."
        return f"```tsx\n{answers.pop(0) if len(answers) > 1 else answers[0]}```"

    with ScriptedModel(answer) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        server.model = model
        yield server


def press(page, name):
    frame(page).get_by_role("button", name=name, exact=True).click()


def lines(page):
    return page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=console-line]')].map((line) => [line.dataset.level,
            line.querySelector('.console-text bdi').textContent, line.querySelector('[data-testid=console-who]').textContent])"""
    )


def line_with(page, text):
    return eventually(lambda: next((line for line in lines(page) if text in line[1]), None), f"a line with {text!r}")


def throws_at(line: int, text: str, renders: bool) -> str:
    """A component that throws on that line, in a handler or while it renders."""
    blank = "  // nothing here\n" * (line - 3)
    broken = "  throw new RangeError(" + json.dumps(text) + ");\n"
    handler = "  const fail = () => { throw new RangeError(" + json.dumps(text) + "); };\n"
    return (
        "type Seat = { row: number; taken?: boolean };\nexport default function App({ row = 1 }: Partial<Seat>) {\n" + blank
        + (broken if renders else handler)
        + "  return <button onClick={fail}>Break {row}</button>;\n}\n".replace("fail", "fail" if not renders else "undefined")
    )


def test_an_error_names_the_line_of_the_apps_own_source(start_server, browser):
    answers = [LOUD, throws_at(17, "second", renders=False), throws_at(9, "third", renders=True)]

    def answer(request):
        return f"```tsx\n{answers.pop(0)}```" if is_code(request) else "I am at it."

    with ScriptedModel(answer) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        app = server.create_and_wait("a recipe")
        page = browser.person("Ana")
        open_app(page, server, app)
        by(page, "console-toggle").click()

        def place_of(text):
            line_with(page, text)
            return page.locator("[data-testid=console-line]", has_text=text).locator(".console-place").inner_text()

        press(page, "Log")
        assert place_of("servings") == "LLMComponent.tsx:4", "a log says where it was made"
        press(page, "Break")
        assert place_of("item.done") == "LLMComponent.tsx:8"
        assert by(page, "runtime-error").locator(".error-place").inner_text() == "LLMComponent.tsx:8"
        shot(page, "runtime-error-place")
        # What was brought by a hot update has a script, and a map, of its own.
        server.write(app, "again")
        wait_for_version(page, 2)
        frame(page).get_by_role("button", name="Break 1").click()
        assert place_of("second") == "LLMComponent.tsx:17"
        server.write(app, "and again")
        wait_for_version(page, 3)
        assert place_of("third") == "LLMComponent.tsx:9"
        by(page, "runtime-error").locator(".error-place").first.click()
        assert page.locator("#tab-code").get_attribute("aria-selected") == "true"
        # The model is told the same.
        answers.append(MENDED)
        by(page, "fix-runtime").click()
        wait_for_version(page, 4)
        assert "src/LLMComponent.tsx:9 RangeError: third" in json.dumps(model.requests[-2:])


def test_everybody_sees_what_the_app_says_in_each_browser(server, browser):
    app = server.create_and_wait("a recipe")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    eventually(lambda: ben.locator("#people li").count() == 2, "both are here")
    for page in (ana, ben):
        by(page, "console-toggle").click()
        assert "Nothing was logged" in by(page, "console").inner_text()
    press(ana, "Log")
    assert line_with(ben, "servings") == ["log", 'servings {"now":8}', "Ana"]
    assert line_with(ana, "servings") == ["log", 'servings {"now":8}', "You"]
    press(ben, "Warn")
    for page, who in ((ana, "Ben"), (ben, "You")):
        assert line_with(page, "<b") == ["warn", HOSTILE, who], "markup is text"
        assert page.evaluate("() => window.hit") is None
    press(ana, "Long")
    long = line_with(ben, "xxxxxx")
    assert len(long[1]) == 2000

    # The same error in both browsers is one line with a count, a number at the button and a card.
    press(ana, "Break")
    press(ben, "Break")
    for page in (ana, ben):
        eventually(lambda page=page: line_with(page, "item.done")[2] in ("Ana and You", "You and Ana", "Ben and You", "You and Ben"), "both threw it")
        assert len([line for line in lines(page) if line[0] == "error"]) == 1
        assert page.locator("#console-toggle .console-count.is-error").inner_text() == "1"
        assert "item.done is not a function" in by(page, "runtime-error").inner_text()
    # Levels, and clearing, are each reader's own.
    ben.locator("#console-levels [data-level=error]").click()
    assert {line[0] for line in lines(ben)} == {"error"}
    ben.locator("#console-levels [data-level='']").click()
    by(ben, "console-clear").click()
    eventually(lambda: lines(ben) == [], "cleared")
    assert len(lines(ana)) >= 4

    # One button sends it back; what was mended is no longer shown as broken.
    by(ana, "fix-runtime").click()
    wait_for_version(ana, 2)
    frame(ben).get_by_text("Mended").wait_for()
    for page in (ana, ben):
        eventually(lambda page=page: by(page, "runtime-error").count() == 0 or by(page, "runtime-error").first.is_hidden(), "no card")
    asked = json.dumps(server.model.requests[-2:])
    assert "item.done is not a function" in asked


def test_a_flood_is_bounded(server, browser):
    app = server.create_and_wait("a recipe")
    watcher = server.socket(user_id="zoe")
    watcher.subscribe(f"app:{app}")
    ana = browser.person("Ana")
    open_app(ana, server, app)
    frame(ana).get_by_role("button", name="Log", exact=True).wait_for()
    press(ana, "Flood")
    press(ana, "Log")
    watcher.wait_for(f"app:{app}", "console", 10)
    ana.wait_for_timeout(1500)
    told = watcher.events(f"app:{app}", "console")
    assert 10 <= len(told) <= 40, len(told)
    assert all(event["user_id"] and event["level"] == "log" for event in told)
    watcher.close()


def test_a_program_reports_and_is_held_to_the_limits(server):
    app = server.create_and_wait("a recipe")
    client = server.socket(user_id="ana", name="Ana")
    client.subscribe(f"app:{app}")
    entry = {"level": "error", "text": "broken\u0000\u001b[31m", "path": "src/LLMComponent.tsx", "line": 4}
    assert client.rpc("app.console", app_id=app, entries=[entry, entry])["rpc"]["data"] == {"status": "ok"}
    event = client.wait_for(f"app:{app}", "console")
    assert event == {
        "type": "console", "level": "error", "text": "broken[31m", "path": "src/LLMComponent.tsx", "line": 4,
        "user_id": "ana", "count": 2,
    }
    for bad in ([], [{"level": "loud", "text": "x"}], [{"level": "log", "text": "x"}] * 51, "x", [None]):
        assert client.rpc("app.console", app_id=app, entries=bad)["error"]["code"] == 422, bad
    answers = [client.rpc("app.console", app_id=app, entries=[{"level": "log", "text": "x"}]) for _ in range(40)]
    refused = [answer["error"] for answer in answers if "error" in answer]
    assert refused and all(error["code"] == 429 and error["temporary"] for error in refused)
    assert client.rpc("app.console", app_id="app-aaaaaaaaaaaaaaaa", entries=[entry])["error"]["code"] in (404, 429)
    # It tells of the moment only: whoever comes later gets the state without it.
    late = server.socket(user_id="late")
    assert "console" not in json.dumps(late.subscribe(f"app:{app}")["data"])
    assert server.post(f"/api/app/{app}/repair")["status"] == "ok"
    eventually(lambda: any("broken[31m" in json.dumps(request) for request in server.model.requests), "the model is told")
    client.close()
    late.close()
