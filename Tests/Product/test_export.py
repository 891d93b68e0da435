"""An export is a project that builds by itself."""

import io
import json
import os
import shutil
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import pytest

from scripted_model import ScriptedModel, is_code
from test_main_job import by, open_app, wait_for_version

ROOT = Path(__file__).resolve().parents[2]
TOOLCHAIN = Path(os.environ.get("VIBE_TOOLCHAIN", ROOT / ".vibe" / "toolchain"))
COMPONENT = """import { useState } from "react";
import * as d3 from "d3";
import katex from "katex";
import "katex/dist/katex.min.css";

export default function App() {
  const [count, setCount] = useState<number>(d3.max([1, 2]) ?? 0);
  return (
    <main className="min-h-screen bg-amber-100 p-[13px]">
      <h1 dangerouslySetInnerHTML={{ __html: katex.renderToString("x^2") }} />
      <button onClick={() => setCount(count + 1)}>{count}</button>
    </main>
  );
}
"""
HOSTILE = '"; rm -rf /</title><script>alert(1)</script>\u202e../../\u00e9t\u00e9'


@pytest.fixture(scope="module")
def model():
    def answer(request):
        return f"```tsx\n{COMPONENT}```" if is_code(request) else "Done."

    with ScriptedModel(answer) as model:
        yield model


@pytest.fixture
def server(start_server, model):
    return start_server(ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="k")


def export(server, app, query=""):
    with urllib.request.urlopen(f"{server.url}/api/app/{app}/export{query}") as response:
        return response.headers, response.read()


def test_an_export_builds_by_itself(server, tmp_path):
    app = server.create_and_wait("a counter")
    assert server.request("PATCH", f"/api/app/{app}", {"title": HOSTILE})[0] == 200
    headers, data = export(server, app, "?version=1")
    assert headers["Content-Type"] == "application/zip"
    disposition = headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="rm-rf-title-script-alert-1-script-ete-v1.zip"; filename*=UTF-8\'\'')
    assert disposition.isascii() and disposition.count('"') == 2
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            ".gitignore", "README.md", "index.html", "package.json", "src/LLMComponent.tsx", "src/index.css", "src/main.tsx",
            "tsconfig.json", "vite.config.ts",
        ]
        assert all(info.external_attr >> 16 == 0o100644 and info.date_time[0] >= 2024 for info in archive.infolist())
        archive.extractall(tmp_path)
    # Other readers than Python's agree.
    (tmp_path / "x.zip").write_bytes(data)
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-tq", "x.zip"], cwd=tmp_path, check=True)
    assert (tmp_path / "src/LLMComponent.tsx").read_text() == COMPONENT
    manifest = json.loads((tmp_path / "package.json").read_text())
    assert manifest["dependencies"] == {"d3": "5.16.0", "katex": "0.16.4", "react": "18.1.0", "react-dom": "18.1.0"}
    assert {"vite", "@vitejs/plugin-react", "tailwindcss", "@tailwindcss/vite"} <= set(manifest["devDependencies"])
    assert manifest["scripts"]["build"] == "vite build" and manifest["description"] == HOSTILE
    page = (tmp_path / "index.html").read_text()
    assert "<script>alert" not in page and 'src="/src/main.tsx"' in page
    assert "<script>" not in (tmp_path / "README.md").read_text()
    bundle(tmp_path)


def bundle(project: Path) -> None:
    """Builds with what the sandbox has: Tailwind's command line in place of its plug-in, Bun in place of Vite. No network."""
    (project / "node_modules").symlink_to(TOOLCHAIN / "node_modules")
    style = project / "src/index.css"
    assert style.read_text() == '@import "tailwindcss";\n'
    subprocess.run([TOOLCHAIN / "bin/tailwindcss", "-i", "src/index.css", "-o", "src/built.css"], cwd=project, check=True, capture_output=True)
    built = (project / "src/built.css").read_text()
    assert "min-h-screen" in built and "13px" in built
    (project / "src/built.css").rename(style)
    # As Vite: an address from the root is one of the project.
    page = project / "index.html"
    page.write_text(page.read_text().replace('src="/src/', 'src="./src/'))
    run = subprocess.run(
        [TOOLCHAIN / "bin/bun", "build", "index.html", "--outdir", "dist"], cwd=project, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    script = next((project / "dist").glob("*.js")).read_text()
    assert "createRoot" in script and "renderToString" in script


def test_the_versions_of_packages_are_those_of_the_sandbox():
    source = (ROOT / "Sources/VibeServer/Export/ExportPackages.swift").read_text()
    listed = source.split("static let versions = [", 1)[1].split("]", 1)[0]
    told = dict(line.strip().rstrip(",").replace('"', "").split(": ") for line in listed.strip().splitlines())
    modules = TOOLCHAIN / "node_modules"
    folders = [*(f for f in modules.iterdir() if not f.name.startswith("@")), *modules.glob("@*/*")]
    has = {str(f.relative_to(modules)): json.loads((f / "package.json").read_text())["version"] for f in folders}
    assert told == has


def test_the_page_offers_the_export(server, browser):
    app = server.create_and_wait("a counter")
    page = browser.person("Ana")
    open_app(page, server, app)
    wait_for_version(page, 1)
    with page.expect_download() as started:
        by(page, "export").click()
    assert started.value.suggested_filename.endswith("v1.zip")
    assert zipfile.is_zipfile(started.value.path())
    assert page.errors == []


def test_an_app_without_a_version_has_no_export(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "5")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k")
    app = server.create("a counter")
    assert server.request("GET", f"/api/app/{app}/export")[0] == 404
    assert server.request("GET", "/api/app/app-aaaaaaaaaaaaaaaa/export")[0] == 404
