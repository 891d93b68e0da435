import Catalogue
import Claude
import Synchronization
import Sandboxes
import Testing

@testable import Orchestration

@Suite("Fork")
struct ForkTests {
    @Test("a copy goes live by itself, belongs to who made it, and is an app of its own")
    func fork() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            world.model.answer([World.component + "// 2\n"])
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ann)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            _ = try await world.orchestrator.rename(appID: id, title: "Tea timer")
            let calls = world.model.codeCalls
            let copy = try await world.orchestrator.fork(appID: id, version: 1, by: world.ben)
            #expect(copy.id != id && copy.title == "Copy of Tea timer" && copy.versions == 1)
            #expect(copy.authors == [AuthorView(userID: "ben", name: "Ben")] && copy.prompt == "a timer")
            await world.recorder.wait(copy.id, "live done 1")
            #expect(
                world.recorder.story(copy.id) == [
                    "sandbox started 1", "sandbox done 1", "status active", "live done 1",
                ]
            )
            #expect(
                world.recorder.appsEvents.contains { if case .added(let app) = $0 { app.id == copy.id } else { false } }
            )
            #expect(world.sandboxes.state.withLock { $0.starts.last?.files?.values.first } == World.component)
            #expect(
                try await world.orchestrator.code(appID: copy.id, version: nil).files.values.first == World.component
            )
            #expect(calls.takeNow(if: { _ in true }) == nil)
            let history = try await world.history(copy.id)
            let origin = Meaning(.fork, ["app_id": .text(id), "title": .text("Tea timer"), "version": 1])
            #expect(history.map(\.origin) == [origin] && history.first?.name == "Ben")
            #expect(history.first?.content == "" && history.first?.version == 1)
            let versions = try await world.orchestrator.versions(appID: copy.id)
            #expect(
                versions.map(\.outcome) == ["forked"] && versions.first?.userID == "ben"
                    && versions.first?.origin == origin
            )
            #expect(try await world.state(copy.id).preview?.version == 1)
            #expect(try await world.orchestrator.list(AppQuery()).counts == Counts(live: 2, total: 2))

            world.model.answer([World.component + "// copy\n"])
            _ = try await world.orchestrator.write(appID: copy.id, text: "blue", author: world.ben)
            await world.recorder.wait(copy.id, "finished succeeded")
            #expect(try await world.orchestrator.versions(appID: copy.id).count == 2)
            #expect(try await world.orchestrator.versions(appID: id).count == 2)
        }
    }

    @Test("the newest version without a number, and a copy of a copy keeps its name")
    func newest() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let first = try await world.orchestrator.fork(appID: id, version: nil, by: world.ben)
            let second = try await world.orchestrator.fork(appID: first.id, version: nil, by: world.ben)
            #expect(first.title == second.title && first.title.hasPrefix("Copy of "))
            #expect(Title.copy(of: String(repeating: "x", count: 80), limit: 80).count == 80)
        }
    }

    @Test("what cannot be copied: no version, an unknown one, an ended or unknown app, a full disk")
    func refused() async throws {
        let catalogue = FaultyCatalogue(try SQLiteCatalogue.inMemory())
        try await World.run(catalogue: catalogue) { world async throws in
            let id = try await world.liveApp()
            let empty = try await world.orchestrator.create(prompt: "new", author: world.ann)
            func fails(_ app: String, _ version: Int?, _ error: OrchestrationError) async {
                await #expect(throws: error) {
                    _ = try await world.orchestrator.fork(appID: app, version: version, by: world.ben)
                }
            }
            await fails(empty.id, nil, .unknownVersion)
            await fails(id, 9, .unknownVersion)
            await fails(Identifier.app(), nil, .unknownApp)
            catalogue.isFull.withLock { $0 = true }
            await fails(id, nil, .storageFull)
            catalogue.isFull.withLock { $0 = false }
            try await world.orchestrator.terminate(appID: id)
            await fails(id, nil, .terminated)
            #expect(try await world.orchestrator.list(AppQuery()).apps.map(\.id) == [empty.id])
        }
    }

    @Test("a copy whose sandbox does not start sleeps, and a visit wakes it")
    func full() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            world.sandboxes.failStarts([.full])
            let copy = try await world.orchestrator.fork(appID: id, version: nil, by: world.ben)
            await world.recorder.wait(copy.id, "asleep done 1")
            #expect(world.recorder.story(copy.id).contains("sandbox failed 1"))
            let app = try await world.state(copy.id).app
            #expect((app.status, app.phase) == (.ready, .asleep))
            world.clock.advance(by: .seconds(3))
            _ = await world.orchestrator.previewTarget(appID: copy.id)
            await world.recorder.wait(copy.id, "live done 1")
        }
    }
}
