"""What the check of names finds is what fails in a real browser, and what it lets pass does not."""

import subprocess
from pathlib import Path

from harness import eventually
from test_template import ROOT, relay, template  # noqa: F401 (a fixture)

CASES = (ROOT / "Tests/SandboxesTests/Names/cases.txt").read_text()


def cases() -> list[tuple[str, list[str], str]]:
    """Title, findings and code of each."""
    found = []
    for block in ("\n" + CASES).split("\n=== ")[1:]:
        title, *lines = block.split("\n")
        findings = [line[4:] for line in lines if line.startswith("--- ")]
        found.append((title, findings, "\n".join(line for line in lines if not line.startswith("--- "))))
    return found


def test_the_cases_fail_and_work_in_a_browser_as_they_say(template, browser):  # noqa: F811
    preview = relay(template.socket)
    page = browser.person("ana")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
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
        # What is in no way to be clicked has failed or is shown by now.
        if page.locator("#root button").count():
            page.locator("#root button").first.click()
        if findings:
            eventually(lambda: errors, f"{title}: an error")
        else:
            assert errors == [] and page.get_by_role("alert").count() == 0, (title, errors)
    page.context.close()
    preview.close()


def test_the_list_of_globals_has_all_that_the_installed_browsers_know():
    found = subprocess.run([Path(ROOT) / "scripts/record-globals", "--check"], capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stdout + found.stderr
