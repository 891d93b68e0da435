"""What a page makes of an answer: words are a message, the last file of several counts, and only a repair is called one."""

import threading

import pytest

from harness import eventually
from scripted_model import ScriptedModel, asked, is_code, is_repair
from test_main_job import ask, by, code_text, frame, no_errors, open_app, steps, wait_for_version

FIRST = "export default function App() {\n  return <h1>First light</h1>;\n}\n"
SECOND = "export default function App() {\n  return <h1>Second wind</h1>;\n}\n"
DRAFT = "function Row() {\n  return <li>Only a draft</li>;\n}\n"
LONG = "export default function App() {\n  return <ol>\n" + "".join(f"    <li>Line {n}</li>\n" for n in range(60)) + "  </ol>;\n}\n"
COUNTER = "import { useState } from \"react\";\n\nexport default function App() {\n  const [count, setCount] = useState(0);\n  const more = () => setCount(count + 1);\n  return <button onClick={more}>First light {count}</button>;\n}\n"
LEFT_OUT = "export default function App() {\n  // ... existing code\n  return <h1>Second wind</h1>;\n}\n"
WORDS = "It saves the list.\n\nThe list is kept in this browser: <b>nothing</b> is sent."
PROVISIONAL = "I am changing the button."


def fenced(source: str) -> str:
    return f"```tsx\n{source}```"


class Script:
    """Gives the answers of the code model one after the other; `go` lets one that is held go on."""

    def __init__(self):
        self.answers: list = []
        self.requests: list[dict] = []
        self.go = threading.Semaphore(0)

    def __call__(self, request: dict):
        if not is_code(request):
            return PROVISIONAL
        self.requests.append(request)
        return self.answers.pop(0)

    def held(self, *pieces: str):
        """Pieces, each after the first when the test says so."""
        for number, piece in enumerate(pieces):
            if number > 0:
                self.go.acquire(timeout=120)
            yield piece


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def start(start_server, script):
    with ScriptedModel(script) as model:
        yield lambda **settings: start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k", **settings)


def last_turn(page):
    return by(page, "turn").last


def explanations(page) -> list[str]:
    return last_turn(page).locator("[data-testid=explanation]:visible").all_inner_texts()


def is_quiet(page) -> bool:
    """Whether nothing is said to have failed, and nothing is offered because of it."""
    offered = page.locator("[data-testid=retry], [data-testid=fix], .error-card, .result[data-outcome]").locator("visible=true")
    return offered.count() == 0 and page.locator("#strip").is_hidden()


def wait_for_end(page) -> None:
    page.wait_for_function("() => window.vibe.state.ready && !window.vibe.state.generation && window.vibe.state.queue.length === 0")


def test_a_question_to_a_live_app_is_a_message_and_the_app_stays(start, script, browser):
    server = start()
    script.answers = [fenced(FIRST), script.held("It saves", WORDS.removeprefix("It saves"))]
    app = server.create_and_wait("a list")
    page = browser.person("Ana")
    open_app(page, server, app)
    frame(page).get_by_text("First light").wait_for()
    ask(page, "what does this button do?")
    page.locator(".explanation.is-streaming").get_by_text(PROVISIONAL).wait_for()
    script.go.release()
    last_turn(page).get_by_text("It saves the list.").wait_for()
    wait_for_end(page)
    assert steps(page)[-1] == ["answered", "done"], steps(page)
    assert not [step for step in steps(page) if step[1] == "failed"]
    for look in ("as it came", "again"):
        assert explanations(page) == [WORDS], look
        assert is_quiet(page), look
        assert page.locator("#status .status-word").inner_text() == "Live"
        frame(page).get_by_text("First light").wait_for()
        assert by(page, "composer").is_enabled()
        assert page.locator("#versions-count").inner_text() == "1"
        page.reload()
        page.wait_for_function("() => window.vibe?.state.ready && window.vibe.state.app.phase === 'live'")
        last_turn(page).get_by_text("It saves the list.").wait_for()
    page.locator("#tab-versions").click()
    assert by(page, "version").count() == 1, "a question is no try at a version"
    assert len(script.requests) == 2, "paid for once"
    no_errors(page)


def test_a_question_as_the_first_prompt_leaves_room_for_the_app(start, script, browser, data_dir):
    server = start()
    script.answers = [WORDS, fenced(FIRST)]
    app = server.create("what can you build?")
    page = browser.person("Ana")

    def is_empty():
        page.wait_for_function("() => window.vibe?.state.ready && window.vibe.state.build.phase === 'answered'")
        page.locator("#first-ask").wait_for()
        assert page.locator("#first-title").inner_text() == "There is no version yet"
        assert page.locator("#status .status-word").inner_text() == "No version"
        assert explanations(page) == [WORDS]
        assert is_quiet(page)

    open_app(page, server, app)
    wait_for_end(page)
    is_empty()
    page.reload()
    is_empty()
    server.stop()
    server = start()
    open_app(page, server, app)
    is_empty()

    other = browser.person("Ben")
    other.goto(f"{server.site}/embed/{app}")
    other.locator("#embed-words").get_by_text("There is no version yet").wait_for()
    other.goto(server.site)
    card = other.locator(f"[data-testid=card][data-app-id='{app}']")
    card.get_by_text("No version").wait_for()
    assert card.get_attribute("data-look") == "asleep" and "Did not build" not in card.inner_text()

    page.locator("#first-ask").click()
    assert page.evaluate("() => document.activeElement.id") == "composer"
    page.keyboard.type("a list")
    by(page, "send").click()
    wait_for_version(page, 1)
    frame(page).get_by_text("First light").wait_for()
    assert page.locator("#first-ask").is_hidden()
    card.locator(".status-word").get_by_text("Live").wait_for()
    page.errors.clear()  # what the browser said of the server's end


def test_a_draft_is_taken_back_without_a_word_of_a_repair(start, script, browser):
    server = start()
    script.answers = [script.held(f"A row first:\n\n{fenced(DRAFT)}\n\nAnd all of it:\n\n", f"```tsx\n{FIRST[:40]}", FIRST[40:] + "```\n")]
    app = server.create("a list")
    page, dashboard = browser.person("Ana"), browser.person("Ben")
    open_app(page, server, app)
    page.locator("#tab-code").click()
    eventually(lambda: "Only a draft" in code_text(page), "the draft is shown")
    script.go.release()
    eventually(lambda: "App()" in code_text(page) and "draft" not in code_text(page), "the draft is taken back")
    last_turn(page).get_by_text("Found the file further on in the answer").wait_for()
    dashboard.goto(f"{server.site}/dashboard")
    by(dashboard, "running-build").get_by_text("Found the file further on in the answer").wait_for()
    assert "epair" not in by(dashboard, "running-build").inner_text()
    script.go.release()
    wait_for_version(page, 1)
    eventually(lambda: code_text(page).rstrip() == FIRST.rstrip(), "the code is the file")
    assert server.code(app).rstrip() == FIRST.rstrip()
    assert "Found the file further on in the answer" in last_turn(page).inner_text()
    for shown in (page, dashboard):
        assert "epair" not in shown.locator("body").inner_text()
    assert "repairing" not in [phase for phase, _ in steps(page)]
    no_errors(page, dashboard)


def test_a_file_that_lost_most_of_itself_is_asked_about_and_so_it_says(start, script, browser):
    server = start()
    script.answers = [fenced(LONG), fenced(SECOND), fenced(LONG.replace("Line", "Row"))]
    app = server.create_and_wait("a long list")
    page = browser.person("Ana")
    open_app(page, server, app)
    frame(page).get_by_text("Line 59").wait_for()
    ask(page, "say row, not line")
    wait_for_version(page, 2)
    frame(page).get_by_text("Row 59").wait_for()
    assert "Asked whether so much was meant to go" in last_turn(page).inner_text()
    assert "epair" not in last_turn(page).inner_text()
    no_errors(page)


def test_code_that_was_left_out_is_quoted_with_its_line(start, script, browser):
    server = start(VIBE_MAX_REPAIRS="1")
    script.answers = [fenced(COUNTER), fenced(LEFT_OUT), fenced(LEFT_OUT), WORDS, fenced(SECOND)]
    app = server.create_and_wait("a list")
    page = browser.person("Ana")
    open_app(page, server, app)
    frame(page).get_by_text("First light").wait_for()
    ask(page, "a second wind")
    by(page, "fix").locator("visible=true").wait_for()
    card = page.locator(".error-card")
    assert card.locator(".error-text").inner_text() == "A comment stands in place of code: “// ... existing code”"
    assert card.locator(".error-place").inner_text() == "LLMComponent.tsx:2:3"
    assert "// ... existing code" in card.locator(".line.is-marked").inner_text()
    assert "One repair did not mend it. Version 1 stays on show." in last_turn(page).inner_text()
    assert is_repair(script.requests[-1]) and asked(script.requests[-1]).strip() == "a second wind"

    # A question in between takes away neither the errors nor what can be done about them.
    ask(page, "what broke?")
    last_turn(page).get_by_text("It saves the list.").wait_for()
    wait_for_end(page)
    assert last_turn(page).locator(".error-card").count() == 0
    by(page, "fix").locator("visible=true").click()
    wait_for_version(page, 2)
    frame(page).get_by_text("Second wind").wait_for()
    assert "Fix what broke:\nA comment stands in place of code: “// ... existing code”" in last_turn(page).inner_text()
    assert by(page, "fix").locator("visible=true").count() == 0
    no_errors(page)


def test_words_in_place_of_a_repair_are_quoted_as_text(start, script, browser):
    server = start(VIBE_MAX_REPAIRS="1")
    broken = "export default function App() {\n  return <h1>never closed;\n}\n"
    script.answers = [fenced(broken), "I would need <b>your</b> list first."]
    app = server.create("a list")
    page = browser.person("Ana")
    open_app(page, server, app)
    text = page.locator(".error-card:not(.is-mended) .error-text").get_by_text("The model answered without a file")
    text.wait_for()
    assert text.inner_text() == "The model answered without a file: “I would need <b>your</b> list first.”"
    wait_for_end(page)
    assert page.locator("#first-title").inner_text() == "The first version did not build"
    no_errors(page)
