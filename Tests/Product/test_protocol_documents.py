"""The documents of the protocol agree with each other, and what the server really sends agrees with them."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from documents import FOLDER, SCHEMAS, event_types, examples, problems, publication_schema, reserved, snapshot_schema, table


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_every_reference_of_a_schema_leads_somewhere():
    for name, schema in SCHEMAS.items():
        for reference in references(schema):
            file, _, pointer = reference.partition("#")
            assert lookup(SCHEMAS[file.removesuffix(".json") or name], pointer) is not None, (name, reference)


def test_every_example_is_valid():
    shown = examples()
    assert len(shown) > 50
    wrong = [problem for name, value in shown for problem in problems(name, value)]
    assert wrong == []


def test_examples_of_replies_and_pushes_carry_valid_data():
    wrong = []
    for name, value in examples():
        body = value.get("push", value)
        if name in ("push", "push#/$defs/body") and "pub" in body:
            wrong += problems(publication_schema(body["channel"], body["pub"]["data"]), body["pub"]["data"])
        for subscribed in [value.get("subscribe"), *value.get("connect", {}).get("subs", {}).values()]:
            if name == "reply" and subscribed:
                wrong += [p for pub in subscribed.get("publications", []) for p in problems(f"event.{pub['data']['type']}", pub["data"])]
                if "data" in subscribed:
                    wrong += problems("snapshot.apps" if "apps" in subscribed["data"] else "snapshot.app", subscribed["data"])
    assert wrong == []


def test_every_message_has_an_example():
    shown = examples()

    def members(name):
        return {member for kind, value in shown if kind == name for member in (value.get("push", value))}

    assert members("command") - {"id"} == set(SCHEMAS["command"]["$defs"])
    assert members("reply") - {"id"} == set(SCHEMAS["reply"]["$defs"]) - {"publication"}
    pushes = set(SCHEMAS["push"]["$defs"]) - {"body"}
    assert members("push") | members("push#/$defs/body") == pushes | {"channel"}
    assert {name for name, _ in shown if name.startswith("event.")} == {f"event.{t}" for t in event_types() - reserved("event")}
    assert {name for name, _ in shown if name.startswith("snapshot.")} == {"snapshot.apps", "snapshot.app", "snapshot.stats"}


@pytest.mark.parametrize(
    ("name", "definition"), [("statuses", "status"), ("phases", "phase"), ("states", "stepState"), ("outcomes", "outcome")]
)
def test_the_words_of_tables_are_those_of_the_schemas(name, definition):
    assert [row[0].strip("`") for row in table(name)] == SCHEMAS["definitions"]["$defs"][definition]["enum"]


def test_every_event_of_the_table_has_a_schema_and_the_members_that_it_names():
    for kind, _, members in table("events"):
        schema = SCHEMAS[f"event.{kind.strip('`')}"]
        for member in set(schema["properties"]) - {"type"}:
            mark = member if member in schema["required"] else f"{member}?"
            assert mark in members, (kind, mark)


def test_asyncapi_is_whole():
    document = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text())
    assert document["asyncapi"] == "3.0.0"
    for reference in references(document):
        file, _, pointer = reference.partition("#")
        target = document if not file else json.loads((FOLDER / file).read_text())
        assert lookup(target, pointer) is not None, reference
    addresses = {channel["address"] for channel in document["channels"].values()}
    named = {row[0].strip("`") for row in table("channels")} | reserved("channel")
    endpoints = {address for address in addresses if address.startswith("/")}
    assert endpoints == {"/connection/websocket", "/connection/uni_sse", "/connection/uni_http_stream"}
    assert addresses - endpoints == named
    for operation in document["operations"].values():
        channel = lookup(document, operation["channel"]["$ref"][1:])
        own = [message["$ref"] for message in operation.get("messages", [])]
        assert all(lookup(document, reference[1:]) in channel["messages"].values() for reference in own)
    payloads = {message["payload"]["schema"]["$ref"] for message in document["components"]["messages"].values()}
    events = {f"./schemas/event.{name}.json" for name in event_types()}
    assert events <= payloads


def vectors(name: str) -> dict:
    return json.loads((FOLDER / "vectors" / f"{name}.json").read_text())


def test_the_events_and_snapshots_of_the_vectors_are_valid():
    events, snapshots = [], []
    for case in vectors("token-parts")["cases"]:
        events += case["events"]
    for case in vectors("merging")["cases"]:
        events += [publication["data"] for publication in case["publications"] + case["merged"]]
    for case in vectors("snapshot-fold")["cases"]:
        events += case["events"]
        snapshots += [case["snapshot"], *(checkpoint["snapshot"] for checkpoint in case["checkpoints"])]
    assert len(events) > 200 and len(snapshots) > 40
    wrong = [problem for event in events for problem in problems(f"event.{event['type']}", event)]
    wrong += [problem for snapshot in snapshots for problem in problems("snapshot.app", snapshot)]
    assert wrong == []


def test_the_schema_of_commands_and_the_vectors_tell_the_same_lines_apart():
    known: set[str] = set()
    for case in vectors("frames")["commands"]:
        if case["outcome"] == "disconnect":
            continue
        wrong = problems("command", json.loads(case["line"]))
        assert (wrong == []) == (case["outcome"] == "ok"), (case["name"], wrong)
        known |= {case["request"]} if case["outcome"] == "ok" else set()
    assert known == set(SCHEMAS["command"]["$defs"]) | {"pong"}


def test_the_frames_of_the_vectors_are_valid():
    frames = vectors("frames")
    known = [case for case in frames["server"] if "nobody knows" not in case["name"]]
    lines = [line for case in known for frame in case["lines"] for line in frame.splitlines()]
    lines += [case["line"].replace('"id":0', '"id":7') for case in frames["replies"]]
    assert len(lines) > 15
    wrong = [problem for line in lines for problem in problems("reply", json.loads(line))]
    assert wrong == []


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def lookup(document, pointer: str):
    for part in pointer.split("/")[1:]:
        document = document.get(part.replace("~1", "/").replace("~0", "~"))
        if document is None:
            return None
    return document


# -- what the server really sends


def check(lines, channels: dict[int, str]) -> list[str]:
    """What is wrong with the server's lines; `channels` says which subscribe command was for which channel."""
    wrong = []
    for line in lines:
        wrong += problems("reply", line)
        push = line.get("push", {})
        if "pub" in push:
            wrong += problems(publication_schema(push["channel"], push["pub"]["data"]), push["pub"]["data"])
        if "subscribe" in line and "data" in line["subscribe"]:
            wrong += problems(snapshot_schema(channels[line["id"]]), line["subscribe"]["data"])
    return wrong


class Watch:
    """A client that keeps every line, and which channel it asked for by which command."""

    def __init__(self, server, **data):
        self.client = server.socket(**data)
        self.channels: dict[int, str] = {}

    def subscribe(self, channel: str, **options) -> dict:
        answer = self.client.subscribe(channel, **options)
        number = next(number for number, reply in self.client.replies.items() if reply.get("subscribe") is answer)
        self.channels[number] = channel
        return answer

    def problems(self) -> list[str]:
        lines = [*self.client.replies.values(), *({"push": push} for push in list(self.client.pushes))]
        return check(lines, self.channels)

    def types(self) -> set[str]:
        return {push["pub"]["data"].get("type", "cursor") for push in list(self.client.pushes) if "pub" in push}


def test_a_repaired_turn_a_stopped_one_and_a_queue_are_as_the_schemas_say(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "200", "--fault", "bad-component")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test", VIBE_ADMIN_SECRET="open sesame")
    ana = Watch(server, user_id="ana", name="Ana")
    ana.subscribe("apps")
    ana.subscribe("stats")
    app = ana.client.rpc("app.create", prompt="a bill splitter")["rpc"]["data"]["app_id"]
    channel = f"app:{app}"
    ana.subscribe(channel, join_leave=True)
    cursors = f"{channel}:cursors"
    ana.subscribe(cursors)
    for data in ({"surface": "code", "x": 0.5, "y": 12}, {"typing": True}):
        ana.client.call(publish={"channel": cursors, "data": data})
    late = Watch(server, user_id="ben", name="Ben")
    ana.client.wait_for(channel, "token", attempt=2)
    assert late.subscribe(channel)["data"]["generation"]["attempt"] == 2
    ana.client.rpc("app.write", app_id=app, text="make it blue")
    ana.client.wait_for(channel, "queue", count=2)
    ana.client.wait_for(channel, "generation.finished", outcome="succeeded")
    ana.client.wait(lambda: len({e["generation"] for e in ana.client.events(channel, "token")}) > 1, "the second turn writes")
    assert "rpc" in ana.client.rpc("app.stop", app_id=app)
    ana.client.wait_for(channel, "generation.finished", outcome="stopped")
    for method in ("app.get", "app.history", "app.versions", "app.code", "apps.list"):
        assert "rpc" in ana.client.rpc(method, app_id=app)
    for entry in ({"level": "warn", "text": "no sound yet"}, {"level": "error", "text": "x", "path": "src/A.tsx", "line": 4}):
        assert "rpc" in ana.client.rpc("app.console", app_id=app, entries=[entry])
    ana.client.wait_for(channel, "console", level="error")
    for command in ({"presence": {"channel": channel}}, {"presence_stats": {"channel": channel}}, {"history": {"channel": channel, "limit": 5}}):
        ana.client.call(**command)
    ana.client.call(subscribe={"channel": "nowhere"})
    server.post(f"/api/app/{app}/toggle-feature", {"admin_secret": "open sesame"})
    ana.client.wait_for(channel, "app.changed")
    server.post(f"/api/app/{app}/terminate", {"admin_secret": "open sesame"})
    ana.client.wait_for("apps", "app.removed")
    ana.client.wait(lambda: any("unsubscribe" in push for push in ana.client.pushes), "the unsubscribe push")
    end = Watch(server)
    end.subscribe("apps")
    ana.client.wait(lambda: ana.client.events("stats")[-1]["errors"], "the bundling that failed")
    wrong = ana.problems() + late.problems() + end.problems()
    assert wrong == []
    assert ana.types() == event_types() - reserved("event") | {"cursor"}


def test_a_failed_turn_and_a_restart_are_as_the_schemas_say(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "500", "--fault", "500:2")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test", VIBE_MODEL_RETRIES="0")
    watch = Watch(server, user_id="ana")
    app = watch.client.rpc("app.create", prompt="a quiz")["rpc"]["data"]["app_id"]
    channel = f"app:{app}"
    watch.subscribe(channel)
    server.wait_until_idle(app)
    assert watch.subscribe("apps")["data"]["apps"][0]["phase"] == "failed"
    assert "rpc" in watch.client.rpc("app.retry", app_id=app)
    watch.client.wait_for(channel, "token")
    server.kill()
    again = start_server(folder=server.folder, ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test")
    after = Watch(again, user_id="ana")
    snapshot = after.subscribe(channel)["data"]
    assert snapshot["messages"][-1]["type"] == "assistant"
    assert watch.problems() + after.problems() == []
