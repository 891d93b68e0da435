"""`vibe serve` with a model of ours behind it, for the workloads that need the whole product."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from . import load
from .processes import Program, StartError
from .servers import BUILD, RELEASE, ROOT

# The browser's and the tests' time; a sandbox on a busy machine takes seconds.
READY_DEADLINE = 120.0
JOIN_TOKENS = 1600


class Product:
    """The model, the server and as many apps as generations will run, each live with a first version."""

    def __init__(self, options: dict):
        self.options = options
        self.count = options.get("generations", 1)
        self.apps: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="bench-product-", ignore_cleanup_errors=True)
        Path(self._folder.name).chmod(0o755)

    def __enter__(self) -> "Product":
        try:
            self.model = Program([str(BUILD / "model"), "0"])
            toolchain = Path(self._folder.name) / "toolchain"
            if not toolchain.exists() and (ROOT / ".vibe" / "toolchain").exists():
                toolchain.symlink_to(ROOT / ".vibe" / "toolchain")
            self.server = Program(
                [str(RELEASE / "vibe"), "serve"],
                {
                    "VIBE_PORT": "0",
                    "VIBE_DATA_DIR": self._folder.name,
                    "VIBE_MAX_GENERATIONS": "64",
                    "VIBE_MAX_SANDBOXES": "64",
                    "VIBE_LOG_LEVEL": "error",
                    "VIBE_CODE_MODEL": "bench-code",
                    "VIBE_CHAT_MODEL": "bench-chat",
                    "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self.model.port}",
                    "ANTHROPIC_API_KEY": "k",
                },
            )
            for number in range(self.count):
                created = self._call("/api/create", {"prompt": self._plan(number, 0), "user_id": "bench"})
                self.apps.append(created["app_id"])
            self._wait_until_live()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for name in ("server", "model"):
            program = getattr(self, name, None)
            if program:
                program.stop(15)
        self._folder.cleanup()

    @staticmethod
    def _plan(number: int, tokens: int, rate: int = 80, fill: int = 0, barrier: int = 0) -> str:
        return f"Stream app={number} tokens={tokens} rate={rate} fill={fill} barrier={barrier}"

    def _call(self, path: str, body: dict | None = None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())

    def _wait_until_live(self) -> None:
        end = time.monotonic() + READY_DEADLINE
        for app in self.apps:
            while True:
                detail = self._call(f"/api/app/{app}")
                if detail["phase"] == "live" and detail["generation"] is None and not detail["queue"]:
                    break
                if detail["phase"] == "failed" or time.monotonic() > end:
                    raise StartError(f"an app is {detail['phase']}: {self.server.log()[-300:]}")
                time.sleep(0.2)

    def _pids(self) -> list[int]:
        """The server alone: sandboxes are its children, but not what is measured."""
        return [self.server.pid]

    def tokens(self) -> dict:
        """One round: all apps generate at once, everybody's tokens are compared with what the model sent."""
        already = len(self.model.output().splitlines())
        options = {
            "dialect": "centrifugo",
            "viewers": self.options["viewers"],
            "tokens": self.options["tokens"],
            "limit": self.options["tokens"] / self.options["rate"] + 20,
            "channels": ",".join(f"app:{app}" for app in self.apps),
        }
        client = subprocess.Popen(
            load.command("tokens", self.server.port, self._pids(), options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        try:
            if client.stdout.readline() != "ready\n":
                raise load.LoadError(client.stderr.read()[-300:])
            for number, app in enumerate(self.apps):
                plan = self._plan(number, self.options["tokens"], self.options["rate"], barrier=self.count)
                self._call(f"/api/app/{app}/write", {"text": plan, "user_id": "bench"})
            output, errors = client.communicate(timeout=options["limit"] + 30)
        except subprocess.TimeoutExpired:
            raise load.LoadError("the token stream did not end") from None
        finally:
            if client.poll() is None:
                client.kill()
                client.wait()
        if client.returncode:
            raise load.LoadError(errors[-300:])
        answer = json.loads(output)
        self._wait_until_live()
        sent = {line["app"]: line["hash"] for line in map(json.loads, self.model.output().splitlines()[already:])}
        answer["different_texts"] = sum(sent.get(room) != held for room, held in answer.pop("hashes"))
        # A viewer whose text differs, or whose parts left a gap, has lost something too.
        answer["lost"] = max(answer["lost"], answer["different_texts"], answer["gaps"])
        return answer

    def join(self) -> dict:
        """One round: everybody subscribes while the first app is in mid-generation, the snapshot's text behind it."""
        app = self.apps[0]
        plan = self._plan(0, JOIN_TOKENS, self.options.get("rate", 80), fill=self.options["fill"])
        self._call(f"/api/app/{app}/write", {"text": plan, "user_id": "bench"})
        end = time.monotonic() + 20
        while not self._streams(app):
            if time.monotonic() > end:
                raise load.LoadError("the generation did not begin")
            time.sleep(0.05)
        channels = {"dialect": "centrifugo", "viewers": self.options["viewers"], "channels": f"app:{app}"}
        answer = load.run("join", self.server.port, self._pids(), channels)
        smallest, _ = answer["snapshot_bytes"]
        if smallest < self.options["fill"]:
            raise load.LoadError(f"a snapshot of {smallest} bytes only: the generation was not in its middle")
        answer["snapshot_kib"] = smallest / 1024
        self._call(f"/api/app/{app}/stop", {})
        self._wait_until_live()
        return answer

    def _streams(self, app: str) -> bool:
        generation = self._call(f"/api/app/{app}")["generation"]
        texts = generation["texts"]["code"].values() if generation else ()
        return any(len(text) >= self.options["fill"] for text in texts)
