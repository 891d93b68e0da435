"""Every state of every page, at three widths, light and dark: nothing for axe, nothing cut, targets for fingers."""

import os

import pytest

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error
from scripted_model import ScriptedModel
from stage import STATES, WITH_ERRORS, HeldModel, WholeStage, shot

SIZES = {1440: 900, 820: 1180, 390: 844}
# The schemes of each width: a page is opened in the first and changed to the next. For `make shots` both of each.
BOTH = ("light", "dark")
LOOKS = dict.fromkeys(SIZES, BOTH) if os.environ.get("VIBE_SHOTS") else {1440: ("light",), 820: ("dark",), 390: BOTH}

# On a preview's host our page has no script that could wait, and its one line of words is soon read again.
ALLOWED = {("503-full", "meta-refresh")}

# What is too small for a finger, but links inside of a sentence, which may be as high as its line.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, textarea, [role=tab], [role=separator]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((element) => !element.closest('.skip, .visually-hidden, p, [tabindex="-1"]'))
    .map((element) => [element, (element.closest('label, .card') ?? element).getBoundingClientRect()])
    .filter(([element, box]) => box.width > 1 && (box.height < 44 || box.width < 44))
    .map(([element, box]) => `${element.tagName} #${element.id} .${element.className} ${box.width.toFixed()}x${box.height.toFixed()}`)"""

# Elements that lie outside of the page, or whose text is wider than they are without saying so.
CUT = """() => {
    const width = document.documentElement.clientWidth
    const scrolls = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const { overflowX } = getComputedStyle(at)
            if (at !== document.body && (overflowX === 'auto' || overflowX === 'scroll')) return true
        }
        return false
    }
    return [...document.querySelectorAll('body :is(button, a, h1, h2, h3, p, li, input, textarea, select, label)')]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.visually-hidden, .skip') && !scrolls(element))
        .map((element) => [element, element.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && (box.right > width + 1 || box.left < -1))
        .map(([element, box]) => `${element.tagName} #${element.id} .${element.className} ${box.left.toFixed()}..${box.right.toFixed()}`)
}"""


@pytest.fixture(scope="module")
def model():
    held = HeldModel()
    with ScriptedModel(held) as model:
        model.held = held
        yield model
        held.release.set()


@pytest.fixture(scope="module")
def stage(bin_dir, model, tmp_path_factory):
    from harness import Server

    folder = tmp_path_factory.mktemp("stage")
    for part in (folder, folder.parent):
        part.chmod(0o755)
    started = []

    def start(name, **settings):
        (folder / name).mkdir(mode=0o755)
        server = Server(bin_dir, folder / name, (), settings)
        started.append(server)
        server.wait_until_ready()
        return server

    stage = WholeStage(start, model)
    yield stage
    stage.close()
    model.held.release.set()
    for server in started:
        server.stop()


def options(width: int, scheme: str) -> dict:
    touch = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    return {"viewport": {"width": width, "height": SIZES[width]}, "color_scheme": scheme, **touch}


def settle(page) -> None:
    """Waits for fonts and for what glides and fades to come to its end."""
    page.evaluate(
        """async () => {
            await document.fonts.ready
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
            await Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {})))
        }"""
    )


def problems_of(page, name: str, width: int) -> list[tuple]:
    """What axe and our own rules find on a page that has come to rest."""
    problems = []
    for found in Axe().run(page).response["violations"]:
        if (name, found["id"]) in ALLOWED:
            continue
        nodes = [(node["target"], node.get("failureSummary", "").splitlines()[1:2]) for node in found["nodes"][:3]]
        problems.append((name, found["id"], nodes))
    problems += [(name, "cut", what) for what in page.evaluate(CUT)]
    if page.evaluate("() => document.documentElement.scrollWidth") > width:
        problems.append((name, "wider than the screen", page.evaluate("() => document.documentElement.scrollWidth")))
    if width < 1000:
        problems += [(name, "too small", what) for what in page.evaluate(SMALL_TARGETS)]
    if page.errors and name not in WITH_ERRORS:
        problems.append((name, "errors", page.errors))
    return problems


# Some forty states, each with axe's own look at it; each width may have a worker, and then servers, of its own.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("width", [pytest.param(width, marks=pytest.mark.xdist_group(f"pages at {width}")) for width in LOOKS])
def test_every_state_is_accessible_and_whole(stage, browser, width):
    problems = []
    chosen = os.environ.get("VIBE_STATES", ",".join(STATES)).split(",")
    for name, go in ((name, STATES[name]) for name in chosen):
        page = browser.person("Ana", **options(width, LOOKS[width][0]))
        try:
            go(stage, page)
        except Error as error:
            problems.append((name, "not reached", str(error)))
            page.context.close()
            continue
        for scheme in LOOKS[width]:
            page.emulate_media(color_scheme=scheme)
            settle(page)
            shot(page, f"{name}-{width}-{scheme}")
            problems += [(scheme, *problem) for problem in problems_of(page, name, width)]
        page.context.close()
    assert not problems, "\n".join(map(str, problems))
