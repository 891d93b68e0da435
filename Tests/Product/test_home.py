"""The home page: search, scrolling, drafts, and that what is pushed moves nothing that somebody reads or points at."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import eventually
from scripted_model import ScriptedModel
from stage import HeldModel
from test_main_job import by, no_errors

PLACES = """() => Object.fromEntries([...document.querySelectorAll('#recent .card')].map((card) => {
    const box = card.getBoundingClientRect()
    return [card.dataset.appId, [box.x, box.y, box.width, box.height].map(Math.round).join(' ')]
}))"""


@pytest.fixture
def server(start_server):
    with ScriptedModel(HeldModel()) as model:
        yield start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k", VIBE_ADMIN_SECRET="s3cret", VIBE_MAX_SANDBOXES="20")


def home(browser, server, **options):
    page = browser.person("Ana", **options)
    page.goto(server.site)
    page.wait_for_function("() => window.vibe?.state.ready")
    return page


def settled(page) -> None:
    page.evaluate("async () => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))")


def test_what_comes_and_goes_moves_nothing_under_the_pointer(server, browser):
    apps = [server.create_and_wait(f"A recipe page called Dish {letter}") for letter in "ABCDE"]
    page = home(browser, server)
    page.locator(f"#recent [data-app-id='{apps[0]}']").wait_for()
    page.locator("#recent-title").scroll_into_view_if_needed()
    page.locator(f"#recent [data-app-id='{apps[2]}']").hover()
    before = page.evaluate(PLACES)
    new = server.create_and_wait("A recipe page called Dish F")
    fresh = page.locator("#fresh")
    fresh.wait_for()
    assert fresh.inner_text() == "1 new"
    server.post(f"/api/app/{apps[3]}/terminate", {"admin_secret": "s3cret"})
    gone = page.locator(f"#recent [data-app-id='{apps[3]}']")
    eventually(lambda: "Ended" in gone.inner_text(), "the card says that its app ended")
    assert page.evaluate(PLACES) == before
    # The button lets them in, and what has gone goes.
    fresh.click()
    page.locator(f"#recent [data-app-id='{new}']").wait_for()
    gone.wait_for(state="detached")
    settled(page)
    assert page.evaluate("() => document.activeElement.closest('.card')?.dataset.appId") == new

    # With nobody in the grid, and its top in view, they come in by themselves.
    page.evaluate("() => document.activeElement.blur()")
    page.mouse.move(5, 5)
    page.evaluate("() => window.scrollTo(0, 0)")
    last = server.create_and_wait("A recipe page called Dish G")
    page.locator(f"#recent [data-app-id='{last}']").wait_for()
    assert fresh.is_hidden()

    # By keyboard it is as with the pointer; and somebody who reads further down is not moved either.
    page.locator(f"#recent [data-app-id='{apps[1]}'] a").focus()
    before = page.evaluate(PLACES)
    server.create_and_wait("A recipe page called Dish H")
    fresh.wait_for(state="attached")
    eventually(lambda: fresh.inner_text() == "1 new", "one waits")
    assert page.evaluate(PLACES) == before
    no_errors(page)


def test_search_finds_by_title_and_keeps_the_field_in_place(server, browser):
    apps = [server.create_and_wait(f"A recipe page called {name}") for name in ("Sunday sauce", "Monday soup", "Sunday roast")]
    page = home(browser, server)
    page.keyboard.press("s")
    page.wait_for_function("() => document.activeElement.id === 'search'")
    place = page.locator("#search").bounding_box()
    assert place["y"] < page.viewport_size["height"] * 0.3, "there is room below for what is found"
    page.keyboard.type("sunday")
    page.get_by_role("heading", name="Found").wait_for()
    assert page.evaluate("() => [...document.querySelectorAll('#recent .card')].map((card) => card.dataset.appId)") == [apps[2], apps[0]]
    assert page.locator("#search-words").inner_text() == "2 apps found"
    assert page.locator("#search").bounding_box() == place
    # Signs of the search's own language are text.
    for text in ("%", "_", "<b>", "'"):
        page.locator("#search").fill(text)
        page.locator("#no-match").wait_for()
        assert f"“{text}”" in page.locator("#no-match").inner_text()
        page.locator("#search").fill("soup")
        page.wait_for_function("() => document.querySelector('#search-words').textContent === '1 app found'")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Recent").wait_for()
    assert page.locator("#recent .card").count() == 3
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.id !== 'search'")
    assert page.locator("#search").bounding_box() == place, "leaving moves nothing either"
    no_errors(page)


def test_more_cards_come_by_scrolling_and_by_the_button(server, browser):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: server.create_and_wait(f"A recipe page called Dish number {number}"), range(14)))
    page = home(browser, server)
    page.wait_for_function("() => document.querySelectorAll('#recent .card').length === 12")
    page.mouse.wheel(0, 4000)
    page.wait_for_function("() => document.querySelectorAll('#recent .card').length === 14")
    assert page.locator("#more").is_hidden()
    other = home(browser, server)
    other.locator("#more").focus()
    other.keyboard.press("Enter")
    other.wait_for_function("() => document.querySelectorAll('#recent .card').length === 14")
    no_errors(page, other)


def test_a_draft_outlives_a_reload_and_is_counted(server, browser):
    page = home(browser, server)
    first = page.locator("#prompt").get_attribute("placeholder")
    page.wait_for_function("(first) => document.querySelector('#prompt').placeholder !== first", arg=first)
    page.locator("#ideas button").first.click()
    assert page.locator("#prompt").input_value().startswith("A tea timer"), "a chip fills, and sends nothing"
    assert page.url == server.site + "/"
    text = "é" * 3599
    page.fill("#prompt", text)
    assert page.locator("#prompt-count").is_hidden()
    page.fill("#prompt", text + "👩‍👩")
    assert page.locator("#prompt-count").inner_text() == "3,602 of 4,000"
    page.reload()
    page.wait_for_function("() => window.vibe?.state.ready")
    assert page.locator("#prompt").input_value() == text + "👩‍👩"
    page.fill("#prompt", "x" * 4001)
    by(page, "build-it").click()
    assert "over 4,000" in page.locator("#prompt-problem").inner_text()
    assert page.locator("#prompt").input_value() == "x" * 4001, "the text stays"
    no_errors(page)


def test_an_empty_server_invites(server, browser):
    page = home(browser, server)
    page.get_by_role("heading", name="Nothing has been made here yet").wait_for()
    page.get_by_role("button", name="Write the first one").click()
    assert page.evaluate("() => document.activeElement.id") == "prompt"
    no_errors(page)
