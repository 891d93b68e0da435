"""Everybody comes back at once: those who never left notice nothing, and those who come back miss nothing."""

import os

from harness import Process, Texts
from raw_clients import Crowd, allow_descriptors

CLIENTS = 5_000
VIEWERS = 20


class Publisher:
    """Publishes numbers, each when all viewers have the one before: as many as the crowd's answers let it."""

    def __init__(self, crowd: Crowd, viewers: list):
        self.client = crowd.client()
        self._viewers = viewers
        self.count = 0

    def publish(self, crowd: Crowd) -> None:
        if all(len(viewer.publications) == self.count for viewer in self._viewers):
            self.count += 1
            self.client.send({"id": 1_000 + self.count, "publish": {"channel": crowd.channel, "data": {"n": self.count}}})


def test_five_thousand_come_back_at_once_while_others_watch(bin_dir, processes):
    count = allow_descriptors(CLIENTS + 300) - 300
    # All of them are read by one thread, which a busy machine may hold up for longer than a client is given for its pong.
    server = Process([str(bin_dir / "realtime-bench"), "--port", "0", "--pong-timeout", "120"], dict(os.environ))
    processes.append(server)
    server.wait_until_ready()
    crowd = Crowd(server.port, "bench:storm")
    try:
        storm(crowd, count)
    finally:
        crowd.close()


def storm(crowd: Crowd, count: int) -> None:
    viewers = [crowd.client(keeps=True) for _ in range(VIEWERS)]
    publisher = Publisher(crowd, viewers)
    for client in [*viewers, publisher.client]:
        client.open()
    crowd.run(lambda: all(client.answer for client in [*viewers, publisher.client]), "the viewers are in")

    clients = [crowd.client() for _ in range(count)]

    def come(what: str) -> None:
        """All at once; a publication goes to all who are in for every fifty of them that are let in."""
        for client in clients:
            client.open()
        start, before = publisher.count, crowd.answered

        def each() -> None:
            if publisher.count - start < (crowd.answered - before) // 50:
                publisher.publish(crowd)

        crowd.run(lambda: crowd.answered - before == count, what, each)

    def everybody_has_everything(what: str) -> None:
        crowd.run(lambda: all(client.position["offset"] == publisher.count for client in [*viewers, *clients]), what)

    come("5,000 are in")
    everybody_has_everything("all have what was published")
    first = {client.answer["has_snapshot"] for client in clients}
    assert first == {True}

    for client in clients:
        client.cut()
    publisher.publish(crowd)
    come("5,000 are back")
    everybody_has_everything("all have what was published meanwhile")

    for client in clients:
        answer = client.answer
        assert answer["was_recovering"] and answer["recoverable"] and answer["positioned"], answer
        assert answer.get("recovered", False) != answer["has_snapshot"], "what was missed, or the state"
        assert not client.ended and client.position["epoch"] == viewers[0].position["epoch"]
    for viewer in viewers:
        assert not viewer.ended
        assert [publication["data"]["n"] for publication in viewer.publications] == list(range(1, publisher.count + 1))
        offsets = [publication["offset"] for publication in viewer.publications]
        assert offsets == list(range(1, publisher.count + 1)), "every one, once, in order"
    assert publisher.count > 1


def test_an_app_that_is_being_written_is_come_back_to_by_all_at_once(start_server):
    """With presence, where everybody hears of everybody, and a turn that goes on meanwhile."""
    count = allow_descriptors(300 + 300) - 300
    server = start_server(VIBE_PONG_TIMEOUT="120")
    app = server.create_and_wait("a counter")
    crowd = Crowd(server.port, f"app:{app}")
    viewers = [crowd.client(keeps=True) for _ in range(VIEWERS)]
    clients = [crowd.client() for _ in range(count)]

    def come(who: list) -> None:
        before = crowd.answered
        for client in who:
            client.open()
        crowd.run(lambda: crowd.answered - before == len(who), "all are in")

    def kinds(viewer) -> list[str]:
        return [publication["data"]["type"] for publication in viewer.publications]

    try:
        come(viewers)
        come(clients)
        server.write(app, "and a second button")
        crowd.run(lambda: all("token" in kinds(viewer) for viewer in viewers), "it is being written")
        for client in clients:
            client.cut()
        come(clients)
        crowd.run(lambda: all("generation.finished" in kinds(viewer) for viewer in viewers), "the turn ends")
        watcher = server.socket()
        end = watcher.subscribe(crowd.channel)["offset"]
        watcher.close()
        everybody = [*viewers, *clients]
        crowd.run(lambda: all(client.position["offset"] >= end for client in everybody), "all have everything")
    finally:
        crowd.close()
    assert not any(client.ended for client in everybody)
    assert {client.position["epoch"] for client in everybody} == {viewers[0].position["epoch"]}
    for client in clients:
        answer = client.answer
        assert answer["was_recovering"] and answer.get("recovered", False) != answer["has_snapshot"]
    start = max(viewer.answer["offset"] for viewer in viewers)

    def steps(viewer) -> list[dict]:
        told = [publication for publication in viewer.publications if start < publication["offset"] <= end]
        return [publication for publication in told if publication["data"]["type"] != "token"]

    code = server.code(app)
    for viewer in viewers:
        offsets = [publication["offset"] for publication in viewer.publications]
        assert offsets == sorted(set(offsets))
        # Runs of tokens may be merged for one who was slow for a moment; nothing else may be missing.
        texts = Texts()
        for publication in viewer.publications:
            texts.apply(publication["data"])
        assert texts.code == {"src/LLMComponent.tsx": code}
        assert steps(viewer) == steps(viewers[0])
