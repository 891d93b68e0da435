import Catalogue
import Sandboxes
import Synchronization
import Testing

@testable import Orchestration

/// Pictures of versions: taken in the background, kept when they show what they should.
@Suite("Stills")
struct StillTests {
    private static func run(
        _ configure: (inout OrchestrationConfiguration) -> Void = { _ in },
        catalogue: (any Catalogue)? = nil,
        _ body: @Sendable (World, FakeCamera) async throws -> Void
    ) async throws {
        let camera = FakeCamera()
        try await World.run(
            catalogue: catalogue,
            configure: configure,
            prepare: { _, sandboxes in sandboxes.fakeCamera.withLock { $0 = camera } }
        ) { world in try await body(world, camera) }
    }

    @Test("a version's picture is stored, served, and told on both channels")
    func picture() async throws {
        try await Self.run { world, camera in
            let id = try await world.liveApp()
            let shot = try await camera.shots.take()
            #expect(shot.appID == id)
            #expect(try await world.orchestrator.still(appID: id, version: 1) == nil)
            #expect(try await world.state(id).app.still == nil)
            shot.result.resolve(.success(Pictures.png()))
            await world.recorder.wait(id, "app changed")
            let path = "/api/app/\(id)/still?version=1"
            #expect(try await world.state(id).app.still == path)
            await world.recorder.wait { all in
                all.contains {
                    if case .changed(let app)? = $0.event as? AppsEvent { app.still == path } else { false }
                }
            }
            #expect(try await world.orchestrator.list(AppQuery()).apps.first?.still == path)
            #expect(try await world.orchestrator.versions(appID: id).map(\.still) == [path])
            let still = try await world.orchestrator.still(appID: id, version: 1)
            #expect(still == StillView(version: 1, contentType: "image/png", bytes: Pictures.png()))
            #expect(try await world.orchestrator.still(appID: id, version: nil) == still)
            await #expect(throws: OrchestrationError.unknownApp) {
                _ = try await world.orchestrator.still(appID: "app-none", version: 1)
            }
        }
    }

    @Test("a picture survives the server, and an app that has it is not taken again")
    func survives() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        try await Self.run(catalogue: catalogue) { world, camera in
            let id = try await world.liveApp()
            try await camera.shots.take().result.resolve(.success(Pictures.lossy()))
            await world.recorder.wait(id, "app changed")
            while try await catalogue.app(id)?.isRunning != true { await Task.yield() }
        }
        try await Self.run(catalogue: catalogue) { world, camera in
            let id = try #require(try await catalogue.openApps().first?.id)
            await world.recorder.wait(id, "live done 1")
            #expect(try await world.orchestrator.list(AppQuery()).apps.first?.still == "/api/app/\(id)/still?version=1")
            let session = try await world.orchestrator.session(id)
            await session.wantStill()
            #expect(world.orchestrator.services.stills.count == 0)
        }
    }

    @Test("a picture that was missed is taken when the app is woken")
    func missed() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = try await World.run(catalogue: catalogue) { world async throws in
            let id = try await world.liveApp()
            while try await catalogue.app(id)?.isRunning != true { await Task.yield() }
            return id
        }
        try await Self.run(catalogue: catalogue) { _, camera in
            let shot = try await camera.shots.take()
            #expect(shot.appID == id)
        }
    }

    @Test("what the camera fails at has no effect on the app, and the next version is tried again")
    func failures() async throws {
        try await Self.run { world, camera in
            let id = try await world.liveApp()
            let results: [Result<[UInt8], any Error>] = [
                .failure(SandboxError.timeout("late")), .success([]), .success(Array("<svg/>".utf8)),
                .success(Pictures.png(640, 480)),
            ]
            for (index, result) in results.enumerated() {
                try await camera.shots.take().result.resolve(result)
                world.model.answer([World.component])
                _ = try await world.orchestrator.write(appID: id, text: "again", author: world.ann)
                await world.recorder.wait(id, "finished succeeded", count: index + 2)
                let app = try await world.state(id).app
                #expect((app.status, app.phase) == (.active, .live))
            }
            try await camera.shots.take().result.resolve(.success(Pictures.png()))
            await world.recorder.wait(id, "app changed")
            #expect(try await world.state(id).app.still == "/api/app/\(id)/still?version=5")
        }
    }

    @Test("a full disk keeps no picture and harms nothing")
    func fullDisk() async throws {
        let catalogue = FaultyCatalogue(try SQLiteCatalogue.inMemory())
        try await Self.run(catalogue: catalogue) { world, camera in
            let id = try await world.liveApp()
            let shot = try await camera.shots.take()
            let session = try await world.orchestrator.session(id)
            while await session.loop != nil { await Task.yield() }
            catalogue.isFull.withLock { $0 = true }
            shot.result.resolve(.success(Pictures.png()))
            while catalogue.refusals.withLock({ $0 }) == 0 { await Task.yield() }
            #expect(try await world.orchestrator.status(appID: id) == (.active, .live))
            catalogue.isFull.withLock { $0 = false }
            world.model.answer([World.component])
            _ = try await world.orchestrator.write(appID: id, text: "again", author: world.ann)
            try await camera.shots.take().result.resolve(.success(Pictures.png()))
            await world.recorder.wait { all in
                all.contains { ($0.event as? AppEvent)?.stillVersion == 2 }
            }
        }
    }

    @Test("a picture into which another version came is thrown away")
    func overtaken() async throws {
        try await Self.run { world, camera in
            let id = try await world.liveApp()
            let first = try await camera.shots.take()
            world.model.answer([World.component])
            _ = try await world.orchestrator.write(appID: id, text: "again", author: world.ann)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            first.result.resolve(.success(Pictures.png()))
            try await camera.shots.take().result.resolve(.success(Pictures.lossy()))
            await world.recorder.wait(id, "app changed")
            #expect(try await world.orchestrator.still(appID: id, version: 1) == nil)
            #expect(try await world.orchestrator.still(appID: id, version: 2)?.contentType == "image/webp")
        }
    }

    @Test("one picture at a time; of an app only the newest version waits; an ended app waits no more")
    func queue() async throws {
        try await Self.run { world, camera in
            let busy = try await world.liveApp("one")
            let shot = try await camera.shots.take()
            let (kept, ended) = (try await world.liveApp("two"), try await world.liveApp("three"))
            for id in [kept, ended] {
                let session = try await world.orchestrator.session(id)
                while await session.loop != nil { await Task.yield() }
            }
            world.model.answer([World.component])
            _ = try await world.orchestrator.write(appID: kept, text: "again", author: world.ann)
            await world.recorder.wait(kept, "finished succeeded", count: 2)
            let session = try await world.orchestrator.session(kept)
            while await session.loop != nil { await Task.yield() }
            #expect(world.orchestrator.services.stills.count == 2)
            try await world.orchestrator.terminate(appID: ended)
            #expect(world.orchestrator.services.stills.count == 1)
            shot.result.resolve(.success(Pictures.png()))
            await world.recorder.wait(busy, "app changed")
            let next = try await camera.shots.take()
            #expect(next.appID == kept)
            next.result.resolve(.success(Pictures.png()))
            await world.recorder.wait(kept, "app changed")
            #expect(try await world.state(kept).app.still == "/api/app/\(kept)/still?version=2")
        }
    }

    @Test("those who wait are so many at most: the one that waited longest goes without")
    func bounded() async throws {
        try await World.run { world async throws in
            let queue = StillQueue(limit: 2)
            var ids: [String] = []
            for prompt in ["one", "two", "three"] {
                let id = try await world.liveApp(prompt)
                ids.append(id)
                queue.add(StillQueue.Wish(session: try await world.orchestrator.session(id), version: 1))
            }
            #expect(queue.count == 2)
            #expect(await queue.next()?.session.id == ids[1])
            #expect(await queue.next()?.session.id == ids[2])
        }
    }

    @Test("an app does not sleep while it waits for its picture or poses for it")
    func awakeForThePicture() async throws {
        try await Self.run({ $0.idleSleep = .seconds(900) }) { world, camera in
            let (posing, waiting) = (try await world.liveApp("one"), try await world.liveApp("two"))
            let shot = try await camera.shots.take()
            #expect(shot.appID == posing)
            for id in [posing, waiting] {
                let session = try await world.orchestrator.session(id)
                while await session.loop != nil { await Task.yield() }
                world.clock.advance(by: .seconds(1_000))
                #expect(await !session.sleep(after: .seconds(900)))
            }
            shot.result.resolve(.success(Pictures.png()))
            await world.recorder.wait(posing, "app changed")
            let session = try await world.orchestrator.session(posing)
            while await session.isPosing { await Task.yield() }
            #expect(await session.sleep(after: .seconds(900)))
        }
    }

    @Test("where pictures are off, or there is no camera, nothing waits")
    func off() async throws {
        try await Self.run({ $0.stillsAtOnce = 0 }) { world, _ in
            _ = try await world.liveApp()
            #expect(world.orchestrator.services.stills.count == 0)
        }
    }
}

extension AppEvent {
    /// The version whose picture is told.
    fileprivate var stillVersion: Int? {
        guard case .appChanged(let app) = self else { return nil }
        return app.still.flatMap { $0.split(separator: "=").last }.flatMap { Int($0) }
    }
}
