"""How pages come: small, compressed, kept for ever by their content's hash, and under a strict content policy."""

from __future__ import annotations

import gzip
import re
import shutil
import time
import urllib.error
import urllib.request

import pytest

LIMIT = 60 * 1024


@pytest.fixture
def server(start_fast_server):
    return start_fast_server()


def fetch(server, path: str, method: str = "GET", **headers: str):
    """(headers, bytes as they came)."""
    fields = {"Host": f"vibe.localhost:{server.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    with urllib.request.urlopen(urllib.request.Request(server.url + path, method=method, headers=fields), timeout=30) as response:
        return response.headers, response.read()


def assets(server, path: str) -> list[str]:
    _, page = fetch(server, path)
    return re.findall(r'(?:src|href)="(/a/[^"]+)"', page.decode())


def test_a_first_load_has_less_than_60_kib_of_scripts_and_sheets(server):
    app = server.create_and_wait("a tea timer")
    for path in ("/", f"/app/{app}", f"/embed/{app}", "/dashboard"):
        sizes = {name: len(fetch(server, name, Accept_Encoding="gzip")[1]) for name in assets(server, path) if re.search(r"\.(js|css)$", name)}
        total = sum(sizes.values())
        print(f"{path}: {total} bytes of scripts and sheets, {total / 1024:.1f} KiB: {sizes}")
        assert len(sizes) == 3, "one for the theme, one script, one sheet"
        assert total < LIMIT, (path, sizes)


def test_what_a_page_needs_is_kept_for_ever_and_pages_are_asked_for_again(server):
    for name in assets(server, "/"):
        headers, plain = fetch(server, name)
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["Content-Encoding"] is None and int(headers["Content-Length"]) == len(plain)
        packed_headers, packed = fetch(server, name, Accept_Encoding="br;q=1, gzip;q=0.9")
        if not name.endswith(".woff2"):
            assert packed_headers["Content-Encoding"] == "gzip" and gzip.decompress(packed) == plain
            assert headers["Vary"] == packed_headers["Vary"] == "Accept-Encoding" and headers["ETag"] != packed_headers["ETag"]
        head, nothing = fetch(server, name, "HEAD", Accept_Encoding="gzip")
        assert nothing == b"" and int(head["Content-Length"]) == len(packed)
        assert fetch(server, name, Accept_Encoding="gzip;q=0, br")[0]["Content-Encoding"] is None
    headers, page = fetch(server, "/", Accept_Encoding="gzip")
    assert headers["Cache-Control"] == "no-cache" and b"Say it" in gzip.decompress(page)
    for tag in (headers["ETag"], f'"other", W/{headers["ETag"]}', "*"):
        with pytest.raises(urllib.error.HTTPError) as fresh:
            fetch(server, "/", Accept_Encoding="gzip", If_None_Match=tag)
        assert fresh.value.code == 304 and fresh.value.headers["ETag"] == headers["ETag"]


def test_the_plain_files_answer_too(server):
    for name, words in (("/js/realtime.js", b"@ts-check"), ("/css/tokens.css", b"--ground")):
        headers, text = fetch(server, name)
        assert words in text and headers["Cache-Control"] == "no-cache" and headers["ETag"]


def test_a_change_on_the_disk_is_seen_by_a_page_a_second_later(start_fast_server, tmp_path):
    site = tmp_path / "Public"
    shutil.copytree("Public", site)
    server = start_fast_server(VIBE_PUBLIC_DIR=str(site))
    before = assets(server, "/")
    sheet = site / "css" / "home.css"
    sheet.write_text(sheet.read_text() + "\n.new-rule { color: red; }\n")
    # The files are looked at once a second.
    deadline = time.monotonic() + 30
    while (after := assets(server, "/")) == before and time.monotonic() < deadline:
        pass
    changed = [name for name in after if name not in before]
    assert len(changed) == 1 and changed[0].endswith(".css")
    assert b".new-rule" in fetch(server, changed[0])[1]


@pytest.fixture
def watched(browser):
    """A person whose pages note what their content policy refused, frames included."""
    page = browser.person("Ana")
    page.context.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))"
    )
    return page


def test_no_page_does_what_its_policy_forbids(server, watched):
    page = watched
    page.goto(server.site)
    page.get_by_test_id("prompt").fill("a tea timer")
    page.get_by_test_id("build-it").click()
    page.wait_for_url(re.compile(r"/app/app-"))
    app = page.url.rsplit("/", 1)[1]
    page.wait_for_function("() => window.vibe.state.preview?.version >= 1 && !window.vibe.state.generation", timeout=90_000)
    page.frame_locator("[data-testid=preview-frame]").locator("#root > *").first.wait_for()
    for tab in ("Code", "Versions", "Preview"):
        page.get_by_role("tab", name=re.compile(f"^{tab}")).click()
    page.get_by_test_id("composer").fill("make it blue")
    page.get_by_test_id("send").click()
    page.wait_for_function("() => window.vibe.state.preview?.version >= 2 && !window.vibe.state.generation", timeout=90_000)
    page.goto(f"{server.site}/embed/{app}")
    page.frame_locator("[data-testid=preview-frame]").locator("#root > *").first.wait_for()
    page.goto(f"{server.site}/dashboard")
    page.get_by_role("heading").first.wait_for()
    page.goto(server.site)
    page.get_by_test_id("card").first.wait_for()
    assert page.errors == []
    ours = [url for url in page.requested if not url.startswith((server.site, f"http://{app}.vibe.localhost:", "data:", "blob:"))]
    assert ours == [], "nothing is asked of third parties"


def test_a_page_asks_for_one_script_and_one_sheet(server, watched):
    page = watched
    page.goto(server.site)
    page.wait_for_function("() => window.vibe.connection.state === 'connected'")
    paths = [url.removeprefix(server.site) for url in page.requested]
    code = [path for path in paths if path.endswith((".js", ".css"))]
    assert sorted(re.sub(r"\.[0-9a-f]{16}\.", ".", path) for path in code) == ["/a/boot.js", "/a/home.js", "/a/index.css"]
    assert not [path for path in paths if path.startswith("/api/")]


def test_the_policy_is_strict(server):
    app = server.create_and_wait("a quiz")
    for path in ("/", f"/app/{app}", "/dashboard", f"/embed/{app}"):
        headers, _ = fetch(server, path)
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert policy["base-uri"] == policy["object-src"] == "'none'" and policy["img-src"] == "'self' data:"
        assert policy["frame-src"] == f"http://*.vibe.localhost:{server.port}"
        assert policy["frame-ancestors"] == ("'self'" if path.startswith("/embed") else "'none'")
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in headers["Permissions-Policy"]
