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
def whole_browser(chromium):
    """A Chromium with all that it adds to the engine, as the installing of pages."""
    with chromium.other(Browser.WHOLE) as browser:
        yield browser


@pytest.fixture
def browser(chromium):
    """The browser without anybody: who came to it leaves with the test, so that no page of an earlier one goes on drawing."""
    yield chromium
    chromium.leave()


# Modules whose tests take long, mostly by waiting: begun first, so that no worker is left alone with one at the end.
LONG = ("test_pages", "test_stills")
# Modules that keep a processor busy without a pause: spread among the others, which wait for much of their time.
BUSY = ("test_conformance",)


def pytest_collection_modifyitems(items):
    """Puts the tests in an order that keeps all workers busy; those that share a module's server stay with one worker."""
    for item in items:
        fixtures = (found for name in item.fixturenames for found in item._fixtureinfo.name2fixturedefs.get(name, ()))
        if any(fixture.scope == "module" for fixture in fixtures) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
    busy = [item for item in items if item.module.__name__ in BUSY]
    rest = sorted((item for item in items if item not in busy), key=lambda item: item.module.__name__ not in LONG)
    pause = max(1, len(rest) * 3 // 4 // (len(busy) or 1))
    for number, item in enumerate(busy):
        rest.insert(number * (pause + 1), item)
    items[:] = rest
