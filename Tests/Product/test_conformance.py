"""Runs the Autobahn cases against the echo server: RFC 6455 by somebody else's reading."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness import Process

ROOT = Path(__file__).resolve().parents[2]

# Compression (12.* and 13.*) is left out until it is offered.
EXCLUDED = ("12.*", "13.*")
CASES = 301

# Behaviour that the suite itself only takes note of: how soon a connection is cut after a violation of the close handshake.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


@pytest.fixture
def echo(processes) -> Process:
    folder = Path(os.environ.get("VIBE_BIN_DIR", ROOT / ".build" / "release"))
    assert (folder / "websocket-echo").exists(), f"{folder}/websocket-echo is not built"
    server = Process([str(folder / "websocket-echo"), "--port", "0"], dict(os.environ))
    processes.append(server)
    server.wait_until_ready()
    return server


def fuzzing_client() -> str:
    beside = Path(sys.executable).with_name("kosoku")
    found = str(beside) if beside.exists() else shutil.which("kosoku")
    assert found, "kosoku is not installed"
    return found


@pytest.mark.timeout(900)
def test_every_case_is_strictly_ok(echo, tmp_path):
    command = [fuzzing_client(), "-m", "fuzzingclient", "-o", str(tmp_path)]
    for pattern in EXCLUDED:
        command += ["-x", pattern]
    with open(tmp_path / "log.txt", "w") as log:
        subprocess.run([*command, f"127.0.0.1:{echo.port}"], stdout=log, stderr=log, timeout=800, check=True)
    (results,) = json.loads((tmp_path / "index.json").read_text()).values()

    def allowed(case: str) -> set[str]:
        return {"OK", "INFORMATIONAL"} if case in INFORMATIONAL else {"OK"}

    wrong = {
        case: (result["behavior"], result["behaviorClose"])
        for case, result in results.items()
        if result["behavior"] not in allowed(case) or result["behaviorClose"] not in allowed(case)
    }
    assert not wrong
    assert len(results) == CASES


def test_ends_with_status_0_on_sigterm(echo):
    assert echo.stop() == 0
