"""What the check of names finds is what fails in a real browser, and what it lets pass does not."""

import subprocess
from pathlib import Path

from harness import eventually
from scripted_model import ScriptedModel, is_code, is_repair, tagged
from test_template import ROOT, relay, template  # noqa: F401 (a fixture)

# React's advice, and what the browser says of a module whose absence is caught.
HARMLESS = ("Warning:", "Failed to load resource:")
CASES = (ROOT / "Tests/SandboxesTests/Names/cases.txt").read_text()


def cases() -> list[tuple[str, list[str], str]]:
    """Title, findings and code of each."""
    found = []
    for block in ("\n" + CASES).split("\n=== ")[1:]:
        title, *lines = block.split("\n")
        findings = [line[4:] for line in lines if line.startswith("--- ")]
        found.append((title, findings, "\n".join(line for line in lines if not line.startswith("--- "))))
    return found


def press(page) -> None:
    """Clicks the first button, if there is one, even where an error lies over it by now."""
    page.locator("#root button").evaluate_all("(buttons) => buttons[0]?.click()")


def test_the_cases_fail_and_work_in_a_browser_as_they_say(template, browser):  # noqa: F811
    preview = relay(template.socket)
    page = browser.person("ana")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and not said.text.startswith(HARMLESS) and errors.append(said.text))
    for title, findings, code in cases():
        # A page that is open would take the change by itself.
        page.goto("about:blank")
        answer = template.edit(code)
        if answer["status"] != "ok":
            # The bundler's own.
            assert findings, (title, answer)
            assert [each.get("code") for each in answer["errors"]] == [each.split(" ")[0] for each in findings], title
            continue
        errors.clear()
        page.goto(f"http://x.vibe.localhost:{preview.getsockname()[1]}/")
        if findings == ["component_empty"]:
            assert page.locator("#root > *").count() == 0, title
            continue
        eventually(lambda: errors or page.locator("#root > *").count() or page.get_by_text("drawn").count(), f"{title}: anything")
        if findings:
            # Some fail only when they are used, and the dev server may load the page anew under the first click.
            eventually(lambda: errors or press(page) or errors, f"{title}: an error")
        else:
            press(page)
            assert errors == [] and page.get_by_role("alert").count() == 0, (title, errors)
    page.context.close()
    preview.close()


def test_the_list_of_globals_has_all_that_the_installed_browsers_know():
    found = subprocess.run([Path(ROOT) / "scripts/record-globals", "--check"], capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stdout + found.stderr


GOOD = """import { useState } from "react";
export default function App() {
  const [n, set] = useState(0);
  return <button onClick={() => set(n + 1)}>count {n}</button>;
}
"""
BAD = GOOD.partition("\n")[2]


def test_code_without_its_import_is_mended_before_it_is_served(start_server):
    def answer(request: dict) -> str:
        if not is_code(request):
            return "A counter."
        return f"```tsx\n{GOOD if is_repair(request) else BAD}```"

    with ScriptedModel(answer) as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
        client = server.socket()
        app = client.rpc("app.create", prompt="a counter")["rpc"]["data"]["app_id"]
        client.subscribe(f"app:{app}")
        client.wait_for(f"app:{app}", "generation.finished", outcome="succeeded", version=1)
        assert server.code(app) == GOOD
        (repair,) = [request for request in model.requests if is_repair(request)]
        assert "src/LLMComponent.tsx:2:20: `useState` " in tagged(repair, "errors")


def test_the_page_says_what_is_missing(start_server, browser):
    with ScriptedModel(lambda request: f"```tsx\n{BAD}```" if is_code(request) else "A counter.") as model:
        server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k", VIBE_MAX_REPAIRS="0")
        app = server.create("a counter")
        server.wait_until_idle(app)
        page = browser.person("Ana")
        page.goto(f"{server.site}/app/{app}")
        page.get_by_text("useState is used but never defined.").first.wait_for()
