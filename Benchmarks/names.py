#!/usr/bin/env python3
"""What the check of names costs an edit: a component of 300 lines, changed again and again, with the check and without.

Starts the dev server of the template as VIBE_SANDBOX=process does, and asks it for edits in turn: one with the check, one without.
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLCHAIN = Path(os.environ.get("VIBE_TOOLCHAIN", ROOT / ".vibe" / "toolchain")).resolve()

PART = """
interface Item{n} {{ id: number; title: string; done: boolean; tags?: readonly string[] }}
function useItems{n}(first: Item{n}[]): [Item{n}[], (title: string) => void, (id: number) => void] {{
  const [items, setItems] = useState<Item{n}[]>(first);
  const next = useRef(first.length);
  const add = useCallback((title: string) => {{
    const item = {{ id: next.current++, title: title.trim(), done: false }};
    setItems((all) => [...all, item]);
  }}, []);
  const toggle = useCallback((id: number) => {{
    setItems((all) => all.map((each) => (each.id === id ? {{ ...each, done: !each.done }} : each)));
  }}, []);
  return [items, add, toggle];
}}
function List{n}({{ title, hint = "What else?" }}: {{ title: string; hint?: string }}) {{
  const [items, add, toggle] = useItems{n}([{{ id: 0, title: `first of ${{title}}`, done: false }}]);
  const [text, setText] = useState("");
  const left = useMemo(() => items.filter((each) => !each.done).length, [items]);
  const submit = (event: React.FormEvent) => {{ event.preventDefault(); if (text) add(text); setText(""); }};
  return (
    <section className="rounded-2xl bg-white p-6 shadow-sm ring-1 ring-slate-200">
      <h2 className="mb-4 text-lg font-semibold text-slate-900">{{title}} <small>{{left}} left</small></h2>
      <form onSubmit={{submit}} className="mb-4 flex gap-2">
        <input value={{text}} placeholder={{hint}} onChange={{(e) => setText(e.target.value)}} className="flex-1 border px-3" />
        <button className="rounded-lg bg-indigo-600 px-4 py-2 font-medium text-white hover:bg-indigo-500">Add</button>
      </form>
      <ul className="divide-y divide-slate-100">
        {{items.map((each) => (
          <li key={{each.id}} className="flex items-center gap-3 py-2">
            <input type="checkbox" checked={{each.done}} onChange={{() => toggle(each.id)}} />
            <span className={{each.done ? "text-slate-400 line-through" : "text-slate-700"}}>{{each.title}}</span>
          </li>
        ))}}
      </ul>
    </section>
  );
}}
"""


def component(number: int) -> str:
    parts = "".join(PART.format(n=n) for n in range(8))
    lists = "\n".join(f'      <List{n} title="list {n}" />' for n in range(8))
    return (
        'import React, { useCallback, useMemo, useRef, useState } from "react";\n' + parts
        + f'export default function App() {{\n  return (\n    <main className="grid gap-6" title="{number}">\n{lists}\n'
        + "    </main>\n  );\n}\n")


class DevServer:
    def __init__(self, folder: Path):
        app = folder / "app-one"
        for name in ("run", "app", "tmp"):
            (app / name).mkdir(parents=True)
        shutil.copytree(ROOT / "Templates" / "react", app / "template")
        shutil.copytree(app / "template" / "starter" / "src", app / "app" / "src")
        shutil.copytree(TOOLCHAIN / "node_modules", folder / "node_modules")
        environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(app / "tmp"), "VIBE_MODULES": str(folder / "node_modules"),
            "VIBE_TAILWIND": str(TOOLCHAIN / "bin" / "tailwindcss"), "VIBE_PARSER": str(TOOLCHAIN / "lib" / "acorn.mjs"),
        }
        self.socket = app / "run" / "dev.sock"
        self.process = subprocess.Popen(
            [TOOLCHAIN / "bin" / "bun", "--no-install", "--no-macros", app / "template" / "server" / "main.ts"],
            cwd=app / "app", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.process.stdout.readline()

    def edit(self, text: str, names: bool) -> float:
        """Milliseconds until the edit is served."""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(os.fspath(self.socket))
        began = time.perf_counter()
        connection.request("POST", "/edit", json.dumps({"component": text, "names": names}))
        answer = json.loads(connection.getresponse().read())
        took = (time.perf_counter() - began) * 1000
        connection.close()
        if answer != {"status": "ok"}:
            raise SystemExit(f"the edit was not served and checked: {answer}")
        return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=200, help="of each kind (200)")
    edits = parser.parse_args().edits
    with tempfile.TemporaryDirectory() as folder:
        server = DevServer(Path(folder))
        try:
            times: dict[bool, list[float]] = {True: [], False: []}
            for number in range(-6, 2 * edits):
                took = server.edit(component(number), number % 2 == 0)
                if number >= 0:
                    times[number % 2 == 0].append(took)
        finally:
            server.process.kill()
            server.process.wait()
    print(f"{component(0).count(chr(10))} lines, {edits} edits of each kind, load average {os.getloadavg()[0]:.1f}")
    percentiles = {}
    for checks, all_times in times.items():
        cuts = statistics.quantiles(all_times, n=100)
        percentiles[checks] = (cuts[49], cuts[98])
        print(f"{'with' if checks else 'without'} the check: p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms")
    p50, p99 = (percentiles[True][index] - percentiles[False][index] for index in (0, 1))
    print(f"the check costs: p50 {p50:.0f} ms, p99 {p99:.0f} ms")


if __name__ == "__main__":
    main()
