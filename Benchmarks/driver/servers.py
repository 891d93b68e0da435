"""The servers that are compared: how each is started, which words it speaks, which version it is."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from .processes import Program, descriptor_limit, free_port

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "Benchmarks" / "peers"
BUILD = ROOT / ".build" / "bench"
RELEASE = ROOT / ".build" / "release"


def start_ours(flags: list[str]) -> Program:
    return Program([str(RELEASE / "realtime-bench"), "--port", "0", *flags])


def start_limit(_flags: list[str]) -> Program:
    return Program([str(BUILD / "send_limit"), "0"])


def start_uws(_flags: list[str]) -> Program:
    port = free_port()
    return Program([sys.executable, str(PEERS / "peer_uws.py"), str(port)], port=port)


def start_ws(_flags: list[str]) -> Program:
    return Program(["node", str(PEERS / "peer_ws.js"), "0"], {"NODE_PATH": "/usr/share/nodejs"})


def start_fastapi(_flags: list[str]) -> Program:
    port = free_port()
    return Program([sys.executable, str(PEERS / "peer_fastapi.py"), str(port)], port=port)


def start_nchan(_flags: list[str]) -> Program:
    port, limit = free_port(), descriptor_limit()
    folder = Path(tempfile.mkdtemp(prefix="bench-nchan-"))
    text = (PEERS / "nchan.conf").read_text().replace("PORT", str(port))
    # nginx ends idle connections when fewer than a sixteenth are free: the descriptors shall be what limits.
    text = text.replace("DESCRIPTORS", str(limit)).replace("CONNECTIONS", str(min(2 * limit, 65536)))
    (folder / "nchan.conf").write_text(text)
    command = ["/usr/sbin/nginx", "-p", str(folder), "-c", "nchan.conf", "-e", "stderr"]
    return Program(command, port=port, children=1, folder=folder)


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return "missing"
    return (done.stdout or done.stderr).strip()


def _package(name: str) -> str:
    return _output("dpkg-query", "-W", "-f", "${Version}", name) or "missing"


def _wheel(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _commit() -> str:
    text = _output("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    return text if " " not in text else "unknown commit"


@dataclass(frozen=True)
class Server:
    """A contestant; `dialect` is the load client's word for what it speaks."""

    key: str
    title: str
    dialect: str
    start: Callable[[list[str]], Program] = field(repr=False)
    version: Callable[[], str] = field(repr=False)


SERVERS = {
    server.key: server
    for server in (
        Server("ours", "Vibe Server", "centrifugo", start_ours, _commit),
        Server("uws", "uWebSockets", "text", start_uws, lambda: f"socketify {_wheel('socketify')}"),
        Server("limit", "bare send()", "text", start_limit, lambda: _output("cc", "-dumpfullversion") + " (gcc)"),
        Server(
            "ws",
            "ws on node",
            "text",
            start_ws,
            lambda: f"ws {_package('node-ws')}, node {_output('node', '--version')}",
        ),
        Server(
            "nchan",
            "Nchan",
            "nchan",
            start_nchan,
            lambda: f"{_package('libnginx-mod-nchan')}, nginx {_package('nginx')}",
        ),
        Server(
            "fastapi",
            "FastAPI",
            "text",
            start_fastapi,
            lambda: ", ".join(f"{name} {_wheel(name)}" for name in ("fastapi", "uvicorn", "websockets", "uvloop")),
        ),
    )
}
