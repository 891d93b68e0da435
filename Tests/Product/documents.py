"""The documents in protocol/: schemas that validate, and the examples and tables of its README."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).resolve().parents[2] / "protocol"
SCHEMAS = {path.name.removesuffix(".json"): json.loads(path.read_text()) for path in sorted((FOLDER / "schemas").glob("*.json"))}

_registry = Registry().with_resources(
    (f"{name}.json", Resource.from_contents(schema, default_specification=DRAFT202012)) for name, schema in SCHEMAS.items()
)
_validators: dict[str, Draft202012Validator] = {}


def problems(name: str, value) -> list[str]:
    """What is wrong with a value by a schema: its name, or its name with a fragment (`push#/$defs/body`)."""
    if name not in _validators:
        file, _, fragment = name.partition("#")
        assert file in SCHEMAS, f"no schema {file}"
        reference = {"$ref": f"{file}.json" + (f"#{fragment}" if fragment else "")}
        _validators[name] = Draft202012Validator(reference, registry=_registry)
    return [f"{name}: {error.message[:300]} at {error.json_path}" for error in _validators[name].iter_errors(value)]


def snapshot_schema(channel: str) -> str:
    """The schema of a channel's snapshot."""
    return {"apps": "snapshot.apps", "stats": "snapshot.stats"}.get(channel, "snapshot.app")


def publication_schema(channel: str, data) -> str:
    """The schema of what is published on a channel."""
    return "cursor" if channel.endswith(":cursors") else f"event.{data['type']}"


def examples() -> list[tuple[str, object]]:
    """Every fenced example of the README with its schema's name."""
    found = re.findall(r"^```json ?(\S*)\n(.*?)^```$", (FOLDER / "README.md").read_text(), re.M | re.S)
    names = {"push-body": "push#/$defs/body"}
    return [(names.get(kind, kind), json.loads(text)) for kind, text in found]


def event_types() -> set[str]:
    return {name.removeprefix("event.") for name in SCHEMAS if name.startswith("event.")}


def reserved(kind: str) -> set[str]:
    """The names of a kind that the README reserves and the server does not have yet."""
    return {row[0].strip("`") for row in table("reserved") if row[1] == kind}


def table(name: str) -> list[list[str]]:
    """The cells of the README's table behind `<!-- table: NAME -->`, without its head."""
    text = (FOLDER / "README.md").read_text()
    lines = text.split(f"<!-- table: {name} -->\n", 1)[1].splitlines()
    rows = []
    for line in lines[2:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows
