"""The whole product by keyboard: keys of their own, the sheet that lists them, and where the focus is."""

import re

import pytest

from scripted_model import ScriptedModel
from stage import HeldModel
from test_main_job import by, frame, no_errors, open_app, wait_for_version


@pytest.fixture
def server(start_server):
    with ScriptedModel(HeldModel()) as model:
        yield start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")


def focused(page) -> str:
    return page.evaluate("() => document.activeElement?.id ?? ''")


def tab(page) -> str:
    return page.locator(".tabs [aria-selected=true]").get_attribute("id")


def test_an_app_is_made_changed_and_read_without_a_mouse(server, browser):
    page = browser.person("Ana")
    page.goto(server.site)
    page.wait_for_function("() => window.vibe?.state.ready")
    # The first stop leads past everything.
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to prompt"
    page.keyboard.press("Enter")
    page.keyboard.type("A recipe page called Sunday sauce")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/app/app-"))
    wait_for_version(page, 1)
    frame(page).locator("h1").wait_for()

    page.keyboard.press("/")
    assert focused(page) == "composer"
    page.keyboard.type("1 2 3 grams and cups t?")
    assert tab(page) == "tab-preview" and not page.locator("dialog").count(), "no key fires while somebody types"
    page.keyboard.press("Control+Enter")
    wait_for_version(page, 2)
    assert focused(page) == "composer", "after Send the focus stays"
    page.keyboard.press("Escape")
    assert focused(page) != "composer"

    page.keyboard.press("d")
    assert page.locator("#frame-holder").get_attribute("data-width") == "768"
    page.keyboard.press("D")
    assert page.locator("#frame-holder").get_attribute("data-width") == "390"
    page.evaluate("() => { window.loads = 0; document.querySelector('[data-testid=preview-frame]').addEventListener('load', () => (window.loads += 1)) }")
    page.keyboard.press("r")
    page.wait_for_function("() => window.loads === 1")

    page.keyboard.press("2")
    assert tab(page) == "tab-code"
    by(page, "changes").click()
    by(page, "diff").locator(".row").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("[")
    page.wait_for_function("() => window.vibe.page.reading.version === 1")
    page.keyboard.press("]")
    page.wait_for_function("() => window.vibe.page.reading.version !== 1")
    page.keyboard.press("3")
    assert tab(page) == "tab-versions"
    page.focus("#tab-versions")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "tab-preview" and tab(page) == "tab-preview"

    page.keyboard.press("t")
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(server.site + "/")
    page.wait_for_function("() => window.vibe?.state.ready")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(server.site + "/dashboard")
    no_errors(page)


def test_every_stop_of_the_focus_is_seen(server, browser):
    app = server.create_and_wait("A recipe page called Sunday sauce")
    page = browser.person("Ana")
    for address in ("/", f"/app/{app}"):
        page.goto(server.site + address)
        page.wait_for_function("() => window.vibe?.state.ready")
        page.evaluate("() => document.querySelector('iframe')?.setAttribute('tabindex', '-1')")
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => {
                    const element = document.activeElement
                    if (element === document.body) return null
                    const shows = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                    const around = element.closest('.prompt-box, .composer')
                    const box = element.getBoundingClientRect()
                    return [
                        element.id || element.className || element.tagName,
                        [getComputedStyle(element), getComputedStyle(element, '::after'), ...(around ? [getComputedStyle(around)] : [])].some(shows),
                        box.width > 0 && box.height > 0,
                    ]
                }"""
            )
            if stop is None:
                break
            seen.append(stop)
        assert len(seen) > 8
        assert not [stop for stop in seen if not (stop[1] and stop[2])]


def test_a_key_is_turned_off_for_good(server, browser):
    page = browser.person("Ana")
    page.goto(server.site)
    page.wait_for_function("() => window.vibe?.state.ready")
    page.keyboard.press("?")
    sheet = by(page, "keys-sheet")
    assert "Switch the theme" in sheet.inner_text()
    sheet.locator("[data-keys=t]").uncheck()
    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")
    theme = "() => document.documentElement.dataset.theme ?? ''"
    page.keyboard.press("t")
    assert page.evaluate(theme) == ""
    page.reload()
    page.wait_for_function("() => window.vibe?.state.ready")
    page.keyboard.press("t")
    assert page.evaluate(theme) == ""
    # The button that opens the sheet gets the focus back.
    page.locator("#keys-open").click()
    by(page, "keys-sheet").locator("[data-keys=t]").check()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement?.id === 'keys-open'")
    page.keyboard.press("t")
    assert page.evaluate(theme) == "dark"
    no_errors(page)
