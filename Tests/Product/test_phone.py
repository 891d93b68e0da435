"""A phone: the conversation in a sheet with stops, nothing under the keyboard, nothing cut at 320 pixels."""

import pytest

from harness import eventually
from scripted_model import ScriptedModel
from stage import HeldModel, Stage

from test_pages import CUT

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def held():
    held = HeldModel()
    yield held
    held.release.set()


@pytest.fixture
def server(start_server, held):
    with ScriptedModel(held) as model:
        yield start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k", VIBE_ADMIN_SECRET="s3cret")


def open_app(page, server, app):
    page.goto(f"{server.site}/app/{app}")
    page.wait_for_function("() => window.vibe?.state.ready")


def sheet_box(page):
    page.evaluate("async () => Promise.all(document.querySelector('#conversation').getAnimations().map((one) => one.finished.catch(() => {})))")
    return page.locator("#conversation").bounding_box()


def drag(page, selector: str, by: float, steps: int = 12) -> None:
    """With a finger's pace: a pause at the end, so that it is no throw."""
    box = page.locator(selector).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 14
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, steps + 1):
        page.mouse.move(x, y + by * step / steps)
    for _ in range(4):
        page.mouse.move(x, y + by)
    page.mouse.up()


def test_the_conversation_is_a_sheet_with_three_stops(server, browser):
    app = server.create_and_wait("A recipe page called Sunday sauce")
    server.write(app, "A print view, held for long")
    page = browser.person("Ana", **PHONE)
    open_app(page, server, app)
    page.wait_for_function("() => window.vibe.state.generation?.code && Object.keys(window.vibe.state.generation.code).length > 0")
    # The first stop: whose turn it is, which step, and the line that is written.
    peek = page.locator("#peek-open")
    peek.wait_for()
    eventually(lambda: "Generating" in peek.inner_text() and "A print view" in peek.inner_text(), "the peek says what is made")
    assert page.locator("#conversation").evaluate("(one) => getComputedStyle(one).visibility") == "hidden"
    peek.click()
    box = sheet_box(page)
    assert abs(box["height"] - 0.85 * (844 - 64)) < 2 and abs(box["y"] + box["height"] - (844 - 64)) < 1
    assert page.locator("#composer").is_visible()
    # Drawn up: full. Drawn down: 85 %, then away.
    drag(page, "#sheet-handle", -160)
    eventually(lambda: sheet_box(page)["height"] > 844 - 64 - 2, "the whole height")
    drag(page, "#sheet-handle", 120)
    eventually(lambda: page.locator("#conversation").get_attribute("data-stop") == "most", "back to 85 %")
    sheet_box(page)
    drag(page, "#sheet-handle", 420)
    page.wait_for_function("() => document.body.dataset.panel === 'preview'")
    # By keys as well, and the focus comes back to where the sheet is opened.
    page.locator("#tabbar [data-panel=ask]").click()
    page.focus("#sheet-handle")
    page.keyboard.press("ArrowUp")
    assert page.locator("#sheet-handle").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.locator("#sheet-handle").get_attribute("aria-expanded") == "false"
    page.focus("#composer")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.body.dataset.panel") == "ask", "first the field is left"
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.body.dataset.panel === 'preview'")


def test_the_keyboard_on_the_screen_does_not_cover_the_composer(server, browser):
    app = server.create_and_wait("A recipe page called Sunday sauce")
    page = browser.person("Ana", **PHONE)
    # A browser that lays its keyboard over the page only says so through the visual viewport.
    page.add_init_script(
        """Object.defineProperty(window, 'visualViewport', { value: Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0, scale: 1 }) })"""
    )
    open_app(page, server, app)
    page.locator("#tabbar [data-panel=ask]").click()
    page.evaluate("() => { visualViewport.height = innerHeight - 320; visualViewport.dispatchEvent(new Event('resize')) }")
    sheet_box(page)
    box = page.locator("#composer-form").bounding_box()
    assert box["y"] > 54 and box["y"] + box["height"] <= 844 - 320
    assert page.locator("#send").bounding_box()["y"] > 0


@pytest.mark.parametrize("width,height", [(320, 568), (360, 225)])
def test_nothing_is_cut_at_400_percent(start_server, browser, held, width, height):
    """1280 x 900 at 400 % is a page of 320 x 225."""
    with ScriptedModel(held) as model:
        stage = Stage(start_server, model)
        page = browser.person("Ana", viewport={"width": width, "height": height})
        for go in (stage.home, lambda page: stage.app(page, stage.live), lambda page: stage.app(page, stage.live, "code"),
                   lambda page: stage.app(page, stage.live, "versions"), lambda page: stage.app(page, stage.next, "ask")):
            go(page)
            page.evaluate("async () => { await document.fonts.ready }")
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            assert page.evaluate(CUT) == []
        held.release.set()
