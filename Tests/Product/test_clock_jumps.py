"""The machine's date is set forward or back by an hour: history, connections and pings go on, tokens end by the new date."""

import struct
import subprocess
import time
from pathlib import Path

import pytest

from harness import Client
from sdk import token

SECRET = "a secret of this test"


@pytest.fixture
def wall_clock(tmp_path):
    """A library to preload, and what sets the clock of who has it."""
    library, file = tmp_path / "wall_clock.so", tmp_path / "shift"
    source = Path(__file__).with_name("wall_clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    file.write_bytes(struct.pack("q", 0))

    def set_to(shift: int) -> None:
        with file.open("r+b") as opened:
            opened.write(struct.pack("q", shift))

    return {"LD_PRELOAD": str(library), "WALL_CLOCK_FILE": str(file)}, set_to


def page(client: Client, channel: str) -> dict:
    return client.call(history={"channel": channel, "limit": -1})["history"]


def connect(server, **claims) -> tuple[Client, dict]:
    client = Client(server, connect=False)
    return client, client.call(connect={"token": token(SECRET, sub="ana", **claims)})


def test_the_date_jumps(start_server, wall_clock):
    preload, set_to = wall_clock
    settings = {"VIBE_TOKEN_SECRET": SECRET, "VIBE_PING_INTERVAL": "1", "VIBE_PONG_TIMEOUT": "2"}
    server = start_server(**settings, **preload)
    app = server.create_and_wait("a counter")
    server.wait_until_idle(app)
    channel = f"app:{app}"
    # Good for ten minutes of running time, wherever the date goes.
    watcher, answer = connect(server, ttl=600)
    assert 590 <= answer["connect"]["ttl"] <= 600
    watcher.subscribe(channel)
    kept = page(watcher, channel)
    assert kept["publications"]
    for shift in (3_600, -3_600, 0):
        set_to(shift)
        pings = watcher.pings
        watcher.wait(lambda: watcher.closed or watcher.pings >= pings + 3, "three pings")
        assert watcher.closed is None and "rpc" in watcher.rpc("apps.list")
        # History is as old as it was.
        now = page(watcher, channel)
        assert now["publications"] == kept["publications"] and now["epoch"] == kept["epoch"]
        other, answer = connect(server, exp=int(time.time()) + shift + 600)
        assert 540 <= answer["connect"]["ttl"] <= 660
        recovered = other.subscribe(channel, recover=True, epoch=kept["epoch"], offset=kept["offset"] - 1)
        assert recovered["recovered"] and recovered["publications"][-1]["offset"] == kept["offset"]
        other.close()
        late, answer = connect(server, exp=int(time.time()) + shift - 60)
        assert answer["error"]["code"] == 109
        late.close()
    # A turn, which has steps and times, does not mind a jump in its middle.
    server.write(app, "and a second button")
    watcher.wait_for(channel, "generation.started")
    set_to(-3_600)
    assert server.wait_until_idle(app)["phase"] == "live"
    assert watcher.closed is None
    watcher.close()
