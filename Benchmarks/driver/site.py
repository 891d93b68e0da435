"""`vibe serve` on a data folder of its own, with a model behind it."""

from __future__ import annotations

import json
import tempfile
import time
import urllib.request
from pathlib import Path

from .processes import Program, StartError
from .servers import RELEASE, ROOT

# A sandbox on a busy machine takes seconds.
READY_DEADLINE = 120.0


class Site:
    """The model, which `model` starts on a free port, and the server; `settings` are the server's environment."""

    def __init__(self, model: list[str], **settings: str):
        self._command = model
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="bench-site-", ignore_cleanup_errors=True)
        # A sandbox's own user must be able to walk to its folder.
        Path(self._folder.name).chmod(0o755)

    def __enter__(self) -> "Site":
        try:
            self.model = Program(self._command)
            toolchain = Path(self._folder.name) / "toolchain"
            if not toolchain.exists() and (ROOT / ".vibe" / "toolchain").exists():
                toolchain.symlink_to(ROOT / ".vibe" / "toolchain")
            self.server = Program(
                [str(RELEASE / "vibe"), "serve"],
                {
                    "VIBE_PORT": "0",
                    "VIBE_DATA_DIR": self._folder.name,
                    "VIBE_LOG_LEVEL": "error",
                    "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self.model.port}",
                    "ANTHROPIC_API_KEY": "k",
                    **self._settings,
                },
            )
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

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://vibe.localhost:{self.server.port}"

    def call(self, path: str, body: dict | None = None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())

    def create(self, prompt: str) -> str:
        return self.call("/api/create", {"prompt": prompt, "user_id": "bench"})["app_id"]

    def write(self, app: str, text: str) -> None:
        self.call(f"/api/app/{app}/write", {"text": text, "user_id": "bench"})

    def is_live(self, app: str) -> bool:
        """Whether a version is there and nothing runs or waits."""
        detail = self.call(f"/api/app/{app}")
        if detail["phase"] == "failed":
            raise StartError(f"an app is failed: {self.server.log()[-300:]}")
        return detail["phase"] == "live" and detail["generation"] is None and not detail["queue"]

    def wait_until_live(self, apps: list[str], pause: float = 0.2) -> None:
        end = time.monotonic() + READY_DEADLINE
        for app in apps:
            while not self.is_live(app):
                if time.monotonic() > end:
                    raise StartError(f"an app is not live in time: {self.server.log()[-300:]}")
                time.sleep(pause)
