"""Runs the load client and reads its one JSON object."""

from __future__ import annotations

import json
import subprocess

from .servers import BUILD


class LoadError(Exception):
    """The load client could not do its work; its message says why."""


def command(mode: str, port: int, pids: list[int], options: dict) -> list[str]:
    words = [str(BUILD / "load"), mode, "--port", str(port), "--pids", ",".join(map(str, pids))]
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    return words


def run(mode: str, port: int, pids: list[int], options: dict, deadline: float = 120) -> dict:
    try:
        done = subprocess.run(
            command(mode, port, pids, options),
            capture_output=True,
            text=True,
            timeout=deadline,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LoadError(f"not done within {deadline:.0f} s") from None
    if done.returncode:
        raise LoadError(done.stderr.strip()[-300:] or f"ended with {done.returncode}")
    return json.loads(done.stdout)
