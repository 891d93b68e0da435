"""Measures fan-out side by side with other servers, on loopback: run by `make bench`.

    run.py [--rounds 5] [--workloads burst,paced] [--servers ours,uws] [--output Benchmarks/results.md]
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Benchmarks"))

from driver import machine, report  # noqa: E402
from driver.processes import descriptor_limit  # noqa: E402
from driver.rounds import measure  # noqa: E402
from driver.servers import SERVERS  # noqa: E402
from driver.workloads import WORKLOADS  # noqa: E402


def chosen(text: str, known: dict) -> list[str]:
    names = [name for name in text.split(",") if name] or list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workloads", type=lambda text: chosen(text, WORKLOADS), default=list(WORKLOADS))
    parser.add_argument("--servers", type=lambda text: chosen(text, SERVERS), default=list(SERVERS))
    parser.add_argument("--output", type=Path, help="Markdown file; a run of everything writes Benchmarks/results.md")
    parser.add_argument("--minutes", type=float, default=22, help="afterwards one round each")
    parser.add_argument("--raw", type=Path, help="every single answer, as JSON")
    options = parser.parse_args()
    descriptor_limit()
    facts, date = machine.facts(), datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    for name, value in facts:
        print(f"{name}: {value}")
    print(flush=True)
    began, tables, raw, lost = time.monotonic(), [], {}, 0
    for key in options.workloads:
        workload = WORKLOADS[key]
        outcomes = measure(workload, options.rounds, set(options.servers), began + 60 * options.minutes)
        if not outcomes:
            continue
        print(report.as_text(workload, outcomes), flush=True)
        tables.append(report.as_markdown(workload, outcomes))
        raw[key] = {outcome.title: outcome.answers for outcome in outcomes}
        lost += sum(outcome.lost for outcome in outcomes if outcome.title.startswith(SERVERS["ours"].title))
    whole = len(options.workloads) == len(WORKLOADS) and len(options.servers) == len(SERVERS)
    output = options.output or (ROOT / "Benchmarks" / "results.md" if whole else None)
    if output:
        command = f"make bench ROUNDS={options.rounds}"
        if not whole:
            command += f" WORKLOADS={','.join(options.workloads)} SERVERS={','.join(options.servers)}"
        output.write_text(report.document(facts, date, command, options.rounds, time.monotonic() - began, tables))
        print(f"written: {output}")
    if options.raw:
        options.raw.write_text(json.dumps(raw))
    if lost:
        print(f"our server lost {lost:,} messages", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
