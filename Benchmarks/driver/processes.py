"""Programs that a benchmark starts: their output in files, their port, their end by process id."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_DEADLINE = 30.0


class StartError(Exception):
    """A server that cannot be started; its message says why."""


def descriptor_limit() -> int:
    """Raises the limit to the hard one for this process and its children."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    hard = 1 << 20 if hard == resource.RLIM_INFINITY else min(hard, 1 << 20)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port() -> int:
    """For programs that cannot choose one themselves; taken again at once by the one that is started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """One started program, ready when its output has a line `listening … PORT` or the given port answers
    and as many children as named are there. `folder` is removed at its end."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str] | None = None,
        port: int = 0,
        children: int = 0,
        folder: Path | None = None,
    ):
        self._folder = folder
        self._out = tempfile.TemporaryFile("w+")
        self._err = tempfile.TemporaryFile("w+")
        environment = {**os.environ, **(environment or {})}
        try:
            self._child = subprocess.Popen(
                command,
                stdout=self._out,
                stderr=self._err,
                stdin=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise StartError(f"{command[0]}: {error.strerror}") from None
        try:
            self.port = port or self._announced_port()
            self._wait_for_port()
            self._until(lambda: len(self.pids()) > children)
        except StartError:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._child.pid

    def output(self) -> str:
        return self._read(self._out)

    def log(self) -> str:
        return self._read(self._err)

    @staticmethod
    def _read(file) -> str:
        return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")

    def _until(self, check):
        end = time.monotonic() + START_DEADLINE
        while not (value := check()):
            if self._child.poll() is not None:
                raise StartError(f"ended with {self._child.returncode}: {self.log()[-500:]}")
            if time.monotonic() > end:
                raise StartError(f"not ready within {START_DEADLINE:.0f} s: {self.log()[-500:]}")
            time.sleep(0.01)
        return value

    def _announced_port(self) -> int:
        pattern = re.compile(r"^listening.*?(\d+)\s*$", re.M)
        return int(self._until(lambda: pattern.search(self.output())).group(1))

    def _wait_for_port(self) -> None:
        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        self._until(answers)

    def pids(self) -> list[int]:
        """The program and all its children, whose processor time and memory count as its own."""
        found = [self.pid]
        for pid in found:
            for children in Path("/proc").glob(f"{pid}/task/*/children"):
                try:
                    found += [int(child) for child in children.read_text().split()]
                except (FileNotFoundError, ProcessLookupError):
                    continue  # The thread has ended since.
        return found

    def stop(self, patience: float = 3) -> None:
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(patience)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._out.close()
        self._err.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_) -> None:
        self.stop()
