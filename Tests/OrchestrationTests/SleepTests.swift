import Catalogue
import Sandboxes
import Synchronization
import Testing

@testable import Orchestration

/// Apps without visitors go to sleep; a visit wakes them.
@Suite("Sleep")
struct SleepTests {
    private static let limit = Duration.seconds(900)

    private static func run(
        limit: Duration = limit,
        prepare: (FakeModel, FakeSandboxes) -> Void = { _, _ in },
        _ body: @Sendable (World) async throws -> Void
    ) async throws {
        try await World.run(configure: { $0.idleSleep = limit }, prepare: prepare) { world in
            // The watch is the first that sleeps.
            await world.clock.waitForSleepers(1)
            try await body(world)
        }
    }

    /// Status and phase in the channel's state, which has an event before anybody is told of it.
    private static func shown(_ world: World, _ id: String) async throws -> (AppStatus, Phase) {
        let app = try await world.state(id).app
        return (app.status, app.phase)
    }

    /// Makes an app and lets it fall asleep.
    private static func sleepingApp(_ world: World) async throws -> String {
        let id = try await world.liveApp()
        try await untilSettled(world, id)
        world.clock.advance(by: limit)
        await world.recorder.wait(id, "asleep done 1")
        return id
    }

    /// Until the turn has cleaned up behind its last publication.
    private static func untilSettled(_ world: World, _ id: String) async throws {
        let session = try await world.orchestrator.session(id)
        while await session.loop != nil { await Task.yield() }
    }

    @Test("an app without visitors for the whole time is asleep: status ready, phase asleep, not live, not running")
    func sleeps() async throws {
        try await Self.run { world in
            let id = try await Self.sleepingApp(world)
            #expect(try await Self.shown(world, id) == (.ready, .asleep))
            let page = try await world.orchestrator.list(AppQuery())
            #expect(page.counts == Counts(live: 0, total: 1, building: 0, viewers: 0))
            #expect(world.recorder.story(id).suffix(2) == ["status ready", "asleep done 1"])
            while world.sandboxes.newest?.isStopped != true { await Task.yield() }
            while try await world.catalogue.app(id)?.isRunning != false { await Task.yield() }
        }
    }

    @Test("it stays awake until the very end of the time, and each visit begins the time anew")
    func visitsCount() async throws {
        try await Self.run { world in
            let id = try await world.liveApp()
            try await Self.untilSettled(world, id)
            let session = try await world.orchestrator.session(id)
            world.clock.advance(by: Self.limit - .seconds(1))
            #expect(await !session.sleep(after: Self.limit))
            _ = await world.orchestrator.previewTarget(appID: id)
            world.clock.advance(by: Self.limit - .seconds(1))
            #expect(await !session.sleep(after: Self.limit), "a preview is a visit")
            _ = try await world.orchestrator.openChannel("app:\(id)")
            world.clock.advance(by: Self.limit - .seconds(1))
            #expect(await !session.sleep(after: Self.limit), "a subscription is a visit")
            world.clock.advance(by: .seconds(1))
            await world.recorder.wait(id, "asleep done 1")
        }
    }

    @Test("as long as somebody looks, on the channel or at an open preview, it does not sleep")
    func viewersKeepAwake() async throws {
        try await Self.run { world in
            let id = try await world.liveApp()
            try await Self.untilSettled(world, id)
            let (session, idle) = (try await world.orchestrator.session(id), world.orchestrator.services.idle)
            idle.viewers(id, 1)
            world.clock.advance(by: Self.limit * 3)
            #expect(await !session.sleep(after: Self.limit))
            world.orchestrator.previewTunnels(appID: id, 1)
            idle.viewers(id, 0)
            world.clock.advance(by: Self.limit * 3)
            #expect(await !session.sleep(after: Self.limit))
            world.orchestrator.previewTunnels(appID: id, -1)
            #expect(await !session.sleep(after: Self.limit), "the time begins when the last one goes")
            world.clock.advance(by: Self.limit)
            await world.recorder.wait(id, "asleep done 1")
        }
    }

    @Test("zero means never, also when another app wants the place")
    func never() async throws {
        try await Self.runNever { world in
            let id = try await world.liveApp()
            try await Self.untilSettled(world, id)
            world.clock.advance(by: .seconds(1_000_000))
            #expect(await !world.orchestrator.services.idle.makeRoom(except: "app-b"))
            #expect(try await Self.shown(world, id) == (.active, .live))
        }
    }

    private static func runNever(_ body: @Sendable (World) async throws -> Void) async throws {
        try await World.run(configure: { $0.idleSleep = .zero }, body)
    }

    @Test("a generation that runs or waits never sleeps")
    func buildingStaysAwake() async throws {
        try await Self.run { world in
            let id = try await world.liveApp()
            try await Self.untilSettled(world, id)
            // The model does not answer.
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ann)
            await world.recorder.wait(id, "started 1", count: 2)
            world.clock.advance(by: Self.limit * 2)
            let session = try await world.orchestrator.session(id)
            #expect(await !session.sleep(after: Self.limit))
            #expect(world.sandboxes.newest?.hasEnded == false)
        }
    }

    @Test("however many visit at once, there is one start; it is told as a waking")
    func oneWaking() async throws {
        try await Self.run { world in
            let id = try await Self.sleepingApp(world)
            let before = world.recorder.story(id).count
            let gate = world.sandboxes.holdStarts()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        if number.isMultiple(of: 2) {
                            _ = try? await world.orchestrator.openChannel("app:\(id)")
                        } else {
                            _ = await world.orchestrator.previewTarget(appID: id)
                        }
                    }
                }
            }
            gate.resolve()
            await world.recorder.wait(id, "live done 1", count: 2)
            #expect(world.sandboxes.startCount == 2)
            #expect(
                Array(world.recorder.story(id).dropFirst(before)) == [
                    "sandbox started 1", "sandbox done 1", "status active", "live done 1",
                ]
            )
        }
    }

    @Test("a visit while the old sandbox goes finds a new one, with the files of the newest version")
    func visitDuringSleep() async throws {
        try await Self.run { world in
            let id = try await world.liveApp()
            try await Self.untilSettled(world, id)
            let gate = world.sandboxes.holdStops()
            world.clock.advance(by: Self.limit)
            await world.recorder.wait(id, "asleep done 1")
            guard case .starting = await world.orchestrator.previewTarget(appID: id) else {
                Issue.record("the preview is being started")
                return
            }
            #expect(world.sandboxes.startCount == 1, "not before the old one is gone")
            gate.resolve()
            await world.recorder.wait(id, "live done 1", count: 2)
            #expect(try await Self.shown(world, id) == (.active, .live))
            #expect(world.sandboxes.state.withLock { $0.starts.last?.files?.isEmpty } == false)
            while try await world.catalogue.app(id)?.isRunning != true { await Task.yield() }
        }
    }

    @Test("a prompt wakes it too")
    func writeWakes() async throws {
        try await Self.run { world in
            let id = try await Self.sleepingApp(world)
            world.model.answer([World.component])
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(try await Self.shown(world, id) == (.active, .live))
        }
    }

    @Test("a waking that fails is told, and tried again by a later visit")
    func wakingFails() async throws {
        try await Self.run { world in
            let id = try await Self.sleepingApp(world)
            world.sandboxes.failStarts([.timeout("no heartbeat")])
            _ = try await world.orchestrator.openChannel("app:\(id)")
            await world.recorder.wait(id, "asleep done 1", count: 2)
            #expect(world.recorder.story(id).contains("sandbox failed 1"))
            let step = try await world.state(id).steps.first { $0.phase == .sandbox }
            #expect(step?.error == Meaning(.sandboxTimeout))
            #expect(try await Self.shown(world, id) == (.ready, .asleep))
            _ = try await world.orchestrator.openChannel("app:\(id)")
            #expect(world.sandboxes.startCount == 2, "not at once")
            world.clock.advance(by: .seconds(2))
            _ = try await world.orchestrator.openChannel("app:\(id)")
            await world.recorder.wait(id, "live done 1", count: 2)
        }
    }

    @Test("at the limit the app that was visited longest ago makes room for a newcomer; those in use stay")
    func makesRoom() async throws {
        try await Self.run { world in
            let inUse = try await world.liveApp("one")
            world.orchestrator.services.idle.viewers(inUse, 1)
            let oldest = try await world.liveApp("two")
            try await Self.untilSettled(world, oldest)
            world.clock.advance(by: .seconds(20))
            let newer = try await world.liveApp("three")
            try await Self.untilSettled(world, newer)
            world.clock.advance(by: .seconds(20))
            world.sandboxes.failStarts([.full])
            let newcomer = try await world.liveApp("four")
            #expect(try await Self.shown(world, oldest) == (.ready, .asleep))
            for id in [inUse, newer, newcomer] {
                #expect(try await Self.shown(world, id) == (.active, .live))
            }
        }
    }

    @Test("when all are in use, or were a moment ago, the visitor hears that it is full")
    func full() async throws {
        try await Self.run { world in
            let id = try await Self.sleepingApp(world)
            let other = try await world.liveApp("two")
            try await Self.untilSettled(world, other)
            world.sandboxes.failStarts([.full])
            _ = await world.orchestrator.previewTarget(appID: id)
            await world.recorder.wait(id, "sandbox failed 1")
            guard case .full = await world.orchestrator.previewTarget(appID: id) else {
                Issue.record("all sandboxes are awake")
                return
            }
            #expect(try await Self.shown(world, other) == (.active, .live))
            // The other one has had no visit for a while: the next try finds room.
            world.clock.advance(by: .seconds(10))
            world.sandboxes.failStarts([.full])
            _ = await world.orchestrator.previewTarget(appID: id)
            await world.recorder.wait(id, "live done 1", count: 2)
            #expect(try await Self.shown(world, other) == (.ready, .asleep))
        }
    }
}
