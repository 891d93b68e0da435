"""What is measured: each workload's load, its contestants and the figures shown of it."""

from __future__ import annotations

from dataclasses import dataclass, field

ALL = ("ours", "uws", "limit", "ws", "nchan", "fastapi")
ROOMS, MEMBERS, MOVES = 20, 20, 30


@dataclass(frozen=True)
class Figure:
    """A column: a key of the load client's answer, scaled, shown with so many decimals."""

    title: str
    key: str
    scale: float = 1
    decimals: int = 1


CPU = Figure("CPU µs a delivery", "cpu_us", 1, 2)
P50 = Figure("p50 ms", "p50_us", 1e-3, 2)
P99 = Figure("p99 ms", "p99_us", 1e-3, 2)
BYTES = Figure("bytes a message", "message_bytes", 1, 0)


@dataclass(frozen=True)
class Workload:
    """`options` go to the load client, `flags` to our own server; `variants` are rows of ours with further options."""

    key: str
    title: str
    mode: str
    figures: tuple[Figure, ...]
    options: dict = field(default_factory=dict)
    contestants: tuple[str, ...] = ALL
    flags: tuple[str, ...] = ()
    variants: tuple[tuple[str, dict], ...] = (("", {}),)
    # Smaller loads for those that would take minutes.
    reduced: tuple[tuple[str, dict], ...] = ()
    # Seconds that one run of the slowest contestant may take.
    deadline: float = 60


WORKLOADS = {
    workload.key: workload
    for workload in (
        Workload(
            "burst",
            "Burst: 200 messages at once to 1,000 subscribers (5 bursts a round)",
            "fanout",
            (Figure("million deliveries/s", "deliveries_per_s", 1e-6, 2), CPU, P50, P99, BYTES),
            {"subscribers": 1000, "messages": 200, "bursts": 5, "limit": 12},
        ),
        Workload(
            "paced",
            "Paced: 50 messages/s to 1,000 subscribers (4 s a round)",
            "fanout",
            (CPU, P50, P99, BYTES),
            {"subscribers": 1000, "messages": 200, "rate": 50, "limit": 10},
        ),
        Workload(
            "rooms",
            "Many rooms: 100 channels of 10, 2,000 messages/s in all (3 s a round)",
            "fanout",
            (CPU, P50, P99, BYTES),
            {"subscribers": 1000, "rooms": 100, "messages": 6000, "rate": 2000, "limit": 9},
        ),
        Workload(
            "coedit",
            f"Co-editing: {ROOMS} rooms of {MEMBERS}, each member {MOVES} moves a second (3 s a round)",
            "fanout",
            (
                # One second of one room is MEMBERS × MOVES messages to MEMBERS members.
                Figure("CPU ms a second of one room", "cpu_us", MEMBERS * MOVES * MEMBERS / 1e3, 2),
                CPU,
                P50,
                P99,
                BYTES,
            ),
            {
                "subscribers": ROOMS * MEMBERS,
                "rooms": ROOMS,
                "members-publish": 1,
                "messages": ROOMS * MEMBERS * MOVES * 3,
                "rate": ROOMS * MEMBERS * MOVES,
                "limit": 6,
            },
            contestants=("ours", "uws", "limit", "ws"),
            # As the product's channel of cursors: without history, and with a write delay, so that moves leave together.
            flags=("--no-history", "--write-delay-ms", "16"),
        ),
        Workload(
            "tokens",
            "Token stream: 50 generations of 80 tokens/s, 20 viewers each, from model to viewers (6 s a round)",
            "tokens",
            (Figure("CPU µs a delivered token", "cpu_us", 1, 2), P50, P99),
            {"generations": 50, "viewers": 1000, "tokens": 480, "rate": 80},
            contestants=("ours",),
            deadline=240,
        ),
        Workload(
            "idle",
            "Idle: 20,000 connections, each subscribed to one channel",
            "idle",
            (
                Figure("resident KiB a connection", "kib", 1, 2),
                Figure("CPU µs to open one", "open_cpu_us", 1, 0),
                Figure("CPU ms a second, idle", "idle_cpu_ms_per_s", 1, 1),
                Figure("connections", "connections", 1, 0),
            ),
            {"connections": 20000},
            reduced=(("fastapi", {"connections": 4000}),),
            deadline=90,
        ),
        Workload(
            "join",
            "Join: 1,000 viewers subscribe to an app in mid-generation, 32 KiB snapshot",
            "join",
            (
                Figure("joins/s", "joins_per_s", 1, 0),
                Figure("CPU µs a join", "cpu_us", 1, 0),
                Figure("snapshot KiB", "snapshot_kib", 1, 1),
            ),
            {"viewers": 1000, "fill": 32768},
            contestants=("ours",),
            deadline=120,
        ),
        Workload(
            "compression",
            "Compression: 4 KiB of JSON, 50 messages/s to 1,000 subscribers (3 s a round)",
            "fanout",
            (CPU, P50, P99, BYTES, Figure("compressed frames", "deflated_share", 1, 2)),
            {"subscribers": 1000, "messages": 150, "rate": 50, "size": 4096, "json": 1, "limit": 9},
            contestants=("ours",),
            variants=((" compressed", {"deflate": 1}), (" plain", {"deflate": 0})),
        ),
    )
}
