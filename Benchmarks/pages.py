"""Measures the pages in Chromium, against a release server of its own: run by `make bench`.

    pages.py [--parts load,streaming,conversation,watching] [--minutes 3] [--output Benchmarks/pages.md]
    pages.py --strip FOLDER     a generation as strips of pictures, 10 a second
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Benchmarks"))

from driver import machine, page_figures, report, strip  # noqa: E402
from driver.browser import Chromium  # noqa: E402

PARTS = ("load", "streaming", "conversation", "watching")


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(chromium: Chromium, parts: list[str], minutes: float) -> list[page_figures.Row]:
    rows: list[page_figures.Row] = []
    if "load" in parts or "conversation" in parts:
        with page_figures.simulated(0) as site:
            app = site.create("A kanban board for two people")
            site.wait_until_live([app])
            if "load" in parts:
                rows += page_figures.first_loads(chromium, site, app)
            if "conversation" in parts:
                page_figures.converse(site, app, page_figures.MESSAGES)
                rows += page_figures.conversation(chromium, site, app)
    if "streaming" in parts:
        rows += page_figures.streaming(chromium, note)
    if "watching" in parts:
        rows += page_figures.watching(chromium, minutes, note)
    return rows


def chosen(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=chosen, default=list(PARTS))
    parser.add_argument("--minutes", type=float, default=3, help="of watching builds go on")
    parser.add_argument("--output", type=Path, help="Markdown file; a run of everything writes Benchmarks/pages.md")
    parser.add_argument("--strip", type=Path, metavar="FOLDER", help="writes pictures of a generation instead")
    options = parser.parse_args()
    with Chromium() as chromium:
        if options.strip:
            for sheet in strip.record(chromium, options.strip):
                print(sheet)
            return
        facts = machine.shared_facts() + [("Chromium", chromium.version)]
        date, began = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), time.monotonic()
        rows = measure(chromium, options.parts, options.minutes)
    table = [["figure", "home page", "app page"], *map(list, rows)]
    print(report.text_table(table))
    output = options.output or (ROOT / "Benchmarks" / "pages.md" if set(options.parts) == set(PARTS) else None)
    if output:
        command = f".vibe/venv/bin/python Benchmarks/pages.py --minutes {options.minutes:g}"
        if set(options.parts) != set(PARTS):
            command += f" --parts {','.join(options.parts)}"
        seconds = time.monotonic() - began
        output.write_text(report.pages_document(facts, date, command, seconds, table))
        print(f"written: {output}")


if __name__ == "__main__":
    main()
