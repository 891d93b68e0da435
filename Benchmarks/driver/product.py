"""`vibe serve` with a model of ours behind it, for the workloads that need the whole product."""

from __future__ import annotations

import json
import subprocess
import time

from . import load
from .servers import BUILD
from .site import Site

JOIN_TOKENS = 1600


class Product(Site):
    """The site with as many apps as generations will run, each live with a first version."""

    def __init__(self, options: dict):
        super().__init__(
            [str(BUILD / "model"), "0"],
            VIBE_MAX_GENERATIONS="64",
            VIBE_MAX_SANDBOXES="64",
            VIBE_CODE_MODEL="bench-code",
            VIBE_CHAT_MODEL="bench-chat",
        )
        self.options = options
        self.count = options.get("generations", 1)
        self.apps: list[str] = []

    def __enter__(self) -> "Product":
        super().__enter__()
        try:
            self.apps = [self.create(self._plan(number, 0)) for number in range(self.count)]
            self.wait_until_live(self.apps)
        except BaseException:
            self.__exit__()
            raise
        return self

    @staticmethod
    def _plan(number: int, tokens: int, rate: int = 80, fill: int = 0, barrier: int = 0) -> str:
        return f"Stream app={number} tokens={tokens} rate={rate} fill={fill} barrier={barrier}"

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
                self.write(app, plan)
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
        self.wait_until_live(self.apps)
        sent = {line["app"]: line["hash"] for line in map(json.loads, self.model.output().splitlines()[already:])}
        answer["different_texts"] = sum(sent.get(room) != held for room, held in answer.pop("hashes"))
        # A viewer whose text differs, or whose parts left a gap, has lost something too.
        answer["lost"] = max(answer["lost"], answer["different_texts"], answer["gaps"])
        return answer

    def join(self) -> dict:
        """One round: everybody subscribes while the first app is in mid-generation, the snapshot's text behind it."""
        app = self.apps[0]
        plan = self._plan(0, JOIN_TOKENS, self.options.get("rate", 80), fill=self.options["fill"])
        self.write(app, plan)
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
        self.call(f"/api/app/{app}/stop", {})
        self.wait_until_live(self.apps)
        return answer

    def _streams(self, app: str) -> bool:
        generation = self.call(f"/api/app/{app}")["generation"]
        texts = generation["texts"]["code"].values() if generation else ()
        return any(len(text) >= self.options["fill"] for text in texts)
