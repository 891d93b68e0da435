"""The published Python client of the protocol, unmodified, against the product itself."""

import asyncio

import pytest
from centrifuge import Client, ClientState, ReplyError

from harness import Texts
from test_centrifuge_client import DEADLINE, Events, run, subscribed


async def connected(server, **data) -> tuple[Client, Events]:
    events = Events()
    url = f"ws://127.0.0.1:{server.port}/connection/websocket"
    client = Client(url, events=events, data=data, proxy=None, timeout=DEADLINE)
    await client.connect()
    await client.ready(timeout=DEADLINE)
    return client, events


async def until(events: Events, kind: str, **fields) -> list:
    """The publications up to the first of this kind."""
    found = []
    while True:
        publication = (await events.wait("publication")).pub
        found.append(publication)
        data = publication.data
        if data["type"] == kind and all(data.get(name) == value for name, value in fields.items()):
            return found


@pytest.fixture
def server(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "300")
    return start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test")


def test_snapshots_and_a_whole_turn_in_order(server):
    app = server.create_and_wait("a counter")
    before = server.code(app)

    async def scenario():
        client, events = await connected(server, user_id="ana", name="Ana")
        assert (await events.wait("connected")).version
        _, apps, list_of_apps = await subscribed(client, "apps")
        assert list_of_apps.recoverable and list_of_apps.positioned and list_of_apps.stream_position.epoch
        assert list_of_apps.data["counts"]["total"] == 1 and list_of_apps.data["apps"][0]["id"] == app
        _, events, context = await subscribed(client, f"app:{app}")
        snapshot = context.data
        assert context.recoverable and context.positioned and context.stream_position.epoch
        assert snapshot["app"]["id"] == app and snapshot["preview"]["version"] == 1
        assert [message["type"] for message in snapshot["messages"]] == ["user", "assistant"]
        assert snapshot["generation"] is None and snapshot["queue"] == []

        answer = (await client.rpc("app.write", {"app_id": app, "text": "make it green"})).data
        assert answer["status"] == "ok" and answer["position"] == 0
        turn = await until(events, "generation.finished")
        offset = context.stream_position.offset
        assert [publication.offset for publication in turn] == list(range(offset + 1, offset + 1 + len(turn)))

        data = [publication.data for publication in turn]
        kinds = [event["type"] for event in data]
        assert kinds[:3] == ["queue", "message", "generation.started"]
        assert data[1]["message"]["id"] == answer["message_id"] and data[1]["message"]["user_id"] == "ana"
        assert data[1]["message"]["content"] == "make it green" and data[1]["message"]["name"] == "Ana"
        assert set(kinds[3:-4]) == {"build", "token"} and kinds.count("token") > 3
        assert kinds[-4:] == ["preview", "build", "message", "generation.finished"]
        assert data[-4]["version"] == 2 and data[-2]["message"]["type"] == "assistant"
        assert (data[-3]["phase"], data[-3]["state"]) == ("live", "done")
        assert data[-1]["outcome"] == "succeeded" and data[-1]["version"] == 2
        texts = Texts()
        for event in data:
            texts.apply(event)
        assert texts.code == {"src/LLMComponent.tsx": server.code(app, 2)} and server.code(app, 2) != before
        assert texts.chat.strip() == data[-2]["message"]["content"]
        changes = await until(apps, "app.changed")
        assert changes[-1].data["app"]["id"] == app

        # A late joiner has the same in its snapshot.
        late, _ = await connected(server)
        _, _, context = await subscribed(late, f"app:{app}")
        assert context.stream_position.offset >= turn[-1].offset
        assert context.data["messages"][-1]["id"] == data[-2]["message"]["id"]
        await late.disconnect()
        await client.disconnect()

    run(scenario())


def test_cursors_say_whose_they_are(server):
    app = server.create_and_wait("a counter")

    async def scenario():
        ana, _ = await connected(server, user_id="ana", name="Ana")
        ben, _ = await connected(server, user_id="ben", name="Ben")
        cursor, _, context = await subscribed(ana, f"app:{app}:cursors")
        assert not context.recoverable and context.data is None
        _, seen, _ = await subscribed(ben, f"app:{app}:cursors")
        for sent in ({"typing": True}, {"surface": "preview", "x": 0.25, "y": 0.5}):
            await cursor.publish(sent)
            publication = (await seen.wait("publication")).pub
            assert publication.data == sent
            assert publication.info.user == "ana" and publication.info.client == ana.client_id
            assert publication.info.conn_info["name"] == "Ana" and publication.info.conn_info["color"].startswith("#")
        with pytest.raises(ReplyError) as error:
            await cursor.publish({"anything": "else"})
        assert error.value.code == 107
        await ana.disconnect()
        await ben.disconnect()

    run(scenario())


def test_calls_and_their_errors(server):
    app = server.create_and_wait("a counter")

    async def scenario():
        client, _ = await connected(server, user_id="ana", name="Ana")
        detail = (await client.rpc("app.get", {"app_id": app})).data
        assert detail["app"]["id"] == app and detail["phase"] == "live"
        assert detail["app"]["authors"] == [{"user_id": "ana", "name": detail["app"]["authors"][0]["name"]}]
        unknown = "app-aaaaaaaaaaaaaaaa"
        for call, code in (
            (client.rpc("app.nothing", {}), 104),
            (client.rpc("app.get", {"app_id": unknown}), 404),
            (client.rpc("app.get", {}), 422),
            (client.rpc("app.write", {"app_id": app, "text": ""}), 422),
            (client.rpc("app.retry", {"app_id": app}), 409),
            (client.publish(f"app:{app}", {}), 103),
            (client.publish("nothing", {}), 102),
        ):
            with pytest.raises(ReplyError) as error:
                await call
            assert (error.value.code, error.value.temporary) == (code, False) and error.value.message
        for channel in ("nothing", f"app:{unknown}", f"app:{unknown}:cursors", "app:", f"app:{app}:other"):
            subscription = client.new_subscription(channel, events=(events := Events()))
            await subscription.subscribe()
            assert (await events.wait("unsubscribed")).code == 102
        assert client.state == ClientState.CONNECTED
        await client.disconnect()

    run(scenario())


def test_prompts_of_several_people_wait_their_turn(server):
    app = server.create_and_wait("a counter")

    async def scenario():
        clients = [(await connected(server, user_id=name, name=name.title()))[0] for name in ("ana", "ben", "cleo")]
        _, events, _ = await subscribed(clients[0], f"app:{app}")
        answers = [
            (await client.rpc("app.write", {"app_id": app, "text": f"make it {colour}"})).data
            for client, colour in zip(clients, ("green", "red", "blue"))
        ]
        assert [answer["position"] for answer in answers] == [0, 1, 2]
        turns = [await until(events, "generation.finished") for _ in clients]
        started = [next(p.data for p in turn if p.data["type"] == "generation.started") for turn in turns]
        assert [event["message_id"] for event in started] == [answer["message_id"] for answer in answers]
        assert [turn[-1].data["version"] for turn in turns] == [2, 3, 4]
        for client in clients:
            await client.disconnect()

    run(scenario())
