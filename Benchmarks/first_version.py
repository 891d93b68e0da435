"""Times the main job on this machine, with the built-in simulator at full speed: run by `make bench`.

Prints, as text: time from POST /api/create to the first token and to the live preview (median and spread of 10), the time a
sandbox takes to start, and the server's resident memory with 10 apps and 50 viewers.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "Product"))

from harness import Server, Simulator  # noqa: E402

ROUNDS = 10
VIEWERS = 50


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):7.0f} ms   ({min(values):.0f} to {max(values):.0f})"


def main() -> None:
    bin_dir = ROOT / ".build" / "release"
    simulator = Simulator(bin_dir, ("--tokens-per-second", "0"))
    simulator.wait_until_ready()
    folder = Path(tempfile.mkdtemp(prefix="vibe-bench-"))
    folder.chmod(0o755)
    server = Server(bin_dir, folder, (), {"ANTHROPIC_BASE_URL": simulator.url, "ANTHROPIC_API_KEY": "k"})
    server.wait_until_ready()
    first, live, sandbox, apps = [], [], [], []
    try:
        empty = server.resident_kib()
        watcher = server.socket()
        for _ in range(ROUNDS):
            began = time.perf_counter()
            app = server.create("a dashboard with charts")
            channel = f"app:{app}"
            snapshot = watcher.subscribe(channel)["data"]
            generation = snapshot["generation"]
            if not (generation and any(generation["texts"]["code"].values())):
                watcher.wait_for(channel, "token")
            first.append((time.perf_counter() - began) * 1000)
            if not snapshot["preview"]:
                watcher.wait_for(channel, "preview")
            live.append((time.perf_counter() - began) * 1000)
            watcher.wait_for(channel, "generation.finished")
            # The step as the server timed it, from an event or from a snapshot taken afterwards.
            watcher.call(unsubscribe={"channel": channel})
            steps = watcher.subscribe(channel)["data"]["build"]["steps"]
            sandbox += [step["elapsed_ms"] for step in steps if step["phase"] == "sandbox" and step["state"] == "done"]
            apps.append(app)
        viewers = [server.socket() for _ in range(VIEWERS)]
        for number, viewer in enumerate(viewers):
            viewer.subscribe(f"app:{apps[number % ROUNDS]}")
            viewer.subscribe("apps")
        full = server.resident_kib()
        print(f"POST /api/create to first token    {spread(first)}")
        print(f"POST /api/create to live preview   {spread(live)}")
        print(f"sandbox start                      {spread(sandbox)}")
        print(f"resident memory, empty             {empty / 1024:7.1f} MiB")
        print(f"with {ROUNDS} apps and {VIEWERS} viewers        {full / 1024:7.1f} MiB")
        for viewer in viewers:
            viewer.close()
    finally:
        server.stop()
        simulator.stop()


if __name__ == "__main__":
    main()
