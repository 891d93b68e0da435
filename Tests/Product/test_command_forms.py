"""Every form in which the published JavaScript library sends a command, on a raw socket, and what it reads in the answer.

Forms by reading centrifuge-js: what its `_constructConnectCommand`, `_buildSubscribeCommand`, `_getHistoryRequest` and method
calls put into a command, with and without each optional member; and the same with `null`, as other libraries write defaults.
"""

import os
import re

import pytest

from harness import Client, Process
from sdk import token

SECRET = "a secret of this test"
OK = object()


def name(value) -> str:
    """The same in every process: without addresses of objects and without tokens, which name a time."""
    return "ok" if value is OK else re.sub(r"eyJ[\w.-]+", "token", str(value))[:90]


@pytest.fixture(scope="module")
def bench(bin_dir):
    process = Process([str(bin_dir / "realtime-bench"), "--port", "0", "--token-secret", SECRET], dict(os.environ))
    process.wait_until_ready()
    yield process
    assert process.stop() == 0


def client_of(bench, **connect) -> Client:
    client = Client(bench, connect=False)
    client.connected = client.call(connect=connect)["connect"]
    return client


CONNECT = [
    {},
    {"token": ""},
    {"token": None, "data": None, "name": None, "version": None, "subs": None, "headers": None},
    {"name": "js", "version": ""},
    {"data": {"any": ["thing", None]}},
    {"data": "text"},
    {"headers": {"authorization": "Bearer x"}},
    {"flag": 1},
    {"subs": {}},
    {"subs": {"bench:unknown-to-the-token": {"recover": True}}},
    {"subs": {"bench:forms": {"recover": True, "offset": 3, "epoch": "zz"}}},
    {"subs": {"bench:forms": {"recover": True, "epoch": None, "offset": None}}},
    {"subs": {"bench:forms": None}},
]


@pytest.mark.parametrize("parameters", CONNECT, ids=name)
def test_connect(bench, parameters):
    client = client_of(bench, **parameters)
    assert client.connected["client"] and client.connected["ping"] == 25 and client.connected["pong"] is True
    assert not client.connected.get("expires") and "subs" not in client.connected
    client.close()


def test_connect_with_server_side_subscriptions(bench):
    """The library finds position and snapshot in `subs`, and sends what it found when it connects again."""
    credentials = token(SECRET, sub="ana", channels=["bench:server-side"], ttl=60)
    first = client_of(bench, token=credentials)
    sub = first.connected["subs"]["bench:server-side"]
    assert first.connected["expires"] is True and 0 < first.connected["ttl"] <= 60
    assert sub["recoverable"] and sub["positioned"] and sub["epoch"] and sub["offset"] == 0 and "data" in sub
    for recovery, recovered in (
        ({"recover": True, "epoch": sub["epoch"]}, True),
        ({"recover": True, "epoch": sub["epoch"], "offset": 0}, True),
        ({"recover": True}, False),
        ({"recover": True, "epoch": "other", "offset": 7}, False),
    ):
        again = client_of(bench, token=credentials, subs={"bench:server-side": recovery})
        answer = again.connected["subs"]["bench:server-side"]
        assert answer["was_recovering"] is True and answer.get("recovered", False) is recovered
        assert ("data" in answer) is not recovered
        again.close()
    first.close()


# Members beside the channel, whether it recovers (None: it did not ask).
SUBSCRIBE = [
    ({}, None),
    ({"flag": 1}, None),
    ({"flag": 3, "positioned": True, "recoverable": True, "join_leave": True}, None),
    ({"token": "", "data": None}, None),
    ({"token": None, "data": {"a": 1}, "recover": None, "epoch": None, "offset": None}, None),
    ({"positioned": None, "recoverable": None, "join_leave": None, "flag": None}, None),
    ({"delta": "fossil"}, None),
    ({"delta": ""}, None),
    ({"tf": {"op": "and", "nodes": [{"key": "a", "cmp": "eq", "val": "1"}]}}, None),
    ({"type": 4}, None),
    ({"recover": False, "epoch": "x", "offset": 9}, None),
    ({"recover": True}, False),
    ({"recover": True, "epoch": ""}, False),
    ({"recover": True, "epoch": "", "offset": 0}, False),
    ({"recover": True, "epoch": "other", "offset": 2}, False),
    ({"recover": True, "epoch": "EPOCH"}, True),
    ({"recover": True, "epoch": "EPOCH", "offset": 3, "flag": 1}, True),
    ({"recover": True, "epoch": "EPOCH", "offset": 4}, False),
    ({"recover": True, "epoch": "EPOCH", "offset": 2**53}, False),
    ({"recover": True, "epoch": "EPOCH", "offset": 2**64 - 1}, False),
]


@pytest.mark.parametrize("members,recovered", SUBSCRIBE, ids=name)
def test_subscribe(bench, members, recovered):
    publisher = client_of(bench)
    held = publisher.call(subscribe={"channel": "bench:forms"})["subscribe"]
    while held["offset"] < 3:
        assert publisher.call(publish={"channel": "bench:forms", "data": held["offset"] + 1})["publish"] == {}
        held["offset"] += 1
    client = client_of(bench)
    members = {name: held["epoch"] if value == "EPOCH" else value for name, value in members.items()}
    answer = client.subscribe("bench:forms", **members)
    assert answer["epoch"] == held["epoch"] and answer["offset"] == 3 and answer["recoverable"] and answer["positioned"]
    # What would switch features on that this server does not have.
    assert not {"id", "delta", "type", "expires"} & set(answer)
    assert answer.get("was_recovering", False) is (recovered is not None)
    assert answer.get("recovered", False) is bool(recovered)
    if recovered:
        missed = [pub["offset"] for pub in answer.get("publications", [])]
        assert missed == list(range(members.get("offset", 0) + 1, 4)) and "data" not in answer
    else:
        assert answer["data"] == 3 and "publications" not in answer
    client.close()
    publisher.close()


@pytest.fixture(scope="module")
def client(bench):
    client = client_of(bench, token=token(SECRET, sub="ana"))
    client.subscribe("bench:commands")
    client.subscribe("bench:presence:commands")
    client.epoch = client.call(history={"channel": "bench:commands"})["history"]["epoch"]
    yield client
    client.close()


# A command, and the answer: a member with its value, OK for any value, or an error's code.
COMMANDS = [
    ({"subscribe": {"channel": "bench:commands"}}, 105),
    ({"subscribe": {"channel": "elsewhere"}}, 102),
    ({"subscribe": {"channel": ""}}, 107),
    ({"subscribe": {}}, 107),
    ({"subscribe": None}, 104),
    ({"subscribe": {"channel": "bench:x", "token": "none"}}, 103),
    ({"subscribe": {"channel": "bench:x", "token": token(SECRET, sub="ana", channel="bench:x", exp=1)}}, 109),
    ({"subscribe": {"channel": "bench:x", "recover": "yes"}}, 107),
    ({"subscribe": {"channel": "bench:x", "recover": True, "offset": -1}}, 107),
    ({"unsubscribe": {"channel": "bench:never"}}, {"unsubscribe": {}}),
    ({"unsubscribe": {}}, 107),
    ({"publish": {"channel": "bench:commands", "data": {"a": 1}}}, {"publish": {}}),
    ({"publish": {"channel": "bench:commands", "data": "text"}}, {"publish": {}}),
    # What `publish(channel, undefined)` leaves.
    ({"publish": {"channel": "bench:commands"}}, 107),
    # `null` is no data: so the published server reads it too.
    ({"publish": {"channel": "bench:commands", "data": None}}, 107),
    ({"publish": {"channel": "elsewhere", "data": {}}}, 102),
    ({"publish": {"channel": "bench:commands", "type": 1, "key": "k", "data": {}}}, {"publish": {}}),
    ({"publish": {"channel": "bench:commands", "type": 1, "key": "k", "removed": True}}, 107),
    ({"presence": {"channel": "bench:presence:commands"}}, OK),
    ({"presence": {"channel": "bench:commands"}}, 108),
    ({"presence": {"channel": "bench:presence:other"}}, 103),
    ({"presence_stats": {"channel": "bench:presence:commands"}}, {"presence_stats": {"num_clients": 1, "num_users": 1}}),
    ({"presence_stats": {"channel": "bench:commands"}}, 108),
    ({"history": {"channel": "bench:commands"}}, OK),
    ({"history": {"channel": "bench:commands", "limit": None, "since": None, "reverse": None}}, OK),
    ({"history": {"channel": "bench:commands", "limit": -1}}, OK),
    ({"history": {"channel": "bench:commands", "limit": 2, "reverse": False}}, OK),
    ({"history": {"channel": "bench:commands", "limit": 1, "reverse": True}}, OK),
    ({"history": {"channel": "bench:commands", "since": {"offset": 0}, "limit": 1}}, OK),
    ({"history": {"channel": "bench:commands", "since": {"offset": 0, "epoch": "EPOCH"}, "limit": 1}}, OK),
    ({"history": {"channel": "bench:commands", "since": {"offset": 0, "epoch": "other"}, "limit": 1}}, 112),
    ({"history": {"channel": "bench:commands", "since": {}, "limit": 1}}, OK),
    ({"history": {"channel": "bench:commands", "limit": 2**40}}, OK),
    ({"history": {"channel": "bench:other"}}, 103),
    ({"rpc": {"method": "echo", "data": {"a": [None]}}}, {"rpc": {"data": {"a": [None]}}}),
    ({"rpc": {"method": "echo", "data": None}}, {"rpc": {"data": None}}),
    ({"rpc": {"method": "echo"}}, {"rpc": {"data": None}}),
    ({"rpc": {"method": "", "data": {}}}, 104),
    ({"rpc": {"data": {}}}, 104),
    ({"rpc": {"method": None, "data": {}}}, 104),
    ({"refresh": {"token": token(SECRET, sub="ana", ttl=600)}}, OK),
    ({"refresh": {"token": token(SECRET, sub="ana", exp=1)}}, 109),
    ({"sub_refresh": {"channel": "bench:commands", "token": token(SECRET, sub="ana", channel="bench:commands", ttl=600)}}, OK),
    ({"sub_refresh": {"channel": "bench:commands", "token": token(SECRET, sub="ana", channel="bench:commands", exp=1)}}, 109),
    ({"sub_refresh": {"channel": "bench:commands", "token": ""}}, 103),
    ({"sub_refresh": {"channel": "bench:never", "token": "x"}}, 103),
    ({"ping": {}}, 108),
    ({"sub_poll": {"channel": "bench:commands"}}, 104),
    ({}, 104),
    ({"flag": 7}, 104),
]


@pytest.mark.parametrize("command,expected", COMMANDS, ids=name)
def test_command(client, command, expected):
    if isinstance(since := command.get("history", {}).get("since"), dict) and since.get("epoch") == "EPOCH":
        since["epoch"] = client.epoch
    answer = client.call(**command)
    del answer["id"]
    if isinstance(expected, int):
        assert answer["error"]["code"] == expected and answer["error"]["message"] and list(answer) == ["error"]
    elif expected is OK:
        assert list(answer) == list(command)
        body = answer[list(command)[0]]
        if "history" in command:
            # `result.epoch || ''` and `result.offset || 0` would hide that they are missing.
            assert body["epoch"] == client.epoch and isinstance(body["offset"], int)
            assert ("publications" in body) or not command["history"].get("limit")
        if "presence" in command:
            (info,) = body["presence"].values()
            assert info["user"] == "ana" and info["client"] == client.connected["client"] and info["conn_info"]["color"]
        if "refresh" in command:
            assert body["client"] == client.connected["client"]
        if "refresh" in command or "sub_refresh" in command:
            assert body["expires"] is True and 0 < body["ttl"] <= 600
    else:
        assert answer == expected
    assert client.closed is None


def test_commands_without_an_answer(client):
    """`send`, and the answer to a ping: nothing comes back, whatever they carry."""
    for command in ({}, {"send": {"data": {"a": 1}}}, {"send": {"data": None}}, {"send": {}}, {"send": {"data": 1}, "id": 0}):
        client.send(command)
    assert client.call(rpc={"method": "echo", "data": 1})["rpc"] == {"data": 1}
    assert client.closed is None


def test_a_batch_is_one_frame(bench):
    """`startBatching` … `stopBatching`: commands in one frame, the connect command with those that follow it included."""
    client = Client(bench, connect=False)
    client.send(
        {"id": 1, "connect": {}},
        {"id": 2, "subscribe": {"channel": "bench:batch", "flag": 1}},
        {"id": 3, "publish": {"channel": "bench:batch", "data": 1}},
        {},
        {"id": 4, "rpc": {"method": "echo", "data": 2}},
        {"id": 5, "unsubscribe": {"channel": "bench:batch"}},
    )
    client.wait(lambda: set(client.replies) == {1, 2, 3, 4, 5}, "all replies")
    assert all("error" not in reply for reply in client.replies.values())
    assert client.publications("bench:batch") == [] or client.publications("bench:batch")[0]["data"] == 1
    client.close()


def test_pushes_of_the_server_have_the_forms_that_are_read(bench):
    client = client_of(bench)
    name = "bench:pushes"
    client.rpc("subscribe", channel=name)
    client.rpc("message", data={"note": "hello"})
    client.rpc("refresh", ttl=90)
    client.rpc("unsubscribe", channel=name, code=2000)
    client.wait(lambda: len(client.pushes) == 4, "four pushes")
    subscribe, message, refresh, unsubscribe = client.pushes
    assert subscribe["channel"] == name and subscribe["subscribe"]["recoverable"] and subscribe["subscribe"]["epoch"]
    assert message == {"message": {"data": {"note": "hello"}}}
    assert refresh == {"refresh": {"expires": True, "ttl": 90}}
    assert unsubscribe == {"channel": name, "unsubscribe": {"code": 2000, "reason": "server unsubscribe"}}
    client.close()
