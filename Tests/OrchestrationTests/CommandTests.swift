import Catalogue
import Claude
import Sandboxes
import Synchronization
import Testing

@testable import Orchestration

@Suite("Revert, end, feature, channels")
struct CommandTests {
    @Test("revert makes a new version of an old one's files")
    func revert() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            world.model.answer([World.component + "// 2\n"])
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(try await world.orchestrator.revert(appID: id, version: 1, by: world.ben) == 3)
            #expect(try await world.orchestrator.code(appID: id, version: 3).files.values.first == World.component)
            #expect(world.sandboxes.newest?.edits.last?.values.first == World.component)
            #expect(world.recorder.story(id).suffix(2) == ["preview 3", "message assistant"])
            let last = try #require(try await world.history(id).last)
            let origin = Meaning(.revert, ["version": 1])
            #expect(last.content.isEmpty && last.origin == origin && last.name == "Ben" && last.version == 3)
            #expect(try await world.orchestrator.versions(appID: id).last?.origin == origin)
            #expect(
                try await world.orchestrator.versions(appID: id).map(\.outcome) == [
                    "succeeded", "succeeded", "reverted",
                ]
            )
            #expect(try await world.state(id).app.versions == 3)
            await #expect(throws: OrchestrationError.unknownVersion) {
                _ = try await world.orchestrator.revert(appID: id, version: 9, by: world.ben)
            }
        }
    }

    @Test("no revert while a prompt runs")
    func revertWhileRunning() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            _ = try await world.model.codeCalls.take()
            await #expect(throws: OrchestrationError.self) {
                _ = try await world.orchestrator.revert(appID: id, version: 1, by: world.ben)
            }
        }
    }

    @Test("ending an app that generates stops it, tells everybody and keeps the history")
    func terminate() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let sandbox = try #require(world.sandboxes.newest)
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            _ = try await world.model.codeCalls.take()
            _ = try await world.orchestrator.write(appID: id, text: "waits", author: world.ben)
            try await world.orchestrator.terminate(appID: id)
            #expect(sandbox.isStopped && world.sandboxes.state.withLock { $0.removed } == [id])
            #expect(world.recorder.story(id).suffix(2) == ["finished stopped", "status terminated"])
            #expect(world.recorder.appsEvents.contains(.removed(id)))
            #expect(try await world.catalogue.runningGenerations().isEmpty)
            #expect(try await world.history(id).count == 4)
            #expect(try await world.orchestrator.status(appID: id).status == .terminated)
            #expect(try await world.orchestrator.detail(appID: id).app.status == .terminated)
            #expect(try await world.orchestrator.openChannel("app:\(id)") == false)
            await #expect(throws: OrchestrationError.terminated) {
                _ = try await world.orchestrator.write(appID: id, text: "late", author: world.ben)
            }
            guard case .terminated = await world.orchestrator.previewTarget(appID: id) else {
                Issue.record("a preview of an app that was ended")
                return
            }
            #expect(try await world.orchestrator.list(AppQuery()).apps.isEmpty)
        }
    }

    @Test("ending all apps tells how many there were")
    func terminateAll() async throws {
        try await World.run { world async throws in
            for number in 1...20 { _ = try await world.orchestrator.create(prompt: "\(number)", author: world.ann) }
            #expect(try await world.orchestrator.terminateAll() == 20)
            #expect(try await world.orchestrator.list(AppQuery()).counts == Counts())
            #expect(try await world.orchestrator.terminateAll() == 0)
        }
    }

    @Test("a featured mark is stored and shown")
    func feature() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            #expect(try await world.orchestrator.toggleFeature(appID: id))
            #expect(try await world.catalogue.app(id)?.isFeatured == true)
            #expect(try await world.orchestrator.list(AppQuery()).apps.first?.isFeatured == true)
            #expect(try await world.state(id).app.isFeatured)
            #expect(try await world.orchestrator.toggleFeature(appID: id) == false)
        }
    }

    @Test("channels open for what exists, and for nothing else")
    func channels() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            for name in ["apps", "app:\(id)", "app:\(id):cursors", "app:\(id):cursors"] {
                #expect(try await world.orchestrator.openChannel(name), "\(name)")
            }
            for name in [
                "", "app", "app:", "app:\(Identifier.app())", "app:\(id):", "app:\(id):other", "App:\(id)",
                "app:\(id)\u{301}",
            ] {
                #expect(try await world.orchestrator.openChannel(name) == false, "\(name)")
            }
        }
    }

    @Test("unknown apps are unknown to every call")
    func unknown() async throws {
        try await World.run { world async throws in
            let id = Identifier.app()
            let orchestrator = world.orchestrator
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await orchestrator.write(appID: id, text: "x", author: world.ann) },
                { _ = try await orchestrator.history(appID: id, before: nil, limit: 10) },
                { _ = try await orchestrator.status(appID: id) },
                { try await orchestrator.ping(appID: id) },
                { _ = try await orchestrator.detail(appID: id) },
                { _ = try await orchestrator.code(appID: id, version: nil) },
                { _ = try await orchestrator.versions(appID: id) },
                { _ = try await orchestrator.revert(appID: id, version: 1, by: world.ann) },
                { try await orchestrator.stop(appID: id, by: world.ann) },
                { _ = try await orchestrator.retry(appID: id, by: world.ann) },
                { _ = try await orchestrator.repair(appID: id, by: world.ann) },
                { _ = try await orchestrator.rename(appID: id, title: "x") },
                { _ = try await orchestrator.fork(appID: id, version: nil, by: world.ann) },
                { try await orchestrator.withdraw(appID: id, messageID: "m", by: world.ann, isAdmin: true) },
                { try await orchestrator.terminate(appID: id) },
                { _ = try await orchestrator.toggleFeature(appID: id) },
            ]
            for call in calls {
                await #expect(throws: OrchestrationError.unknownApp) { try await call() }
            }
            guard case .unknown = await orchestrator.previewTarget(appID: id) else {
                Issue.record("a preview of nothing")
                return
            }
        }
    }

    @Test("pages of the list follow each other")
    func pages() async throws {
        try await World.run { world async throws in
            for number in 1...5 { _ = try await world.orchestrator.create(prompt: "\(number)", author: world.ann) }
            var query = AppQuery()
            query.limit = 2
            var seen: [String] = []
            repeat {
                let page = try await world.orchestrator.list(query)
                seen += page.apps.map(\.prompt)
                query.cursor = page.nextCursor
            } while query.cursor != nil
            #expect(seen == ["5", "4", "3", "2", "1"])
        }
    }
}
