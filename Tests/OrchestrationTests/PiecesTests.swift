import Foundation
import Logging
import NIOPosix
import Sandboxes
import Synchronization
import Testing

@testable import Orchestration
@testable import Realtime

@Suite("Clocks, ids, limits")
struct PiecesTests {
    @Test(
        "times are RFC 3339 UTC with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ]
    )
    func timestamps(milliseconds: Int64, text: String) {
        #expect(Timestamp.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000)) == text)
    }

    @Test("ids have the protocol's form, differ, and sort by time")
    func identifiers() {
        let ids = (0..<1000).map { _ in Identifier.app() }
        #expect(Set(ids).count == 1000 && ids.allSatisfy(Identifier.isApp))
        let early = Identifier.message(at: Date(timeIntervalSince1970: 1_700_000_000))
        let late = Identifier.message(at: Date(timeIntervalSince1970: 1_700_000_000.001))
        #expect(early < late && early.utf8.count == 24)
        for text in [
            "", "app-", "app-AAAAAAAAAAAAAAAA", "app-aaaaaaaaaaaaaaa1", "app-aaaaaaaaaaaaaaaaa",
            "app-aaaaaaaaaaaaaaa\u{e4}",
        ] {
            #expect(!Identifier.isApp(text))
        }
    }

    @Test("the limiter lets so many in, the rest in order, and forgets those who left")
    func limiter() async throws {
        let limiter = GenerationLimiter(limit: 1)
        try await limiter.acquire()
        let entered = Mailbox<Int>()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<3 {
            tasks.append(
                Task {
                    try await limiter.acquire()
                    entered.put(number)
                }
            )
            while limiter.waiting <= number { await Task.yield() }
        }
        tasks[1].cancel()
        await #expect(throws: CancellationError.self) { try await tasks[1].value }
        #expect(limiter.waiting == 2)
        limiter.release()
        #expect(try await entered.take() == 0)
        limiter.release()
        #expect(try await entered.take() == 2)
        limiter.release()
        try await limiter.acquire()
    }

    @Test("a value that is set once reaches all who wait; one who is cancelled leaves alone")
    func oneShot() async throws {
        let value = OneShot<Int>()
        let waiting = (0..<3).map { _ in Task { try await value.value() } }
        waiting[0].cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting[0].value }
        value.resolve(.success(7))
        value.resolve(.success(8))
        #expect(try await waiting[1].value == 7)
        #expect(try await waiting[2].value == 7)
        #expect(try await value.value() == 7)
    }

    @Test("a throttle publishes at once, then at most once an interval, and the last change always")
    func throttle() {
        var throttle = Throttle(interval: .milliseconds(200))
        #expect(throttle.change(at: .zero) == .publish)
        #expect(throttle.change(at: .milliseconds(50)) == .wait(.milliseconds(150)))
        #expect(throttle.change(at: .milliseconds(60)) == .covered)
        throttle.fire(at: .milliseconds(200))
        #expect(throttle.change(at: .milliseconds(399)) == .wait(.milliseconds(1)))
        throttle.fire(at: .milliseconds(400))
        #expect(throttle.change(at: .milliseconds(600)) == .publish)
        #expect(throttle.later(at: .milliseconds(601), by: .milliseconds(50)) == .milliseconds(199))
        #expect(throttle.later(at: .milliseconds(602), by: .milliseconds(50)) == nil)
    }

    @Test("the phase is the furthest step begun")
    func phases() {
        var state = AppChannelState(app: .sample, messages: [], more: false, queue: [], preview: nil)
        func event(_ phase: Phase, _ step: BuildEvent.State, _ attempt: Int = 1) -> AppEvent {
            .build(BuildEvent(phase: phase, state: step, attempt: attempt, startedAt: "", elapsed: 0))
        }
        state.fold(.generationStarted(GenerationStarted(generation: "g", messageID: "m", model: "code", attempt: 1)))
        var phases: [Phase] = []
        for (phase, step, attempt) in [
            (Phase.queued, BuildEvent.State.started, 1), (.generating, .started, 1), (.sandbox, .started, 1),
            (.generating, .done, 1), (.sandbox, .done, 1), (.writing, .started, 1), (.bundling, .started, 1),
            (.bundling, .failed, 1), (.repairing, .started, 2), (.repairing, .done, 2), (.bundling, .started, 2),
            (.live, .done, 2), (.asleep, .done, 1),
        ] {
            state.fold(event(phase, step, attempt))
            phases.append(state.app.phase)
        }
        #expect(
            phases == [
                .queued, .generating, .generating, .generating, .generating, .writing, .bundling, .bundling, .repairing,
                .repairing, .bundling, .live, .asleep,
            ]
        )
    }

    @Test("tokens are published at once, then once a frame, and joined")
    func coalescing() async throws {
        try await World.run(configure: { $0.tokenInterval = .milliseconds(16) }) { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            call.text("```tsx\n1+")
            await world.recorder.waitForCode(app.id, "1+")
            // The stream sleeps to the end of the frame; what comes meanwhile waits in the source.
            await world.clock.waitForSleepers(1)
            for text in ["b", "c", "d"] { call.text(text) }
            world.clock.advance(by: .milliseconds(16))
            await world.recorder.waitForCode(app.id, "d")
            let parts = world.recorder.events(app.id).compactMap { event -> [TokenPart]? in
                if case .token(let token) = event { token.parts } else { nil }
            }
            #expect(
                parts == [
                    [TokenPart(stream: .code, at: 0, text: "1+")], [TokenPart(stream: .code, at: 2, text: "bcd")],
                ]
            )
        }
    }
}

@Suite("The board of all apps")
struct AppsBoardTests {
    private func board(_ clock: ManualClock, _ recorder: Recorder, apps: [AppView] = [], viewers: Int = 0) -> AppsBoard
    {
        let board = AppsBoard(time: Timekeeper(clock: clock), distinctViewers: { viewers })
        let hub = Hub(group: MultiThreadedEventLoopGroup.singleton)
        board.open(apps: apps) { Feed(channel: hub.open("apps", state: $0), tap: recorder.tap) }
        return board
    }

    @Test("counts go out at once, then joined, the last ones always")
    func counts() async {
        let (clock, recorder) = (ManualClock(), Recorder())
        let board = board(clock, recorder)
        for number in 0..<5 { board.added(.sample.with { $0.id = "app-\(number)" }) }
        board.removed("app-0")
        await clock.waitForSleepers(1)
        #expect(
            recorder.appsEvents.filter { if case .counts = $0 { true } else { false } } == [
                .counts(Counts(total: 1, building: 1))
            ]
        )
        clock.advance(by: .milliseconds(200))
        await recorder.wait { all in
            all.contains { ($0.event as? AppsEvent) == .counts(Counts(total: 4, building: 4)) }
        }
        #expect(recorder.appsEvents.count == 8)
    }

    @Test("an app that was ended is not heard of again")
    func removal() async {
        let (clock, recorder) = (ManualClock(), Recorder())
        let board = board(clock, recorder)
        board.added(.sample)
        // A change of viewers waits when the app ends.
        board.viewers(AppView.sample.id, 1)
        board.viewers(AppView.sample.id, 2)
        board.removed(AppView.sample.id)
        board.changed(.sample.with { $0.title = "Other" }, isBuilding: false)
        board.viewers(AppView.sample.id, 3)
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(2))
        await recorder.wait { all in
            all.contains { ($0.event as? AppsEvent) == .counts(Counts()) }
        }
        let kinds = recorder.appsEvents.map(\.kind).filter { $0 != .counts }
        #expect(kinds.last == .removed && kinds.filter { $0 == .removed }.count == 1)
        #expect(board.view(AppView.sample.id) == nil)
    }

    @Test("history never says of an app that was ended that it has changed")
    func historyAfterRemoval() {
        let app = AppView.sample
        #expect(AppsEvent.changed(app).standing(for: .removed(app.id)) == .removed(app.id))
        #expect(AppsEvent.changed(app).standing(for: .added(app)) == .added(app))
        #expect(AppsEvent.added(app).standing(for: .removed(app.id)) == nil)
        #expect(AppsEvent.removed(app.id).standing(for: .changed(app)) == nil)
    }

    @Test("an app is published when something that lists show has changed, and only then")
    func changes() {
        let (clock, recorder) = (ManualClock(), Recorder())
        let board = board(clock, recorder)
        board.added(.sample)
        let before = recorder.appsEvents.count
        board.changed(.sample.with { $0.updatedAt = "2027-01-01T00:00:00.000Z" }, isBuilding: true)
        #expect(recorder.appsEvents.count == before)
        #expect(board.view(AppView.sample.id)?.updatedAt == "2027-01-01T00:00:00.000Z")
        board.changed(
            .sample.with {
                $0.phase = .live; $0.status = .active
            },
            isBuilding: false
        )
        #expect(recorder.appsEvents.count == before + 1)
        #expect(board.counts == Counts(live: 1, total: 1))
    }

    @Test("changes of viewers go out at most once a second")
    func viewers() async {
        let (clock, recorder) = (ManualClock(), Recorder())
        let board = board(clock, recorder, viewers: 3)
        board.added(.sample)
        for count in 1...3 { board.viewers(AppView.sample.id, count) }
        func shown() -> [Int] {
            recorder.appsEvents.compactMap { if case .changed(let app) = $0 { app.viewers } else { nil } }
        }
        #expect(shown() == [1])
        #expect(board.view(AppView.sample.id)?.viewers == 3)
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        await recorder.wait { all in
            all.contains { if case .changed(let app)? = $0.event as? AppsEvent { app.viewers == 3 } else { false } }
        }
        #expect(shown() == [1, 3])
    }

    @Test("the last lines of code go out twice a second at most, the last ones always, and only to somebody")
    func tails() async throws {
        let (clock, recorder) = (ManualClock(), Recorder())
        let hub = Hub(group: MultiThreadedEventLoopGroup.singleton)
        let board = AppsBoard(time: Timekeeper(clock: clock), distinctViewers: { 0 })
        board.open(apps: []) { Feed(channel: hub.open("apps", state: $0), tap: recorder.tap) }
        board.added(.sample)
        func shown() -> [[String]?] {
            recorder.appsEvents.compactMap { if case .changed(let app) = $0 { .some(app.tail) } else { nil } }
        }
        let lines = TailSource()
        func write(_ line: String) {
            lines.set(line)
            board.wrote(AppView.sample.id) { lines.read() }
        }
        func waitFor(_ line: String) async {
            await recorder.wait { all in
                all.contains {
                    if case .changed(let app)? = $0.event as? AppsEvent { app.tail == [line] } else { false }
                }
            }
        }
        write("nobody")
        let channel = try #require(hub.channel(named: "apps"))
        let shard = hub.shard(of: MultiThreadedEventLoopGroup.singleton.next())
        _ = try #require(channel.attach(shard))
        write("0")
        await waitFor("0")
        for number in 1..<50 { write("\(number)") }
        await clock.waitForSleepers(1)
        #expect(shown() == [["0"]] && lines.reads == 1, "only what is sent is read")
        clock.advance(by: .milliseconds(500))
        await waitFor("49")
        #expect(shown() == [["0"], ["49"]] && lines.reads == 2)
        #expect(board.view(AppView.sample.id)?.tail == nil, "lists have none")
        board.changed(.sample.with { $0.phase = .bundling }, isBuilding: true)
        board.changed(.sample.with { $0.phase = .failed }, isBuilding: false)
        #expect(shown() == [["0"], ["49"], ["49"], nil])
        write("late")
        channel.detach(shard)
        #expect(shown().count == 4 && lines.reads == 2)
        #expect(board.tally.failed == 1 && board.tally.asleep == 0)
    }

    @Test("a snapshot shows the newest fifty, also after some were ended")
    func snapshot() throws {
        var state = AppsChannelState(counts: Counts(), apps: [])
        for number in 0..<300 { state.fold(.added(.sample.with { $0.id = "\(number)" })) }
        for number in 290..<300 { state.fold(.removed("\(number)")) }
        let apps = try #require(try Viewer.object(state.json)["apps"] as? [[String: Any]])
        #expect(apps.count == 50 && apps.first?["id"] as? String == "289")
    }
}

/// The last line of code, and how often it was read.
private final class TailSource: Sendable {
    private let state = Mutex((line: "", reads: 0))

    var reads: Int { state.withLock { $0.reads } }

    func set(_ line: String) { state.withLock { $0.line = line } }

    func read() -> [String] {
        state.withLock { state in
            state.reads += 1
            return [state.line]
        }
    }
}
