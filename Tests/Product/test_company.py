"""Several people at one app: who is here, where they point, and who types."""

import json

import pytest

from harness import eventually
from scripted_model import ScriptedModel, is_code
from test_main_job import by, frame, no_errors, open_app

TALL = (
    "export default function App() {\n"
    "  return <main style={{ height: 3000, position: 'relative' }}>\n"
    "    <p style={{ position: 'absolute', left: '50%', top: 200 }}>Target</p>\n"
    "  </main>;\n}\n" + "".join(f"// line {number}\n" for number in range(200))
)


@pytest.fixture
def server(start_server):
    def answer(request):
        return f"```tsx\n{TALL}```" if is_code(request) else "I am at it."

    with ScriptedModel(answer) as model:
        yield start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")


def people(page):
    return page.locator("#people .person-name").all_inner_texts()


def cursor_at(page, layer):
    """Where the one cursor of a layer is drawn, from the layer's corner; empty while it is not there or still glides."""
    return page.evaluate(
        """(layer) => {
            const cursor = document.querySelector(`${layer} [data-testid=cursor]`)
            if (!cursor || cursor.getAnimations().length > 0) return []
            const [own, around] = [cursor.getBoundingClientRect(), document.querySelector(layer).getBoundingClientRect()]
            return [Math.round(own.x - around.x), Math.round(own.y - around.y), cursor.dataset.edge ?? '', cursor.innerText.trim()]
        }""",
        layer,
    )


def spy(page):
    """Keeps what a page publishes."""
    page.published = []

    def keep(text):
        for line in text.splitlines() if isinstance(text, str) else []:
            command = json.loads(line or "{}")
            if "publish" in command:
                page.published.append(command["publish"]["data"])

    def listen(socket):
        if "/connection/websocket" in socket.url:
            socket.on("framesent", keep)

    page.on("websocket", listen)


def point(page, element, dx, dy):
    """Moves the mouse to a place of an element, in two steps."""
    box = element.bounding_box()
    page.mouse.move(box["x"] + dx - 30, box["y"] + dy - 30)
    page.mouse.move(box["x"] + dx, box["y"] + dy)


def test_a_pointer_is_seen_where_it_points(server, browser):
    app = server.create_and_wait("a tall page")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    spy(ana)
    open_app(ana, server, app)
    frame(ana).get_by_text("Target").wait_for()
    frame_of = by(ana, "preview-frame")
    # Alone, nobody is told of anything.
    point(ana, frame_of, 200, 150)
    by(ana, "composer").press_sequentially("abc")
    ana.wait_for_timeout(300)
    assert ana.published == []

    open_app(ben, server, app)
    frame(ben).get_by_text("Target").wait_for()
    eventually(lambda: people(ana) == ["Ben", "You"] and people(ben) == ["Ana", "You"], "both are here")
    point(ana, frame_of, 310, 210)
    eventually(lambda: cursor_at(ben, "#preview-cursors") == [310, 210, "", "Ana"], "the pointer over the preview")
    assert cursor_at(ana, "#preview-cursors") == [], "not one's own"
    colour = ben.locator("#people .avatar").first.get_attribute("data-person")
    assert by(ben, "cursor").get_attribute("data-person") == colour
    # Ben scrolls: the pointer stays with what it points at, and becomes a chip when that is out of sight.
    frame(ben).locator("html").evaluate("() => scrollTo(0, 100)")
    eventually(lambda: cursor_at(ben, "#preview-cursors")[:3] == [310, 110, ""], "scrolled")
    frame(ben).locator("html").evaluate("() => scrollTo(0, 800)")
    eventually(lambda: cursor_at(ben, "#preview-cursors")[:3] == [310, 14, "top"], "a chip above")
    # Ana scrolls: it counts from the top of the document.
    frame(ana).locator("html").evaluate("() => scrollTo(0, 1000)")
    point(ana, frame_of, 300, 200)
    eventually(lambda: cursor_at(ben, "#preview-cursors")[:3] == [300, 400, ""], "the same place of the document")
    # In a narrower preview x stays a fraction.
    ben.locator("#devices [data-width='390']").click()
    width = frame_of.bounding_box()["width"]
    eventually(lambda: cursor_at(ben, "#preview-cursors")[:1] == [round(300 / width * 390)], "in 390 pixels")

    # In the code.
    for page in (ana, ben):
        page.locator("#tab-code").click()
    point(ana, ana.locator("#code-scroll"), 240, 120)
    eventually(lambda: cursor_at(ben, "#code-cursors") == [240, 120, "", "Ana"], "the pointer in the code")
    assert cursor_at(ben, "#preview-cursors") == []
    ben.locator("#code-scroll").evaluate("(scroll) => (scroll.scrollTop = 50)")
    eventually(lambda: cursor_at(ben, "#code-cursors")[:2] == [240, 70], "scrolled")
    assert all(set(data) in ({"surface", "x", "y"}, {"typing"}) for data in ana.published)
    # Without a move the name goes, then the arrow.
    eventually(lambda: by(ben, "cursor").locator(".cursor-name.is-gone").count() == 1, "the name is gone")
    eventually(lambda: by(ben, "cursor").count() == 0, "the arrow is gone", deadline=20)
    no_errors(ana, ben)


def test_people_come_go_type_and_take_names(server, browser):
    app = server.create_and_wait("a tall page")
    ana, ben = browser.person("Ana"), browser.person("Ben")
    open_app(ana, server, app)
    open_app(ben, server, app)
    eventually(lambda: people(ana) == ["Ben", "You"], "Ben is here")
    eventually(lambda: people(ben) == ["Ana", "You"], "Ana is here")
    by(ben, "composer").press_sequentially("make it")
    eventually(lambda: ana.locator("#typing.is-shown").count() and ana.locator("#typing").inner_text().strip() == "Ben is typing", "who types")
    assert ana.locator("#typing").bounding_box()["height"] == 22
    assert ben.locator("#typing.is-shown").count() == 0
    eventually(lambda: ana.locator("#typing.is-shown").count() == 0, "it ends by itself")
    # Another name is kept, and reaches everybody.
    ben.locator("#you").click()
    ben.locator("#name-field").fill("Benno <b>")
    ben.get_by_role("button", name="Keep").click()
    eventually(lambda: people(ana) == ["Benno <b>", "You"], "the new name")
    assert ben.evaluate("() => localStorage.getItem('vibe.name')") == "Benno <b>"
    # Who leaves while typing and pointing is gone with all of it.
    eventually(lambda: ben.evaluate("() => window.vibe.connection.state") == "connected", "Ben is back")
    point(ben, by(ben, "preview-frame"), 200, 100)
    eventually(lambda: by(ana, "cursor").count() == 1, "the pointer")
    by(ben, "composer").press_sequentially("x")
    ben.close()
    eventually(lambda: people(ana) == ["You"], "Ben has gone")
    eventually(lambda: by(ana, "cursor").count() == 0 and ana.locator("#typing.is-shown").count() == 0, "nothing of Ben is left")
    no_errors(ana)


def test_a_crowd_is_grouped_and_counted(server, browser):
    app = server.create_and_wait("a tall page")
    ana = browser.person("Ana")
    open_app(ana, server, app)
    crowd = [server.socket(user_id=f"u{number // 2}", name=f"Person {number // 2}") for number in range(14)]
    for client in crowd:
        client.subscribe(f"app:{app}")
    eventually(lambda: ana.locator("#people-rest").inner_text() == "+4", "seven people and oneself")
    assert ana.locator("#people li").count() == 4 and people(ana)[-1] == "You"
    # Every one of them points: twelve are drawn.
    for client in crowd:
        client.subscribe(f"app:{app}:cursors")
        client.call(publish={"channel": f"app:{app}:cursors", "data": {"surface": "preview", "x": 0.5, "y": 50}})
    eventually(lambda: by(ana, "cursor").count() == 12, "twelve pointers")
    for client in crowd:
        client.close()
    eventually(lambda: ana.locator("#people-rest").is_hidden() and people(ana) == ["You"], "alone again")
    eventually(lambda: by(ana, "cursor").count() == 0, "no pointers")
    no_errors(ana)


def test_a_name_is_asked_for_once(server, browser):
    app = server.create_and_wait("a tall page")
    page = browser.person("")
    page.add_init_script("localStorage.getItem('vibe.name') || localStorage.removeItem('vibe.name')")
    open_app(page, server, app)
    name = page.evaluate("() => localStorage.getItem('vibe.name')")
    assert len(name.split(" ")) == 2, "a friendly random one"
    guest = server.socket(user_id="zoe", name="Zoe")
    guest.subscribe(f"app:{app}")
    eventually(lambda: name in by(page, "toast").inner_text(), "the offer")
    by(page, "toast").get_by_role("button").click()
    page.locator("#name-field").fill("Mira")
    page.get_by_role("button", name="Keep").click()
    eventually(lambda: page.locator("#you").get_attribute("aria-label") == "You are Mira. Change your name", "the name")
    guest.wait(lambda: any(push.get("join", {}).get("info", {}).get("conn_info", {}).get("name") == "Mira" for push in guest.pushes), "the join")
    assert by(page, "toast").is_hidden()
    other = server.socket(user_id="yan", name="Yan")
    other.subscribe(f"app:{app}")
    eventually(lambda: "Yan" in people(page), "another guest")
    assert by(page, "toast").is_hidden(), "asked once"
    guest.close()
    other.close()
