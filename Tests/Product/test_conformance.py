"""Runs the Autobahn cases against the echo server: RFC 6455 by somebody else's reading."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Groups of cases, how they are selected, and how many each holds. Compression (12.* and 13.*) moves gigabytes through one
# thread of the suite, so each of its groups is a test of its own, for whichever worker is free.
GROUPS = {
    "protocol": (["-x", "9.*", "-x", "12.*", "-x", "13.*"], 247),
    "limits": (["-i", "9.*"], 54),
    **{f"compression-{group}": (["-i", f"{group}.*"], 18) for group in [*(f"12.{n}" for n in range(1, 6)), *(f"13.{n}" for n in range(1, 8))]},
}

# Behaviour that the suite itself only takes note of: how soon a connection is cut after a violation of the close handshake.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


def fuzzing_client() -> str:
    beside = Path(sys.executable).with_name("kosoku")
    found = str(beside) if beside.exists() else shutil.which("kosoku")
    assert found, "kosoku is not installed"
    return found


def test_the_groups_are_the_whole_suite():
    assert sum(count for _, count in GROUPS.values()) == 517


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("group", GROUPS)
def test_every_case_is_strictly_ok(echo, tmp_path, group):
    selection, count = GROUPS[group]
    command = [fuzzing_client(), "-m", "fuzzingclient", *selection, "-o", str(tmp_path), f"127.0.0.1:{echo.port}"]
    with open(tmp_path / "log.txt", "w") as log:
        status = subprocess.run(command, stdout=log, stderr=log, timeout=1700).returncode
    assert status == 0, (tmp_path / "log.txt").read_text()[-2000:]
    (results,) = json.loads((tmp_path / "index.json").read_text()).values()

    def allowed(case: str) -> set[str]:
        return {"OK", "INFORMATIONAL"} if case in INFORMATIONAL else {"OK"}

    wrong = {
        case: (result["behavior"], result["behaviorClose"])
        for case, result in results.items()
        if result["behavior"] not in allowed(case) or result["behaviorClose"] not in allowed(case)
    }
    assert not wrong
    assert len(results) == count


def test_ends_with_status_0_on_sigterm(echo):
    assert echo.stop() == 0
