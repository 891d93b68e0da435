"""What the model is told that a component may import is what the sandbox has: no more, no less."""

import json
import os
import re
from pathlib import Path

import pytest

from scripted_model import ScriptedModel, is_code

ROOT = Path(__file__).resolve().parents[2]
TOOLCHAIN = Path(os.environ.get("VIBE_TOOLCHAIN", ROOT / ".vibe" / "toolchain"))

# An import and an expression that is true when the package does its work.
USES = {
    "react": ('import { useMemo, useState } from "react";', "useState(1)[0] + useMemo(() => 1, []) === 2"),
    "react-dom": ('import { createPortal } from "react-dom";', 'createPortal("x", document.body).children === "x"'),
    "chart.js": (
        'import Chart from "chart.js/auto";',
        'new Chart(document.createElement("canvas"), { type: "bar", data: { labels: ["a"], datasets: [{ data: [1] }] } }).id !== undefined',
    ),
    "chroma-js": ('import chroma from "chroma-js";', 'chroma("red").hex() === "#ff0000"'),
    "classnames": ('import classNames from "classnames";', 'classNames("a", { b: true, c: false }) === "a b"'),
    "d3": ('import * as d3 from "d3";', "d3.scaleLinear().domain([0, 2]).range([0, 10])(1) === 5"),
    "diff": ('import { diffWords } from "diff";', 'diffWords("a b", "a c").length === 3'),
    "dompurify": ('import DOMPurify from "dompurify";', 'DOMPurify.sanitize("<b>a<script>1</script></b>") === "<b>a</b>"'),
    "highlight.js": ('import hljs from "highlight.js";', 'hljs.highlight("json", "1").value.includes("hljs-number")'),
    "immutable": ('import { List } from "immutable";', "List([1, 2]).push(3).size === 3"),
    "katex": ('import katex from "katex";\nimport "katex/dist/katex.min.css";', 'katex.renderToString("x^2").includes("<msup>")'),
    "leaflet": ('import L from "leaflet";\nimport "leaflet/dist/leaflet.css";', 'L.map(document.createElement("div")).setView([50, 8], 5).getZoom() === 5'),
    "lodash": ('import _ from "lodash";', "_.chunk([1, 2, 3], 2).length === 2"),
    "lodash-es": ('import { chunk } from "lodash-es";', "chunk([1, 2, 3], 2).length === 2"),
    "marked": ('import { marked } from "marked";', 'marked.parse("**a**").includes("<strong>a</strong>")'),
    "moment": ('import moment from "moment";', 'moment("2026-01-02").format("D/M") === "2/1"'),
    "seedrandom": ('import seedrandom from "seedrandom";', 'seedrandom("a")() === seedrandom("a")()'),
    "three": ('import * as THREE from "three";', "new THREE.Scene().add(new THREE.Mesh()).children.length === 1"),
    "uuid": ('import { v4 } from "uuid";', "v4().length === 36"),
}

# Folders of the toolchain that are there because others need them.
PARTS = {"@kurkle", "internmap", "js-tokens", "loose-envify", "react-refresh", "scheduler"}


def component(name: str) -> str:
    line, use = USES[name]
    return f"""{line}
export default function App() {{
  const works = {use};
  return <><h1>{{works ? "works: " : "fails: "}}{name}</h1><p className="katex"><i className="{STYLES.get(name, "")}" /></p></>;
}}
"""


# What only the package's own style sheet does, once it has arrived.
STYLES = {"katex": "katex-mathml", "leaflet": "leaflet-pane"}


def told(system: str) -> list[str]:
    """The packages that a system prompt names."""
    line = max(system.splitlines(), key=lambda line: line.count(", "))
    listed = line[line.index("react, ") :].split(". ")[0]
    return [re.match(r"\S+", part).group(0) for part in re.split(r", (?![^(]*\))", listed)]


@pytest.fixture(scope="module")
def model():
    def answer(request: dict) -> str:
        name = re.search(r"package ([\w.-]+)", json.dumps(request["messages"][-1])).group(1)
        return f"```tsx\n{component(name)}```" if is_code(request) else "I try it."

    with ScriptedModel(answer) as model:
        yield model


def test_every_package_that_the_model_is_told_of_bundles_and_runs(start_server, model, browser):
    server = start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")
    page = browser.person("Ana")
    problems = {}
    app = server.create_and_wait("a try of package react")
    names = told(next(request["system"] for request in model.requests if is_code(request)))
    for name in names:
        app = server.create_and_wait(f"a try of package {name}")
        page.errors.clear()
        page.goto(f"http://{app}.vibe.localhost:{server.port}/")
        page.wait_for_function("() => document.body.innerText.trim().length > 5")
        if page.locator("h1").all_inner_texts() != [f"works: {name}"] or page.errors:
            problems[name] = (page.locator("body").inner_text(), page.errors[:])
        if name in STYLES and page.evaluate("(name) => getComputedStyle(document.querySelector(name)).position", f".{STYLES[name]}") != "absolute":
            problems[name] = "its style sheet did not arrive"
    assert not problems, problems
    assert sorted(names) == sorted(USES)


def test_the_model_is_told_of_every_package_that_the_sandbox_has():
    has = {entry.name for entry in (TOOLCHAIN / "node_modules").iterdir() if not entry.name.startswith("d3-")}
    assert has - PARTS == set(USES)
