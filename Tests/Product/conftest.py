"""Starts the product as a user would, on free ports, and stops it again."""

import os
import tempfile
from pathlib import Path

import pytest

from harness import Browser, Process, Server, Simulator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def bin_dir() -> Path:
    folder = Path(os.environ.get("VIBE_BIN_DIR", ROOT / ".build" / "release"))
    assert (folder / "vibe").exists(), f"{folder}/vibe is not built"
    return folder


@pytest.fixture
def data_dir():
    with tempfile.TemporaryDirectory(prefix="vibe-", ignore_cleanup_errors=True) as folder:
        # A sandbox's own user must be able to walk to its folder.
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def processes():
    """Everything a test started, stopped in reverse order."""
    started: list[Process] = []
    yield started
    for process in reversed(started):
        process.stop()


@pytest.fixture
def start_server(bin_dir, data_dir, processes):
    """A function that starts `vibe serve`; without arguments on this test's own data folder and the fast simulator."""

    def start(*flags: str, folder: Path | None = None, **settings: str) -> Server:
        server = Server(bin_dir, folder or data_dir, flags, settings)
        processes.append(server)
        server.wait_until_ready()
        return server

    return start


@pytest.fixture
def start_simulator(bin_dir, processes):
    def start(*flags: str) -> Simulator:
        simulator = Simulator(bin_dir, flags)
        processes.append(simulator)
        simulator.wait_until_ready()
        return simulator

    return start


@pytest.fixture
def start_fast_server(start_server, start_simulator):
    """As `start_server`, with answers that come at once."""
    simulator = start_simulator("--tokens-per-second", "0")

    def start(*flags: str, **settings: str) -> Server:
        return start_server(*flags, ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test", **settings)

    return start


@pytest.fixture
def echo(processes) -> Process:
    """The server's own upgrade and codec, echoing."""
    folder = Path(os.environ.get("VIBE_BIN_DIR", ROOT / ".build" / "release"))
    assert (folder / "websocket-echo").exists(), f"{folder}/websocket-echo is not built"
    server = Process([str(folder / "websocket-echo"), "--port", "0"], dict(os.environ))
    processes.append(server)
    server.wait_until_ready()
    return server


@pytest.fixture(scope="session")
def chromium():
    with Browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium):
    """The browser without anybody: who came to it leaves with the test, so that no page of an earlier one goes on drawing."""
    yield chromium
    chromium.leave()
