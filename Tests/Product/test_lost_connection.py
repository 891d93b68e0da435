"""A page whose connection drops says so, comes back by itself, and is then the same page as one that never dropped."""

import difflib
import re

import pytest

from harness import eventually
from scripted_model import ScriptedModel
from stage import HeldModel, Line, shot
from test_main_job import no_errors, open_app, wait_for_version

# The page as a person sees it, without what is said once and what only one of two people sees.
DOM = """() => {
    const page = document.body.cloneNode(true)
    for (const element of page.querySelectorAll('#people, #people-rest, #announcer, #alarm, #banner, #toast, #typing, script, svg')) element.remove()
    for (const element of page.querySelectorAll('*')) {
        if (element.hidden) element.replaceChildren()
        if (element.matches('.result')) element.removeAttribute('data-key')
        element.removeAttribute('style')
        element.classList.remove('is-idle', 'is-scrolled')
        if (element.getAttribute('class') === '') element.removeAttribute('class')
    }
    const code = [...page.querySelectorAll('.build-total, .step-time, .build-note, .peek-facts, #peek-time, .result-facts, .version-facts .mono')]
    for (const element of code) element.textContent = ''
    return page.innerHTML
}"""


def tidy(html: str) -> list[str]:
    return re.sub(r"(<(?!/))", r"\n\1", html).splitlines()


def same(one, other) -> None:
    def compared():
        first, second = tidy(one.evaluate(DOM)), tidy(other.evaluate(DOM))
        return first == second or list(difflib.unified_diff(first, second, "stayed", "dropped", lineterm="", n=1))

    problems = []

    def equal():
        problems[:] = [compared()]
        return problems[0] is True

    try:
        eventually(equal, "both pages are the same", deadline=20)
    except AssertionError as error:
        raise AssertionError("\n".join(problems[0][:60])) from error


@pytest.fixture
def held():
    held = HeldModel()
    yield held
    held.release.set()


@pytest.fixture
def server(start_server, held):
    with ScriptedModel(held) as model:
        yield start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k", VIBE_ADMIN_SECRET="s3cret")


def banner(page) -> str:
    element = page.locator("[data-testid=banner]")
    return element.inner_text() if element.is_visible() else ""


def test_a_page_that_dropped_is_the_same_as_one_that_never_did(server, held, browser):
    app = server.create_and_wait("A recipe page called Sunday sauce")
    stayed, dropped = browser.person("Ana"), browser.person("Ben")
    line = Line(dropped)
    for page in (stayed, dropped):
        # Both are the same person to the app, so that names do not differ.
        page.add_init_script("localStorage.setItem('vibe.user', 'u-ana')")
        open_app(page, server, app)
        wait_for_version(page, 1)
    same(stayed, dropped)
    # Cut before, while, and after something is built.
    server.write(app, "grams and cups, held", "tom")
    for page in (stayed, dropped):
        page.wait_for_function("() => Object.keys(window.vibe.state.generation?.code ?? {}).length > 0")
    line.cut()
    eventually(lambda: re.search(r"Connection lost\. (Next try in \d+ s|Trying now)\. What you see is from \d\d:\d\d:\d\d\.", banner(dropped).replace("\n", " ")), "the bar says so")
    dropped.fill("#composer", "one more line")
    assert dropped.locator("#send").inner_text() == "Send when back"
    assert dropped.locator("#composer-note").inner_text() == "Kept here until the connection is back"
    shot(dropped, "lost")
    server.write(app, "and a broken list", "tom")
    held.release.set()
    wait_for_version(stayed, 2)
    stayed.wait_for_function("() => !window.vibe.state.generation && window.vibe.state.queue.length === 0")
    line.mend()
    said = eventually(lambda: (text := banner(dropped).replace("\n", " ")).startswith("Back.") and text, "the bar says it is back")
    assert re.fullmatch(r"Back\. \d+ updates caught up, none lost\.", said), said
    assert int(re.search(r"\d+", said)[0]) > 3
    shot(dropped, "back")
    dropped.locator("[data-testid=banner]").wait_for(state="hidden")
    dropped.fill("#composer", "")
    same(stayed, dropped)
    no_errors(stayed)


def test_a_restart_says_that_work_is_kept_and_brings_the_page_up_to_date(server, start_server, browser):
    app = server.create_and_wait("A recipe page called Sunday sauce")
    page = browser.person("Ana")
    open_app(page, server, app)
    wait_for_version(page, 1)
    port = server.port
    assert server.stop() == 0
    eventually(lambda: "The server is restarting. Your work is kept." in banner(page).replace("\n", " "), "the bar says why")
    shot(page, "restarting")
    start_server("--port", str(port))
    eventually(lambda: banner(page).replace("\n", " ") == "Back. The page was brought up to date.", "the bar says what came of it")
    assert page.evaluate("() => window.vibe.state.preview.version") == 1


def test_what_was_typed_offline_is_sent_when_back(server, held, browser):
    app = server.create_and_wait("A recipe page called Sunday sauce")
    page = browser.person("Ana")
    line = Line(page)
    open_app(page, server, app)
    wait_for_version(page, 1)
    line.cut()
    page.wait_for_function("() => window.vibe.connection.state !== 'connected'")
    page.fill("#composer", "grams and cups")
    page.click("#send")
    assert page.locator("#composer-note").inner_text() == "Is sent when the connection is back"
    line.mend()
    wait_for_version(page, 2)
    assert page.locator("#composer").input_value() == ""
