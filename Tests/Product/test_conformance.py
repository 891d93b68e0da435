"""Runs the Autobahn cases against the echo server: RFC 6455 by somebody else's reading."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# All of them: 247 of RFC 6455, 54 of limits and speed (9.*), 216 of compression (12.* and 13.*).
CASES = 517

# Compression moves gigabytes through one thread of the suite, so it runs in two processes, beside the rest.
GROUPS = {"12": ["-i", "12.*"], "13": ["-i", "13.*"], "rest": ["-x", "12.*", "-x", "13.*"]}

# Behaviour that the suite itself only takes note of: how soon a connection is cut after a violation of the close handshake.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


def fuzzing_client() -> str:
    beside = Path(sys.executable).with_name("kosoku")
    found = str(beside) if beside.exists() else shutil.which("kosoku")
    assert found, "kosoku is not installed"
    return found


@pytest.mark.timeout(1800)
def test_every_case_is_strictly_ok(echo, tmp_path):
    runs = []
    for name, selection in GROUPS.items():
        folder = tmp_path / name
        folder.mkdir()
        command = [fuzzing_client(), "-m", "fuzzingclient", *selection, "-o", str(folder), f"127.0.0.1:{echo.port}"]
        with open(folder / "log.txt", "w") as log:
            runs.append((folder, subprocess.Popen(command, stdout=log, stderr=log)))
    results = {}
    try:
        for folder, run in runs:
            assert run.wait(1700) == 0, (folder / "log.txt").read_text()[-2000:]
            (found,) = json.loads((folder / "index.json").read_text()).values()
            results |= found
    finally:
        for _, run in runs:
            run.kill()
            run.wait()

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
