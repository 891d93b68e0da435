"""How a generation looks as it comes: still, even, followed only where its reader is at the end, and bounded."""

import re
import threading

import pytest

from harness import eventually
from scripted_model import ScriptedModel, is_code
from stage import GOOD, HeldModel
from test_main_job import code_text, no_errors, open_app, wait_for_version

SHIFTS = """() => {
    window.shifts = []
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            if (!entry.hadRecentInput) window.shifts.push([entry.value, entry.sources.map(({ node }) => node?.id || node?.className || node?.nodeName)])
        }
    }).observe({ type: 'layout-shift', buffered: true })
}"""


@pytest.fixture
def slow_server(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "300", "--fault", "bad-component")
    return start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_shifts_while_something_is_built(slow_server, browser, width, capsys):
    """From an empty app over a repair to the first version, and a second one on top."""
    page = browser.person("Ana", viewport={"width": width, "height": 844})
    page.add_init_script(f"({SHIFTS})()")
    app = slow_server.create("a kanban board for two people")
    page.goto(f"{slow_server.site}/app/{app}")
    wait_for_version(page, 1)
    slow_server.write(app, "make it blue")
    page.wait_for_function("() => window.vibe.state.generation")
    wait_for_version(page, 2)
    shifts = page.evaluate("() => window.shifts")
    total = sum(value for value, _ in shifts)
    with capsys.disabled():
        print(f"\nCLS of two generations at {width}: {total:.4f} {sorted(shifts, reverse=True)[:3]}")
    assert total < 0.02, shifts
    no_errors(page)


def test_text_appears_in_small_parts_once_a_frame(start_server, browser):
    """A burst of thousands of characters is spread over frames, and no region is written twice in one."""
    lines = "".join(f'const line{number} = "of a long file that comes all at once";\n' for number in range(400))

    def answer(request):
        if not is_code(request):
            return "It is on its way. " * 40
        return pieces()

    def pieces():
        yield "```tsx\nconst first = 0;\n"
        start.wait(60)
        yield lines
        hold.release.wait(60)
        yield GOOD + "```"

    hold, start = HeldModel(), threading.Event()
    with ScriptedModel(answer) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        page = browser.person("Ana")
        page.add_init_script(
            """
            window.sizes = []
            window.addEventListener('DOMContentLoaded', () => {
                const code = document.getElementById('code')
                if (!code) return
                let writes = 0
                const frame = () => { window.most = Math.max(window.most ?? 0, writes); writes = 0; requestAnimationFrame(frame) }
                requestAnimationFrame(frame)
                new MutationObserver(() => { writes += 1; window.sizes.push(code.querySelectorAll('.line').length) }).observe(code, { childList: true, subtree: true })
            })"""
        )
        app = server.create("a long file")
        open_app(page, server, app)
        page.locator("#tab-code").click()
        page.locator("#code .line").first.wait_for()
        start.set()
        page.wait_for_function("() => document.querySelectorAll('#code .line').length > 390")
        sizes, most = page.evaluate("() => [window.sizes, window.most]")
        hold.release.set()
        wait_for_version(page, 1)
        assert len(sizes) > 5, sizes
        assert max(after - before for before, after in zip([0, *sizes], sizes)) < 300
        assert most <= 2
        assert code_text(page).rstrip("\n") == server.code(app).rstrip("\n")
        no_errors(page)


def test_the_reader_keeps_their_place(start_server, browser):
    held = HeldModel()
    with ScriptedModel(held) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        app = server.create_and_wait("A recipe page called Sunday sauce " + "with much to say about it " * 60)
        server.write(app, "Once more " + "with feeling and many words " * 60)
        server.wait_until_idle(app)
        page = browser.person("Ana")
        open_app(page, server, app)
        log = "document.getElementById('log')"
        end = f"{log}.scrollHeight - {log}.scrollTop - {log}.clientHeight"
        page.wait_for_function(f"() => {log}.scrollHeight > {log}.clientHeight + 200 && {end} < 2")
        # 40 pixels above the end is at the end; further up is not.
        page.evaluate(f"() => {{ {log}.scrollTop -= 40 }}")
        server.write(app, "A print view, held")
        page.wait_for_function(f"() => window.vibe.state.generation && {end} < 2")
        page.evaluate(f"() => {{ {log}.scrollTop -= 300 }}")
        page.wait_for_function(f"() => {end} > 200")
        place = page.evaluate(f"() => {log}.scrollTop")
        held.release.set()
        page.wait_for_function("() => !window.vibe.state.generation")
        page.locator("#new-below").wait_for()
        assert page.evaluate(f"() => {log}.scrollTop") == place
        page.locator("#new-below").click()
        page.wait_for_function(f"() => {end} < 2")
        assert page.locator("#new-below").is_hidden()
        no_errors(page)


def test_older_messages_come_on_demand(start_server, browser):
    with ScriptedModel(HeldModel()) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        app = server.create_and_wait("A recipe page called Sunday sauce, 1")
        for number in range(2, 61):
            server.write(app, f"number {number}")
            server.wait_until_idle(app)
        page = browser.person("Ana")
        open_app(page, server, app)
        count = "() => document.querySelectorAll('[data-testid=turn]').length"
        page.wait_for_function("() => window.vibe.state.messages.length === 100")
        page.locator("[data-testid=turn]").first.wait_for()
        assert page.evaluate(count) == 40
        few = page.evaluate("() => document.querySelectorAll('#turns *').length")
        earlier = page.locator("#earlier")
        assert earlier.inner_text() == "Earlier messages"
        page.evaluate("() => (document.getElementById('log').scrollTop = 0)")
        top = page.locator("[data-testid=turn]").first
        key = top.get_attribute("data-message-id")
        before = top.bounding_box()["y"]
        earlier.click()
        page.wait_for_function(f"() => ({count})() === 60")
        after = page.locator(f"[data-message-id='{key}']").bounding_box()["y"]
        assert abs(after - before) <= 60, "what was read stays in view"
        assert earlier.is_hidden()
        assert page.locator("[data-testid=turn]").first.inner_text().find("Sunday sauce, 1") >= 0
        # Who goes back to the end and gets something new has the short page again.
        page.evaluate("() => { const log = document.getElementById('log'); log.scrollTop = log.scrollHeight }")
        page.wait_for_function("() => { const log = document.getElementById('log'); return log.scrollHeight - log.scrollTop - log.clientHeight < 2 }")
        server.write(app, "number 61")
        page.wait_for_function(f"() => ({count})() === 40")
        server.wait_until_idle(app)
        nodes = page.evaluate("() => document.querySelectorAll('#turns *').length")
        assert nodes < few * 1.3
        # So do older versions; whoever asked by keyboard goes on with the first of them.
        page.locator("#tab-versions").click()
        page.wait_for_function("() => document.querySelector('[data-testid=version]').dataset.version === '61'")
        assert page.locator("[data-testid=version]").count() == 40
        page.locator("#versions-earlier").press("Enter")
        page.wait_for_function("() => document.querySelectorAll('[data-testid=version]').length === 61")
        assert page.evaluate("() => document.activeElement.closest('[data-testid=version]').dataset.version") == "21"
        assert page.locator("#versions-earlier").is_hidden()
        no_errors(page)


def test_five_thousand_lines_are_read_to_the_end(start_server, browser):
    lines = "".join(f"const value{number} = {number}; // of many\n" for number in range(5000))
    source = GOOD.replace("export default", lines + "export default")
    answer = lambda request: f"```tsx\n{source}```" if is_code(request) else "It is long."
    with ScriptedModel(answer) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        app = server.create_and_wait("a long file")
        page = browser.person("Ana")
        open_app(page, server, app)
        page.locator("#tab-code").click()
        eventually(lambda: code_text(page).rstrip("\n") == server.code(app).rstrip("\n"), "all lines")
        # What is out of view is not laid out, and the browser has few things to look at for that.
        shown = "(things) => [...document.querySelectorAll(things)].map((thing) => [thing.querySelectorAll('.line').length, getComputedStyle(thing).contentVisibility])"
        chapters, blocks = page.evaluate(shown, "#code > *"), page.evaluate(shown, "#code > :last-child > *")
        assert chapters[:-2] == [[500, "auto"]] * (len(chapters) - 2) and len(chapters) > 10
        assert blocks[:-2] == [[50, "auto"]] * (len(blocks) - 2)
        # Nothing jumps when it comes into view: it is as high as was said.
        height = page.evaluate("() => document.getElementById('code-scroll').scrollHeight")
        page.evaluate("() => { const code = document.getElementById('code-scroll'); code.scrollTop = code.scrollHeight }")
        page.wait_for_function("() => { const last = document.querySelector('#code > :last-child > :last-child > :last-child').getBoundingClientRect(); return last.top < innerHeight && last.bottom > 0 }")
        assert page.evaluate("() => document.getElementById('code-scroll').scrollHeight") == height
        no_errors(page)


def test_a_long_line_can_be_read_to_its_end_and_the_peek_holds_the_last_lines(start_server, browser):
    held = HeldModel()
    long = "// " + "a long way to go " * 40 + "THE END"
    lines = "".join(f"const value{number} = {number};\n" for number in range(1000))

    def answer(request):
        return pieces() if is_code(request) else "It is long."

    def pieces():
        yield f"```tsx\n{long}\n{lines}"
        held.release.wait(60)
        yield GOOD + "```"

    with ScriptedModel(answer) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        app = server.create("a long file")
        page = browser.person("Ana")
        open_app(page, server, app)
        page.wait_for_function("() => document.querySelector('#peek-lines > :last-child > :last-child > .line:last-of-type')?.dataset.n === '1002'")
        assert page.evaluate("() => document.querySelectorAll('#peek-lines .line').length") <= 100
        peek = page.locator("#peek-lines").bounding_box()
        last = page.locator("#peek-lines > :last-child > :last-child > .line").last.bounding_box()
        assert peek["y"] < last["y"] and last["y"] + last["height"] <= peek["y"] + peek["height"]
        held.release.set()
        wait_for_version(page, 1)
        page.locator("#tab-code").click()
        page.evaluate("() => document.getElementById('code-scroll').scrollTo(0, 0)")
        page.wait_for_function("() => { const code = document.getElementById('code-scroll'); code.scrollLeft = 1e6; return code.scrollLeft > 500 }")
        no_errors(page)


def test_nothing_is_said_of_an_app_before_it_is_known(start_server, browser):
    server = start_server()
    app = server.create("A recipe page called Sunday sauce")
    page = browser.person("Ana")
    # The connection opens and nothing comes over it.
    page.route_web_socket(re.compile("/connection/websocket"), lambda socket: None)
    page.goto(f"{server.site}/app/{app}")
    page.locator("#tab-code svg").wait_for()
    for name in ("#first-title", "#status .status", "#track .string"):
        assert not page.locator(name).is_visible(), name
    labels = [page.locator(f"#tab-{name}").bounding_box()["x"] for name in ("preview", "code", "versions")]
    page.evaluate("() => document.querySelectorAll('.tab svg').forEach((icon) => icon.remove())")
    assert [page.locator(f"#tab-{name}").bounding_box()["x"] for name in ("preview", "code", "versions")] == labels


def test_the_first_version_takes_its_place_when_it_is_loaded(start_server, browser):
    """What was shown while it was made stays until then: nothing blank comes between."""
    held = []
    waits = HeldModel()
    with ScriptedModel(waits) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        page = browser.person("Ana")
        page.route(re.compile(r"^http://app-[^/]+/$"), lambda route: held.append(route))
        app = server.create("A recipe page called Sunday sauce, held")
        open_app(page, server, app)
        page.locator("#peek .line").first.wait_for()
        waits.release.set()
        wait_for_version(page, 1)
        page.wait_for_function("() => document.querySelector('#frame-holder iframe')")
        assert page.locator("#first-build").is_visible()
        assert page.locator("#first-title").inner_text() == "The first version appears here"
        page.locator("#first-text").get_by_text("It is made, and opens now.").wait_for()
        eventually(lambda: page.evaluate("() => 1") and held, "the frame asks for its page")
        held[0].continue_()
        page.locator("#first-build").wait_for(state="hidden")
        page.frame_locator("[data-testid=preview-frame]").locator("h1").wait_for()
        no_errors(page)
