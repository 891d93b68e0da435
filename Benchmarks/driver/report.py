"""One table a workload, as text and as Markdown."""

from __future__ import annotations

import statistics

from .rounds import Outcome
from .workloads import Figure, Workload


def _cell(outcome: Outcome, figure: Figure) -> str:
    values = [answer[figure.key] * figure.scale for answer in outcome.answers]
    if not values:
        return ""
    low, middle, high = min(values), statistics.median(values), max(values)
    shown = [f"{value:,.{figure.decimals}f}" for value in (low, middle, high)]
    return shown[1] if shown[0] == shown[2] else f"{shown[1]} ({shown[0]} to {shown[2]})"


def _state(outcome: Outcome) -> str:
    if outcome.remarks:
        return "; ".join(outcome.remarks)
    if any(not answer.get("complete", True) for answer in outcome.answers):
        return f"{outcome.lost:,} undelivered in time: cannot keep up"
    return f"{outcome.lost:,}"


def rows(workload: Workload, outcomes: list[Outcome]) -> list[list[str]]:
    """The head first."""
    head = ["server", *(figure.title for figure in workload.figures), "lost"]
    body = [
        [outcome.title, *(_cell(outcome, figure) for figure in workload.figures), _state(outcome)]
        for outcome in outcomes
    ]
    return [head, *body]


def text_table(table: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table)


def markdown_table(table: list[list[str]]) -> str:
    head, *body = table
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body])


def as_text(workload: Workload, outcomes: list[Outcome]) -> str:
    return f"{workload.title}\n{text_table(rows(workload, outcomes))}\n"


def as_markdown(workload: Workload, outcomes: list[Outcome]) -> str:
    return f"## {workload.title}\n\n{markdown_table(rows(workload, outcomes))}\n"


def document(
    facts: list[tuple[str, str]], date: str, command: str, rounds: int, seconds: float, tables: list[str]
) -> str:
    """`results.md`."""
    parts = [
        "# Results of `make bench`",
        "",
        f"{date}; `{command}`; {rounds} rounds, the servers in turns, {seconds / 60:.0f} minutes. Each cell: median"
        " (lowest to highest round). How each figure is made: [README.md](README.md).",
        "",
        *(f"- {name}: {value}" for name, value in facts),
        "",
        *tables,
    ]
    return "\n".join(parts)


def pages_document(
    facts: list[tuple[str, str]], date: str, command: str, seconds: float, table: list[list[str]]
) -> str:
    """`pages.md`."""
    parts = [
        "# The pages in Chromium",
        "",
        f"{date}; `{command}`, run by `make bench`; {seconds / 60:.0f} minutes. How each figure is made:"
        " [README.md](README.md#the-pages).",
        "",
        *(f"- {name}: {value}" for name, value in facts),
        "",
        markdown_table(table),
        "",
    ]
    return "\n".join(parts)
