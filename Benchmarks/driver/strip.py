"""A prompt, its generation and one change as strips of pictures, 10 a second side by side."""

from __future__ import annotations

import base64
from pathlib import Path

from .browser import DESKTOP, PHONE, Chromium, session
from .page_figures import open_home, simulated

INTERVAL = 0.1
# By the width of the page: pictures in a row, rows, and how wide each is drawn.
LAYOUTS = {1440: (4, 5, 480), 390: (10, 2, 195)}
TOKENS_PER_SECOND = 300


def record(chromium: Chromium, folder: Path) -> list[Path]:
    """Writes strip-WIDTH-N.png and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    sheets = []
    with simulated(TOKENS_PER_SECOND) as site:
        for viewport in (DESKTOP, PHONE):
            page = chromium.page(viewport)
            open_home(page, site)
            frames: list[tuple[float, bytes]] = []
            cdp = session(page)

            def keep(event: dict) -> None:
                frames.append((event["metadata"]["timestamp"], base64.b64decode(event["data"])))
                cdp.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

            cdp.on("Page.screencastFrame", keep)
            cdp.send("Page.startScreencast", {"format": "jpeg", "quality": 80, "everyNthFrame": 1})
            page.fill("#prompt", f"A kanban board for {viewport['width']} people")
            page.keyboard.press("Control+Enter")
            page.wait_for_url("**/app/**")
            page.wait_for_function("() => window.vibe?.state.preview?.version === 1 && !window.vibe.state.generation")
            page.wait_for_timeout(1500)
            site.write(page.url.rsplit("/", 1)[1], "make it blue")
            page.wait_for_function("() => window.vibe.state.preview?.version === 2 && !window.vibe.state.generation")
            page.wait_for_timeout(1500)
            cdp.send("Page.stopScreencast")
            page.context.close()
            sheets += _sheets(chromium, folder, viewport["width"], list(_sampled(frames)))
    return sheets


def _sampled(frames: list[tuple[float, bytes]]):
    """What was to be seen at each tenth of a second, from the first picture on."""
    begin, end = frames[0][0], frames[-1][0]
    index = 0
    for number in range(int((end - begin) / INTERVAL) + 1):
        at = begin + number * INTERVAL
        while index + 1 < len(frames) and frames[index + 1][0] <= at:
            index += 1
        yield number * INTERVAL, frames[index][1]


def _sheets(chromium: Chromium, folder: Path, width: int, pictures: list[tuple[float, bytes]]) -> list[Path]:
    columns, lines, drawn = LAYOUTS[width]
    page = chromium.page({"width": columns * (drawn + 6) + 12, "height": 400})
    written = []
    for start in range(0, len(pictures), columns * lines):
        part = pictures[start : start + columns * lines]
        figures = "".join(
            f'<figure>{at:.1f} s<img width="{drawn}" src="data:image/jpeg;base64,{base64.b64encode(data).decode()}"></figure>'
            for at, data in part
        )
        style = f"display:grid;grid-template-columns:repeat({columns},{drawn}px);gap:6px;margin:6px;background:#888"
        page.set_content(f'<body style="{style};font:12px sans-serif"><style>figure{{margin:0}}</style>{figures}')
        sheet = folder / f"strip-{width}-{len(written) + 1}.png"
        page.screenshot(path=sheet, full_page=True)
        written.append(sheet)
    page.context.close()
    return written
