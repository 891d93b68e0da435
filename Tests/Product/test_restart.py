"""Killed, restarted, started twice: nothing that was answered is lost, nothing is left behind."""

import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from harness import Server, eventually


def sandbox_processes(server: Server) -> list[int]:
    """All that descends from the server."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, open_ = [], [server.pid]
    while open_:
        for child in children.get(open_.pop(), []):
            found.append(child)
            open_.append(child)
    return found


def are_gone(processes: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in processes)


def test_what_was_answered_survives_kill_9(start_server, start_simulator, data_dir):
    simulator = start_simulator("--tokens-per-second", "200")
    settings = {"ANTHROPIC_BASE_URL": simulator.url, "ANTHROPIC_API_KEY": "k"}
    server = start_server(**settings)
    ready = server.create_and_wait("a counter")
    code = server.code(ready)
    running = server.create("a dashboard with many charts")
    eventually(lambda: server.detail(running)["generation"], "it runs")
    waiting = server.write(running, "make it blue", "ben")

    accepted = []
    stopped = threading.Event()

    def hammer():
        while not stopped.is_set():
            try:
                accepted.append(server.create("a note pad"))
            except Exception:
                return

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(accepted) >= 8, "some were accepted")
    server.kill()
    stopped.set()
    for thread in threads:
        thread.join()

    again = start_server(**settings)
    assert again.code(ready) == code
    history = again.get(f"/api/app/{ready}/history")["message_history"]
    assert [message["type"] for message in history] == ["user", "assistant"]
    for app in accepted:
        assert again.detail(app)["app"]["id"] == app
    # The generation that was cut is told as interrupted; the prompt behind it runs by itself.
    messages = eventually(
        lambda: len(h := again.get(f"/api/app/{running}/history")["message_history"]) >= 2 and h, "the interrupted turn has its answer"
    )
    assert messages[0]["content"] == "a dashboard with many charts" and messages[1]["type"] == "assistant"
    eventually(lambda: waiting["message_id"] in [m["id"] for m in again.get(f"/api/app/{running}/history")["message_history"]], "the queue goes on")
    # Previews come back.
    eventually(lambda: again.preview(ready)[0] == 200, "the preview is back", deadline=60)
    again.wait_until_idle(running)


def test_an_interrupted_generation_can_be_retried(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "30")
    settings = {"ANTHROPIC_BASE_URL": simulator.url, "ANTHROPIC_API_KEY": "k"}
    server = start_server(**settings)
    app = server.create("a timer")
    eventually(lambda: (server.detail(app)["generation"] or {}).get("texts", {}).get("code"), "tokens have come")
    server.kill()
    again = start_server(ANTHROPIC_BASE_URL=start_simulator("--tokens-per-second", "0").url, ANTHROPIC_API_KEY="k")
    eventually(lambda: again.detail(app)["phase"] == "failed", "it is told as cut")
    assert again.detail(app)["generation"] is None
    answer = again.get(f"/api/app/{app}/history")["message_history"][-1]
    assert answer["outcome"] == "interrupted" and answer["error"] == {"code": "interrupted"}
    assert again.request("POST", f"/api/app/{app}/retry", {})[0] == 202
    eventually(lambda: again.get(f"/api/app/{app}/status")["status"] == "active", "it is live")


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_nothing_of_a_sandbox_is_left(start_server, data_dir, end):
    server = start_server()
    app = server.create_and_wait("a counter")
    processes = sandbox_processes(server)
    assert processes, "the sandbox's processes are found while it runs"
    mounts = Path("/proc/self/mounts").read_text().count(str(data_dir))
    if end == "stop":
        assert server.stop() == 0
    else:
        server.kill()
        again = start_server()
        eventually(lambda: again.request("GET", "/readyz")[0] == 200, "ready again")
        again.stop()
    eventually(lambda: are_gone(processes), "no process is left")
    assert Path("/proc/self/mounts").read_text().count(str(data_dir)) <= mounts
    left = [str(path) for path in Path("/sys/fs/cgroup").glob("**/*") if app in path.name]
    assert not left, left


def test_sigterm_tells_the_clients_and_ends_with_0(start_server):
    server = start_server()
    app = server.create_and_wait("a counter")
    client = server.socket()
    client.subscribe(f"app:{app}")
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 12
    assert client.wait(lambda: client.closed, "the end") == (3001, "shutdown")


def ends(server: Server) -> str:
    eventually(lambda: server.child.poll() is not None, "the server has ended", deadline=30)
    assert server.child.returncode not in (0, -6, -11), server.log
    assert "listening" not in server.output
    return server.log + server.output


def test_a_second_server_on_the_folder_is_refused(start_server, bin_dir, data_dir):
    start_server()
    assert "already uses the data folder" in ends(Server(bin_dir, data_dir))


def test_a_port_in_use_is_named(bin_dir, data_dir):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = ends(Server(bin_dir, data_dir, (), {"VIBE_PORT": str(port)}))
        assert str(port) in said and "in use" in said.lower()


def test_a_data_folder_that_cannot_be_written(bin_dir, data_dir):
    (data_dir / "file").write_text("")
    said = ends(Server(bin_dir, data_dir / "file" / "below"))
    assert str(data_dir / "file") in said and "data folder" in said.lower()


def test_missing_bubblewrap_names_package_and_fallback(bin_dir, data_dir):
    said = ends(Server(bin_dir, data_dir, (), {"VIBE_BUBBLEWRAP": "/nonexistent/bwrap"}))
    assert "Debian package bubblewrap" in said and "VIBE_SANDBOX=process" in said


def test_without_isolation_by_setting(start_server):
    server = start_server(VIBE_SANDBOX="process")
    app = server.create_and_wait("a counter")
    assert server.preview(app)[0] == 200
    assert "isolation" in server.log.lower()


def test_a_sandbox_that_dies_while_idle_comes_back_on_a_visit(start_server, data_dir):
    server = start_server()
    app = server.create_and_wait("a counter")
    for pid in sandbox_processes(server):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    eventually(lambda: server.get(f"/api/app/{app}/status")["status"] == "ready", "the death is noticed")
    eventually(lambda: server.preview(app)[0] == 200, "a visit wakes it", deadline=30)
    assert server.get(f"/api/app/{app}/status")["status"] == "active"


def test_doctor_says_what_is_there(bin_dir, data_dir):
    result = subprocess.run(
        [bin_dir / "vibe", "doctor"], capture_output=True, text=True, env={**os.environ, "VIBE_DATA_DIR": str(data_dir)}, timeout=60
    )
    assert "bubblewrap" in result.stdout.lower() and "sqlite" in result.stdout.lower()
