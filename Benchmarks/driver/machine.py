"""What a figure depends on: machine, kernel, versions, limits, who else was running."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from .processes import descriptor_limit
from .servers import SERVERS


def _line(path: str, start: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(start):
            return line.split(":", 1)[1].strip()
    return "unknown"


def _swift() -> str:
    try:
        done = subprocess.run(["swift", "--version"], capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return "unknown"
    return done.stdout.splitlines()[0] if done.stdout else "unknown"


def shared_facts() -> list[tuple[str, str]]:
    """Name and value of what every figure depends on."""
    memory = int(_line("/proc/meminfo", "MemTotal").split()[0]) / 1024 / 1024
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        ("processor", f"{_line('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores"),
        ("memory", f"{memory:.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("load average at the start", load),
        (SERVERS["ours"].title, SERVERS["ours"].version()),
    ]


def facts() -> list[tuple[str, str]]:
    """Name and value of everything that belongs above a table of the servers' comparison."""
    *machine, ours = shared_facts()
    return [
        *machine,
        ("descriptor limit", f"{descriptor_limit():,}"),
        ("Swift", _swift()),
        ours,
        *((server.title, server.version()) for server in SERVERS.values() if server.key != "ours"),
    ]
