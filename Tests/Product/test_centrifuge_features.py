"""Every feature of the protocol through the published Python client, unmodified: on realtime-bench, then on the product."""

import asyncio
import os
from contextlib import asynccontextmanager

import pytest
from centrifuge import Client, ClientState, ReplyError, StreamPosition, SubscriptionState

from harness import Client as PlainClient
from harness import Process
from harness import run
from sdk import Events, Proxy, connected, subscribed, token, url

SECRET = "a secret of this test"
QUICK = {"min_reconnect_delay": 0.05, "max_reconnect_delay": 0.2}


@pytest.fixture(scope="module")
def bench(bin_dir):
    process = Process([str(bin_dir / "realtime-bench"), "--port", "0", "--token-secret", SECRET], dict(os.environ))
    process.wait_until_ready()
    yield process
    assert process.stop() == 0


@asynccontextmanager
async def client_of(server, **options):
    client, events = await connected(server, **{**QUICK, **options})
    try:
        yield client, events
    finally:
        await client.disconnect()


# -- tokens


@pytest.fixture
def impatient(bin_dir, processes):
    """Waits no time for a new token."""
    command = [str(bin_dir / "realtime-bench"), "--port", "0", "--token-secret", SECRET, "--expiry-grace", "0"]
    process = Process(command, dict(os.environ))
    processes.append(process)
    process.wait_until_ready()
    return process


def test_a_connection_whose_token_is_not_replaced_ends(impatient):
    client = PlainClient(impatient, connect=False)
    answer = client.call(connect={"token": token(SECRET, sub="ana", ttl=2)})["connect"]
    assert answer["expires"] is True and answer["ttl"] in (1, 2)
    other = PlainClient(impatient)
    assert client.wait(lambda: client.closed, "the end") == (3005, "connection expired")
    assert other.rpc("echo", a=1)["rpc"] and other.closed is None
    other.close()


def test_a_subscription_whose_token_is_not_replaced_ends_alone(impatient):
    client = PlainClient(impatient)
    client.subscribe("bench:other")
    answer = client.subscribe("bench:expiring", token=token(SECRET, sub="", channel="bench:expiring", ttl=2))
    assert answer["expires"] is True and answer["ttl"] in (1, 2)

    def ended():
        return [push["unsubscribe"]["code"] for push in client.pushes if "unsubscribe" in push]

    assert client.wait(ended, "the end of the subscription") == [2501]
    assert [push["channel"] for push in client.pushes if "unsubscribe" in push] == ["bench:expiring"]
    client.send({"id": 90, "publish": {"channel": "bench:expiring", "data": 1}})
    client.send({"id": 91, "publish": {"channel": "bench:other", "data": 2}})
    client.wait(lambda: client.publications("bench:other"), "the other channel goes on")
    assert not client.publications("bench:expiring") and client.closed is None
    # With a token that is good it can subscribe again.
    again = client.subscribe("bench:expiring", token=token(SECRET, sub="", channel="bench:expiring", ttl=600))
    assert again["ttl"] > 500
    client.close()


def test_a_token_says_who_connects(bench):
    async def scenario():
        async with client_of(bench, token=token(SECRET, sub="ana")) as (ana, _), client_of(bench) as (watcher, _):
            _, events, _ = await subscribed(watcher, "bench:presence:who")
            await subscribed(ana, "bench:presence:who")
            while (info := (await events.wait("join")).info).client != ana.client_id:
                pass
            assert info.user == "ana"

    run(scenario())


@pytest.mark.parametrize(
    "wrong", [token("another secret", sub="ana"), "a.b.c", "x" * 10_000, token(SECRET, sub=7), token(SECRET, sub="ana", exp="soon")]
)
def test_a_token_that_is_none_keeps_the_client_out(bench, wrong):
    async def scenario():
        events = Events()
        client = Client(url(bench), events=events, proxy=None, token=wrong)
        await client.connect()
        assert (await events.wait("disconnected")).code == 3500
        assert client.state == ClientState.DISCONNECTED

    run(scenario())


def test_an_expired_token_is_replaced(bench):
    async def scenario():
        tokens = [token(SECRET, sub="ana", exp=1), token(SECRET, sub="ana", ttl=3600)]

        async def fresh():
            return tokens.pop(0)

        async with client_of(bench, get_token=fresh) as (client, _):
            assert not tokens and client.state == ClientState.CONNECTED

    run(scenario())


def test_a_connection_is_refreshed_before_its_token_ends(bench):
    async def scenario():
        asked = asyncio.Queue()

        async def fresh():
            await asked.put(None)
            return token(SECRET, sub="ana", ttl=1 if asked.qsize() < 3 else 3600)

        async with client_of(bench, get_token=fresh) as (client, events):
            before = client.client_id
            while asked.qsize() < 3:
                await asyncio.sleep(0.05)
            assert (await client.rpc("echo", 1)).data == 1
            # The same connection all along.
            assert client.client_id == before

    run(scenario())


def test_a_subscription_is_refreshed_before_its_token_ends(bench):
    async def scenario():
        asked = asyncio.Queue()

        async def fresh(channel):
            await asked.put(channel)
            return token(SECRET, sub="ana", channel=channel, ttl=1 if asked.qsize() < 3 else 3600)

        async with client_of(bench, token=token(SECRET, sub="ana")) as (client, _):
            subscription, events, _ = await subscribed(client, "bench:sub-token", get_token=fresh)
            while asked.qsize() < 3:
                await asyncio.sleep(0.05)
            await subscription.publish("still here")
            assert (await events.wait("publication")).pub.data == "still here"
            assert subscription.state == SubscriptionState.SUBSCRIBED

    run(scenario())


@pytest.mark.parametrize(
    "claims", [{"sub": "ben", "channel": "bench:mine"}, {"sub": "ana", "channel": "bench:other"}, {"sub": "ana"}]
)
def test_a_subscription_token_of_somebody_else_is_refused(bench, claims):
    async def scenario():
        async with client_of(bench, token=token(SECRET, sub="ana")) as (client, _):
            events = Events()
            subscription = client.new_subscription("bench:mine", events=events, token=token(SECRET, **claims))
            await subscription.subscribe()
            assert (await events.wait("unsubscribed")).code == 103
            assert client.state == ClientState.CONNECTED

    run(scenario())


# -- recovery


def test_what_was_missed_while_the_connection_was_cut_comes_once(bench):
    async def scenario():
        async with Proxy(bench) as proxy, client_of(bench) as (publisher, _), client_of(proxy) as (viewer, client_events):
            _, events, _ = await subscribed(viewer, "bench:cut")
            sent, seen = 0, []
            for _ in range(5):
                for _ in range(20):
                    await publisher.publish("bench:cut", sent)
                    sent += 1
                while len(seen) < sent:
                    seen.append((await events.wait("publication")).pub)
                proxy.cut()
                await client_events.wait("connecting")
                for _ in range(20):
                    await publisher.publish("bench:cut", sent)
                    sent += 1
                proxy.mend()
                context = await events.wait("subscribed")
                assert context.was_recovering and context.recovered and context.data is None
                while len(seen) < sent:
                    seen.append((await events.wait("publication")).pub)
            assert [pub.data for pub in seen] == list(range(sent))
            assert [pub.offset for pub in seen] == list(range(1, sent + 1))

    run(scenario())


def test_what_history_no_longer_holds_is_a_snapshot(bench):
    async def scenario():
        async with Proxy(bench) as proxy, client_of(bench) as (publisher, _), client_of(proxy) as (viewer, client_events):
            _, events, _ = await subscribed(viewer, "bench:long")
            proxy.cut()
            await client_events.wait("connecting")
            for start in range(0, 1_200, 100):
                await asyncio.gather(*(publisher.publish("bench:long", number) for number in range(start, start + 100)))
            proxy.mend()
            context = await events.wait("subscribed")
            assert context.was_recovering and not context.recovered and context.data is not None
            assert context.stream_position.offset == 1_200
            await publisher.publish("bench:long", "next")
            assert (await events.wait("publication")).pub.offset == 1_201

    run(scenario())


# -- presence and history


def test_presence_with_joins_and_leaves(bench):
    async def scenario():
        channel = "bench:presence:room"
        async with client_of(bench, token=token(SECRET, sub="ana")) as (ana, _):
            subscription, events, _ = await subscribed(ana, channel, join_leave=True)
            assert (await events.wait("join")).info.client == ana.client_id
            async with client_of(bench, token=token(SECRET, sub="ben")) as (ben, _), client_of(
                bench, token=token(SECRET, sub="ben")
            ) as (again, _):
                for client in (ben, again):
                    await subscribed(client, channel)
                    info = (await events.wait("join")).info
                    assert (info.client, info.user) == (client.client_id, "ben") and info.conn_info["color"]
                clients = (await subscription.presence()).clients
                assert {client: info.user for client, info in clients.items()} == {
                    ana.client_id: "ana",
                    ben.client_id: "ben",
                    again.client_id: "ben",
                }
                stats = await subscription.presence_stats()
                assert (stats.num_clients, stats.num_users) == (3, 2)
                left = {ben.client_id, again.client_id}
            assert {(await events.wait("leave")).info.client, (await events.wait("leave")).info.client} == left
            assert set((await ana.presence(channel)).clients) == {ana.client_id}

    run(scenario())


def test_history_in_pages_both_ways(bench):
    async def scenario():
        async with client_of(bench) as (client, _):
            subscription, _, _ = await subscribed(client, "bench:history")
            for number in range(1, 11):
                await subscription.publish(number)

            async def offsets(**options) -> list[int]:
                page = await subscription.history(**options)
                assert page.offset == 10 and page.epoch == epoch
                assert [pub.data for pub in page.publications] == [pub.offset for pub in page.publications]
                return [pub.offset for pub in page.publications]

            epoch = (await subscription.history()).epoch
            assert await offsets() == []
            assert await offsets(limit=-1) == list(range(1, 11))
            assert await offsets(limit=3) == [1, 2, 3]
            assert await offsets(limit=3, reverse=True) == [10, 9, 8]
            assert await offsets(limit=2, since=StreamPosition(3, epoch)) == [4, 5]
            assert await offsets(limit=-1, since=StreamPosition(10, epoch)) == []
            assert await offsets(limit=2, since=StreamPosition(8, epoch), reverse=True) == [7, 6]
            for position in (StreamPosition(11, epoch), StreamPosition(3, "another"), StreamPosition(2**64 - 1, epoch)):
                with pytest.raises(ReplyError) as error:
                    await subscription.history(limit=1, since=position)
                assert error.value.code == 112
            with pytest.raises(ReplyError) as error:
                await client.history("bench:not-subscribed", limit=1)
            assert error.value.code == 103

    run(scenario())


# -- what the server does of its own accord


@pytest.mark.parametrize("code", [3001, 3004, 3005, 3008, 3010, 3011, 3012, 3013])
def test_3000_to_3499_connect_again_and_recover(bench, code):
    async def scenario():
        channel = f"bench:code-{code}"
        async with client_of(bench) as (publisher, _), client_of(bench) as (client, events):
            await events.wait("connected")
            _, sub_events, _ = await subscribed(client, channel)
            before = client.client_id
            # The answer and the end race: either may come first.
            call = asyncio.ensure_future(client.rpc("disconnect", {"code": code}))
            while (await events.wait("connecting")).code != code:
                pass
            await publisher.publish(channel, "meanwhile")
            await events.wait("connected")
            assert client.client_id != before
            assert (await sub_events.wait("subscribed")).recovered
            assert (await sub_events.wait("publication")).pub.data == "meanwhile"
            await asyncio.gather(call, return_exceptions=True)

    run(scenario())


@pytest.mark.parametrize("code", [3500, 3501, 3502, 3503, 3504])
def test_3500_and_above_stay_away(bench, code):
    async def scenario():
        async with client_of(bench) as (client, events):
            call = asyncio.ensure_future(client.rpc("disconnect", {"code": code}))
            assert (await events.wait("disconnected")).code == code
            assert client.state == ClientState.DISCONNECTED
            await asyncio.gather(call, return_exceptions=True)

    run(scenario())


def test_2500_and_above_subscribe_again_and_2000_does_not(bench):
    async def scenario():
        async with client_of(bench) as (client, _):
            subscription, events, _ = await subscribed(client, "bench:told")
            for code in (2500, 2501, 2500):
                await client.rpc("unsubscribe", {"channel": "bench:told", "code": code})
                while (await events.wait("subscribing")).code != code:
                    pass
                context = await events.wait("subscribed")
                assert context.was_recovering and context.recovered
                await subscription.publish(code)
                assert (await events.wait("publication")).pub.data == code
            await client.rpc("unsubscribe", {"channel": "bench:told", "code": 2000})
            assert (await events.wait("unsubscribed")).code == 2000
            assert subscription.state == SubscriptionState.UNSUBSCRIBED
            assert client.state == ClientState.CONNECTED

    run(scenario())


def test_server_side_subscriptions_recover(bench):
    async def scenario():
        channels = ["bench:server-1", "bench:server-2"]
        credentials = token(SECRET, sub="ana", channels=channels)
        async with Proxy(bench) as proxy, client_of(bench) as (publisher, _):
            await publisher.publish(channels[0], "before")
            async with client_of(proxy, token=credentials) as (client, events):
                contexts = [await events.wait("subscribed") for _ in channels]
                assert {context.channel for context in contexts} == set(channels)
                first = next(context for context in contexts if context.channel == channels[0])
                assert first.data == "before" and first.recoverable and first.stream_position.offset == 1
                await publisher.publish(channels[1], "live")
                publication = await events.wait("publication")
                assert (publication.channel, publication.pub.data) == (channels[1], "live")
                proxy.cut()
                while (await events.wait("connecting")).code == 0:
                    pass
                for number in range(3):
                    await publisher.publish(channels[0], number)
                proxy.mend()
                contexts = [await events.wait("subscribed") for _ in channels]
                assert all(context.was_recovering and context.recovered and context.data is None for context in contexts)
                got = [await events.wait("publication") for _ in range(3)]
                assert [(context.channel, context.pub.data) for context in got] == [(channels[0], n) for n in range(3)]

    run(scenario())


def test_the_server_subscribes_and_unsubscribes_a_connected_client(bench):
    async def scenario():
        async with client_of(bench) as (client, events):
            await client.rpc("subscribe", {"channel": "bench:pushed"})
            context = await events.wait("subscribed")
            assert context.channel == "bench:pushed" and context.recoverable
            await client.publish("bench:pushed", 1)
            assert (await events.wait("publication")).pub.data == 1
            await client.rpc("unsubscribe", {"channel": "bench:pushed", "code": 2000})
            assert (await events.wait("unsubscribed")).channel == "bench:pushed"
            # Pushes that this library does not know: it goes on.
            await client.rpc("message", {"data": {"note": "hello"}})
            await client.rpc("refresh", {"ttl": 3600})
            assert (await client.rpc("echo", 2)).data == 2

    run(scenario())


# -- the product


def test_the_product_speaks_to_the_unmodified_client(start_server):
    server = start_server(VIBE_TOKEN_SECRET=SECRET)
    app = server.create_and_wait("a counter")
    channel, cursors = f"app:{app}", f"app:{app}:cursors"

    async def scenario():
        async with Proxy(server) as proxy, client_of(proxy, data={"user_id": "ana", "name": "Ana"}) as (ana, ana_events):
            subscription, events, context = await subscribed(ana, channel, join_leave=True)
            assert context.recoverable and context.data["app"]["id"] == app and not context.was_recovering
            async with client_of(server, token=token(SECRET, sub="ben", info={"name": "Ben"})) as (ben, _):
                await subscribed(ben, channel)
                while (info := (await events.wait("join")).info).client != ben.client_id:
                    pass
                assert info.user == "ben" and info.conn_info["name"] == "Ben"
                assert (await subscription.presence_stats()).num_users == 2
                pointing, _, _ = await subscribed(ben, cursors)
                _, seen, context = await subscribed(ana, cursors)
                assert not context.recoverable
                await pointing.publish({"surface": "code", "x": 0.5, "y": 3})
                publication = (await seen.wait("publication")).pub
                assert publication.data == {"surface": "code", "x": 0.5, "y": 3} and publication.info.user == "ben"
                with pytest.raises(ReplyError) as error:
                    await ben.publish(channel, {"type": "status"})
                assert error.value.code == 103

                position = (await subscription.history()).offset
                proxy.cut()
                while (await ana_events.wait("connecting")).code == 0:
                    pass
                answer = await ben.rpc("app.write", {"app_id": app, "text": "make it blue"})
                assert answer.data["status"] == "ok"
                await asyncio.to_thread(server.wait_until_idle, app)
                proxy.mend()
                context = await events.wait("subscribed")
                assert context.was_recovering and context.recovered and context.data is None
                missed = []
                while not missed or missed[-1].data["type"] != "generation.finished":
                    missed.append((await events.wait("publication")).pub)
                assert missed[0].offset > position and missed[-1].data["outcome"] == "succeeded"
                assert [pub.offset for pub in missed] == sorted({pub.offset for pub in missed})
                page = await subscription.history(limit=2, reverse=True)
                assert len(page.publications) == 2 and page.publications[0].offset == page.offset
                detail = (await ana.rpc("app.get", {"app_id": app})).data
                assert detail["app"]["versions"] == 2
                with pytest.raises(ReplyError) as error:
                    await ana.rpc("app.get", {"app_id": "app-aaaaaaaaaaaaaaaa"})
                assert error.value.code == 404
            while (await events.wait("leave")).info.user != "ben":
                pass

    run(scenario())
