"""Lays the pictures of a folder side by side: `contact_sheet.py FOLDER` writes sheet-WIDTH-SCHEME-N.png into it."""

import re
import sys
from collections import defaultdict
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

# Pictures in a row, and how wide each is drawn.
ROWS = {"1440": (3, 640), "820": (4, 400), "390": (8, 240)}
PER_SHEET = {"1440": 12, "820": 12, "390": 16}


def sheets(folder: Path) -> list[Path]:
    groups = defaultdict(list)
    for path in sorted(folder.glob("*.png")):
        if found := re.fullmatch(r"(?!sheet-)(.+)-(1440|820|390)-(light|dark)", path.stem):
            groups[found[2], found[3]].append((found[1], path))
    written = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        for (width, scheme), pictures in groups.items():
            columns, drawn = ROWS[width]
            for start in range(0, len(pictures), PER_SHEET[width]):
                part = pictures[start : start + PER_SHEET[width]]
                figures = "".join(
                    f'<figure><figcaption>{escape(name)}</figcaption><img src="{path.resolve().as_uri()}" width="{drawn}"></figure>' for name, path in part
                )
                sheet = folder / f"sheet-{width}-{scheme}-{start // PER_SHEET[width] + 1}.png"
                index = folder / "sheet.html"
                index.write_text(f"<!doctype html><style>body{{display:grid;grid-template-columns:repeat({columns},{drawn}px);gap:12px;margin:12px;background:#888;font:13px sans-serif}}figure{{margin:0}}</style>{figures}")
                page.set_viewport_size({"width": columns * (drawn + 12) + 24, "height": 400})
                page.goto(index.resolve().as_uri())
                page.screenshot(path=sheet, full_page=True)
                index.unlink()
                written.append(sheet)
        browser.close()
    return written


if __name__ == "__main__":
    for sheet in sheets(Path(sys.argv[1])):
        print(sheet)
