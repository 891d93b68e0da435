"""Pages that can be installed, and take what other apps share."""

from __future__ import annotations

import json
import struct

import pytest

from test_delivery import fetch


@pytest.fixture
def server(start_fast_server):
    return start_fast_server()


def test_the_manifest_and_its_icons(server, browser):
    page = browser.person("Ana")
    page.goto(server.site)
    href = page.locator("link[rel=manifest]").get_attribute("href")
    headers, text = fetch(server, href)
    assert headers["Content-Type"] == "application/manifest+json; charset=utf-8"
    manifest = json.loads(text)
    assert manifest["start_url"] == "/" and manifest["display"] == "standalone"
    assert {"192x192", "512x512", "any"} == {icon["sizes"] for icon in manifest["icons"]}
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}
    touch = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    for icon in [*manifest["icons"], {"src": touch, "type": "image/png", "sizes": "180x180"}]:
        headers, picture = fetch(server, icon["src"])
        assert headers["Content-Type"].startswith(icon["type"])
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", picture[16:24])
            assert f"{width}x{height}" == icon["sizes"]


def test_the_browser_finds_nothing_that_hinders_installing(server, whole_browser):
    page = whole_browser.person("Ana")
    page.goto(server.site)
    session = page.context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == [] and json.loads(found["data"])["name"] == "vibe"
    hindrances = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in hindrances if error["errorId"] != "in-incognito"] == []


@pytest.mark.parametrize("scheme, colour", [("light", "#f7b51b"), ("dark", "#161d17")])
def test_the_bar_of_the_browser_has_the_colour_of_the_page(server, browser, scheme, colour):
    page = browser.person("Ana", color_scheme=scheme)
    page.goto(server.site)
    shown = "() => [...document.querySelectorAll('meta[name=theme-color]')].filter((meta) => matchMedia(meta.media).matches).map((meta) => meta.content)"
    assert page.evaluate(shown) == [colour]


def test_a_shared_text_becomes_a_prompt_and_is_not_sent(server, browser):
    page = browser.person("Ana")
    page.goto(f"{server.site}/?title=Tea&text=a%20timer%20%3Cb%3Efor%3C%2Fb%3E%20tea&url=https%3A%2F%2Fexample.com%2F")
    prompt = page.get_by_test_id("prompt")
    assert prompt.input_value() == "Tea\na timer <b>for</b> tea\nhttps://example.com/"
    assert page.url == f"{server.site}/", "a reload does not add it again"
    page.reload()
    assert prompt.input_value() == "Tea\na timer <b>for</b> tea\nhttps://example.com/"
    page.goto(f"{server.site}/?text=more")
    assert prompt.input_value() == "Tea\na timer <b>for</b> tea\nhttps://example.com/\n\nmore", "a draft is kept"
    assert server.get("/api/apps")["order"] == []
    assert page.errors == []
