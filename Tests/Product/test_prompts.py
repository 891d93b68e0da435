"""Many different sentences through the whole path; every preview rendered in Chromium without a console error."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROMPTS = [
    "a tea timer with five teas", "a pomodoro timer with breaks", "a to-do list for moving house", "a kanban board for two people",
    "a dashboard with charts for a small bakery", "a pocket calculator", "a quiz on the capitals of Europe", "a landing page for a bicycle repair shop",
    "a bill splitter that remembers who never pays for dessert", "a habit tracker for a month", "a recipe page for my grandmother's ragù",
    "a drum machine with sixteen steps", "a chess clock for two", "a typing test", "a colour palette maker", "a memory card game",
    "tic-tac-toe for two", "a tide and weather card for Brighton", "a markdown notepad", "a unit converter for the kitchen", "a simple counter",
    "a calendar of birthdays", "an expense tracker", "a poll about lunch", "a drawing canvas", "a stopwatch with laps",
    "something to cheer up a rainy Sunday", 'a page titled "</script><b>bold</b>" \\ \u202e 👩‍👩‍👧',
]


def test_every_prompt_becomes_a_preview_without_an_error(start_server, start_simulator, browser):
    simulator = start_simulator("--tokens-per-second", "2000")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k")
    with ThreadPoolExecutor(6) as pool:
        apps = list(pool.map(server.create_and_wait, PROMPTS))
    assert len(set(apps)) == len(PROMPTS) >= 25
    shots = os.environ.get("VIBE_SHOTS")
    page = browser.person("Ana", viewport={"width": 1280, "height": 800})
    codes = set()
    problems = []
    for number, (prompt, app) in enumerate(zip(PROMPTS, apps)):
        codes.add(server.code(app))
        page.errors.clear()
        page.goto(f"http://{app}.vibe.localhost:{server.port}/")
        page.wait_for_function("() => document.body.innerText.trim().length > 10")
        box = page.evaluate("() => { const r = document.querySelector('#root').getBoundingClientRect(); return [r.width, r.height] }")
        if page.errors or box[0] < 200 or box[1] < 100:
            problems.append((prompt, page.errors[:], box))
        if shots:
            Path(shots).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{shots}/{number:02}.png")
    assert not problems, problems
    assert len(codes) == len(PROMPTS), "different prompts give different components"


def test_long_words_in_titles_stay_in_the_frame_of_a_telephone(start_server, start_simulator, browser):
    simulator = start_simulator("--tokens-per-second", "2000")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k")
    word = "Rindfleischetikettierungsueberwachungsaufgaben"
    prompts = [f'{prompt} titled "{word}"' for prompt in PROMPTS[:-1]]
    with ThreadPoolExecutor(6) as pool:
        apps = list(pool.map(server.create_and_wait, prompts))
    shots = os.environ.get("VIBE_SHOTS")
    page = browser.person("Ana", viewport={"width": 390, "height": 844})
    problems = []
    for number, (prompt, app) in enumerate(zip(prompts, apps)):
        page.goto(f"http://{app}.vibe.localhost:{server.port}/")
        heading = page.locator("h1")
        heading.wait_for()
        width, right = page.evaluate(
            """() => {
                const words = document.createRange()
                words.selectNodeContents(document.querySelector('h1'))
                return [document.documentElement.scrollWidth, words.getBoundingClientRect().right]
            }"""
        )
        if word.lower() not in heading.inner_text().lower() or width > 390 or right > 390:
            problems.append((prompt, heading.inner_text(), width, right))
        if shots:
            Path(shots).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{shots}/narrow-{number:02}.png")
    assert not problems, problems
