"""The published Python client of the protocol, unmodified, against our endpoint and hub (realtime-bench)."""

import asyncio
import json
import os

import pytest
from centrifuge import CentrifugeError, ClientState, ReplyError, SubscriptionState

from harness import Process
from harness import run
from sdk import DEADLINE, Events, connected, subscribed


@pytest.fixture(scope="module")
def bench(bin_dir):
    process = Process([str(bin_dir / "realtime-bench"), "--port", "0"], dict(os.environ))
    process.wait_until_ready()
    yield process
    assert process.stop() == 0


def test_connect_gives_each_client_its_own_id(bench):
    async def scenario():
        first, events = await connected(bench, name="ours", version="1", data={"user_id": "ana"})
        second, _ = await connected(bench)
        assert first.state == ClientState.CONNECTED
        context = await events.wait("connected")
        assert context.client == first.client_id and context.version
        assert first.client_id and first.client_id != second.client_id
        await first.disconnect()
        await second.disconnect()
        assert first.state == ClientState.DISCONNECTED

    run(scenario())


def test_subscribe_takes_the_snapshot_then_every_publication_once(bench):
    async def scenario():
        publisher, _ = await connected(bench)
        for number in range(3):
            await publisher.publish("bench:once", {"n": number})
        viewer, _ = await connected(bench)
        _, events, context = await subscribed(viewer, "bench:once")
        assert context.recoverable and context.positioned
        assert context.stream_position.offset == 3 and context.stream_position.epoch
        assert context.data == {"n": 2}
        for number in range(3, 50):
            await publisher.publish("bench:once", {"n": number})
        for number in range(3, 50):
            publication = (await events.wait("publication")).pub
            assert publication.data == {"n": number}
            assert publication.offset == number + 1
        await viewer.disconnect()
        await publisher.disconnect()

    run(scenario())


def test_publications_of_clients_say_who_published(bench):
    async def scenario():
        client, _ = await connected(bench)
        subscription, events, _ = await subscribed(client, "bench:who")
        await subscription.publish({"hello": "wörld \u2028 \U0001f600"})
        publication = (await events.wait("publication")).pub
        assert publication.data == {"hello": "wörld \u2028 \U0001f600"}
        assert publication.info.client == client.client_id
        assert publication.info.conn_info == {"name": "python", "color": "#808080"}
        await client.disconnect()

    run(scenario())


def test_unsubscribe_and_subscribe_again(bench):
    async def scenario():
        client, _ = await connected(bench)
        subscription, events, _ = await subscribed(client, "bench:again")
        await subscription.publish(1)
        assert (await events.wait("publication")).pub.data == 1
        await subscription.unsubscribe()
        await events.wait("unsubscribed")
        await client.publish("bench:again", 2)
        await subscription.subscribe()
        context = await events.wait("subscribed")
        assert context.was_recovering and context.recovered and context.data is None
        assert (await events.wait("publication")).pub.data == 2
        # Nothing was missed this time.
        await subscription.unsubscribe()
        await subscription.subscribe()
        context = await events.wait("subscribed")
        assert context.was_recovering and context.recovered and context.data is None
        assert subscription.state == SubscriptionState.SUBSCRIBED
        await client.disconnect()

    run(scenario())


def test_unsubscribe_overtakes_a_subscribe_that_is_under_way(bench):
    async def scenario():
        client, _ = await connected(bench)
        subscription = client.new_subscription("bench:quick", events=(events := Events()))
        for _ in range(20):
            await subscription.subscribe()
            await subscription.unsubscribe()
        await subscription.subscribe()
        await events.wait("subscribed")
        assert client.state == ClientState.CONNECTED
        await client.publish("bench:quick", "one")
        assert (await events.wait("publication")).pub.data == "one"
        await client.disconnect()

    run(scenario())


def test_rpc_and_errors(bench):
    async def scenario():
        client, _ = await connected(bench)
        answer = await client.rpc("echo", {"a": [1, "zwei", None]})
        assert answer.data == {"a": [1, "zwei", None]}
        answers = await asyncio.gather(*(client.rpc("echo", number) for number in range(200)))
        assert [answer.data for answer in answers] == list(range(200))
        for call, code in (
            (client.rpc("nothing", {}), 104),
            (client.publish("elsewhere", {}), 102),
            (client.history("bench:h"), 103),
            (client.presence("bench:h"), 103),
            (client.presence_stats("bench:h"), 103),
        ):
            with pytest.raises(ReplyError) as error:
                await call
            assert error.value.code == code and error.value.message and not error.value.temporary
        assert client.state == ClientState.CONNECTED
        await client.disconnect()

    run(scenario())


def test_unknown_channel_ends_the_subscription_for_good(bench):
    async def scenario():
        client, _ = await connected(bench)
        events = Events()
        subscription = client.new_subscription("elsewhere", events=events)
        await subscription.subscribe()
        context = await events.wait("unsubscribed")
        assert context.code == 102
        with pytest.raises(CentrifugeError):
            await subscription.ready(timeout=DEADLINE)
        assert client.state == ClientState.CONNECTED
        await client.disconnect()

    run(scenario())


def test_many_viewers_get_the_same(bench):
    async def scenario():
        publisher, _ = await connected(bench)
        viewers = await asyncio.gather(*(connected(bench) for _ in range(20)))
        subscriptions = await asyncio.gather(*(subscribed(client, "bench:many") for client, _ in viewers))

        async def all_of(events: Events) -> list:
            return [(await events.wait("publication")).pub.data for _ in range(200)]

        readers = [asyncio.create_task(all_of(events)) for _, events, _ in subscriptions]
        for number in range(200):
            await publisher.publish("bench:many", number)
        for reader in readers:
            assert await reader == list(range(200))
        await asyncio.gather(*(client.disconnect() for client, _ in viewers))
        await publisher.disconnect()

    run(scenario())


def test_a_bad_command_disconnects_without_return(bench):
    async def scenario():
        client, events = await connected(bench)
        # The library has no public way to send what is wrong.
        await client._conn.send(json.dumps({"id": 77, "connect": {}}))
        context = await events.wait("disconnected")
        assert context.code == 3501
        assert client.state == ClientState.DISCONNECTED

    run(scenario())


def test_a_restarted_server_is_found_again(bin_dir):
    first = Process([str(bin_dir / "realtime-bench"), "--port", "0"], dict(os.environ))
    first.wait_until_ready()

    async def scenario():
        client, client_events = await connected(first, min_reconnect_delay=0.05, max_reconnect_delay=0.2)
        _, events, before = await subscribed(client, "bench:restart")
        await asyncio.to_thread(first.stop)
        context = await client_events.wait("connecting")
        while context.code != 3001:
            context = await client_events.wait("connecting")
        command = [str(bin_dir / "realtime-bench"), "--port", str(first.port)]
        second = await asyncio.to_thread(Process, command, dict(os.environ))
        try:
            after = await events.wait("subscribed")
            assert after.was_recovering and not after.recovered
            assert after.stream_position.epoch != before.stream_position.epoch
            await client.disconnect()
        finally:
            await asyncio.to_thread(second.stop)

    run(scenario())
