"""Takes the contestants in turns, round after round, and keeps every answer."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from . import load
from .processes import StartError
from .product import Product
from .servers import SERVERS
from .workloads import Workload


class Outcome:
    """What one row of a workload's table is made from."""

    def __init__(self, title: str):
        self.title = title
        self.answers: list[dict] = []
        self.remarks: list[str] = []

    @property
    def lost(self) -> int:
        return sum(answer["lost"] for answer in self.answers)


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _numbers(rounds: int, end: float) -> Iterator[int]:
    for number in range(1, rounds + 1):
        if number > 1 and time.monotonic() > end:
            _note(f"  the time is up: {rounds - number + 1} of {rounds} rounds left out")
            return
        yield number


def _told(workload: Workload, answer: dict) -> str:
    figures = (f"{figure.title} {answer[figure.key] * figure.scale:.{figure.decimals}f}" for figure in workload.figures)
    return ", ".join([*figures, f"lost {answer['lost']}"])


def _one(workload: Workload, key: str, options: dict) -> dict:
    """A fresh server for each run, so that nothing of an earlier one counts."""
    server = SERVERS[key]
    with server.start(list(workload.flags) if key == "ours" else []) as program:
        options = {"dialect": server.dialect, **options}
        answer = load.run(workload.mode, program.port, program.pids(), options, workload.deadline)
    if "delivered" in answer:
        answer["deflated_share"] = answer["deflated_frames"] / max(1, answer["delivered"])
    return answer


def measure(workload: Workload, rounds: int, contestants: set[str], end: float) -> list[Outcome]:
    """Runs a workload; what fails becomes a remark in its row, never an exception.

    No round but the first begins after `end` (of the monotonic clock): the remaining ones are left out.
    """
    if workload.mode in ("tokens", "join"):
        return _measure_product(workload, rounds, end) if "ours" in contestants else []
    reduced = dict(workload.reduced)
    rows = [
        (key, Outcome(SERVERS[key].title + suffix), {**workload.options, **reduced.get(key, {}), **extra})
        for key in workload.contestants
        if key in contestants
        for suffix, extra in (workload.variants if key == "ours" else workload.variants[:1])
    ]
    for number in _numbers(rounds, end):
        for key, outcome, options in rows:
            if outcome.remarks:
                continue
            began = time.monotonic()
            try:
                answer = _one(workload, key, options)
            except (StartError, load.LoadError) as error:
                outcome.remarks.append(" ".join(str(error).split())[:160])
                _note(f"  {workload.key} {number}/{rounds} {outcome.title}: {error}")
                continue
            if options.get("deflate") and not answer["negotiated_deflate"]:
                outcome.remarks.append("skipped: the server does not negotiate permessage-deflate")
                continue
            outcome.answers.append(answer)
            _note(
                f"  {workload.key} {number}/{rounds} {outcome.title}: {_told(workload, answer)}"
                f" ({time.monotonic() - began:.1f} s)"
            )
    return [outcome for _, outcome, _ in rows]


def _measure_product(workload: Workload, rounds: int, end: float) -> list[Outcome]:
    outcome = Outcome(SERVERS["ours"].title)
    try:
        with Product(workload.options) as product:
            for number in _numbers(rounds, end):
                answer = product.tokens() if workload.mode == "tokens" else product.join()
                outcome.answers.append(answer)
                _note(f"  {workload.key} {number}/{rounds} {outcome.title}: {_told(workload, answer)}")
    except (StartError, load.LoadError, OSError) as error:
        outcome.remarks.append(" ".join(str(error).split())[:160])
        _note(f"  {workload.key} {outcome.title}: {error}")
    return [outcome]
