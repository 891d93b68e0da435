import Catalogue
import Claude
import Foundation
import Sandboxes
import Synchronization
import Testing

@testable import Orchestration

@Suite("Restart")
struct RecoveryTests {
    /// A catalogue as a kill leaves it: one app with a running generation, a waiting prompt, and a version or none.
    static func cut(hasVersion: Bool, waiting: [String] = []) async throws -> (catalogue: SQLiteCatalogue, id: String) {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = Identifier.app()
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        func prompt(_ text: String, _ number: Int) -> PromptRecord {
            PromptRecord(
                messageID: "msg-\(number)",
                appID: id,
                text: text,
                authorID: "ann",
                authorName: "Ann",
                createdAt: now
            )
        }
        func message(_ id: String, app: String, _ role: MessageRecord.Role, _ text: String, _ version: Int? = nil)
            -> MessageRecord
        {
            MessageRecord(
                id: id,
                appID: app,
                role: role,
                content: text,
                authorID: "ann",
                authorName: "Ann",
                createdAt: now,
                version: version
            )
        }
        var number = 1
        let app = AppRecord(
            id: id,
            title: "Timer",
            prompt: "a timer",
            authorID: "ann",
            authorName: "Ann",
            createdAt: now
        )
        try await catalogue.createApp(app, prompt: prompt("a timer", number))
        if hasVersion {
            var first = GenerationRecord(id: "gen-0", appID: id, messageID: "msg-1", model: "code", startedAt: now)
            try await catalogue.beginGeneration(first, message: message("msg-1", app: id, .user, "a timer"))
            first.outcome = .succeeded
            first.version = 1
            let version = VersionRecord(
                appID: id,
                number: 1,
                prompt: "a timer",
                authorID: "ann",
                authorName: "Ann",
                createdAt: now,
                files: [PromptBuilder.componentPath: World.component]
            )
            try await catalogue.finishGeneration(
                first,
                message: message("ans-1", app: id, .assistant, "Made.", 1),
                version: version
            )
            number = 2
            try await catalogue.enqueue(prompt("more", number))
        }
        let running = GenerationRecord(
            id: "gen-1",
            appID: id,
            messageID: "msg-\(number)",
            model: "code",
            startedAt: now
        )
        let text = hasVersion ? "more" : "a timer"
        try await catalogue.beginGeneration(running, message: message("msg-\(number)", app: id, .user, text))
        for text in waiting {
            number += 1
            try await catalogue.enqueue(prompt(text, number))
        }
        return (catalogue, id)
    }

    @Test("a generation that was cut is interrupted; without a version the phase is failed, and retry works")
    func interruptedFirst() async throws {
        let (catalogue, id) = try await Self.cut(hasVersion: false)
        try await World.run(catalogue: catalogue) { world async throws in
            #expect(try await world.orchestrator.status(appID: id) == (.created, .failed))
            let history = try await world.history(id)
            #expect(history.map(\.type) == ["user", "assistant"] && history.last?.content == "")
            #expect(history.last?.error == Meaning(.interrupted))
            #expect(history.last?.outcome == "interrupted" && history.last?.stoppedBy == nil)
            #expect(try await catalogue.generations(app: id).map(\.outcome) == [.interrupted])
            #expect(try await world.orchestrator.detail(appID: id).generation == nil)
            world.model.answer([World.component])
            _ = try await world.orchestrator.retry(appID: id, by: world.ben)
            await world.recorder.wait(id, "finished succeeded")
            #expect(try await world.history(id).map(\.content).contains("a timer"))
        }
    }

    @Test("with a version the app is live again, its sandbox started with that version")
    func interruptedEdit() async throws {
        let (catalogue, id) = try await Self.cut(hasVersion: true)
        try await World.run(catalogue: catalogue) { world async throws in
            await world.recorder.wait(id, "live done 1")
            #expect(try await world.orchestrator.status(appID: id) == (.active, .live))
            #expect(
                world.sandboxes.state.withLock { $0.starts.last?.files } == [
                    PromptBuilder.componentPath: World.component
                ]
            )
            #expect(world.sandboxes.state.withLock { $0.cleanUps } == 1)
            // A cut edit never looks as if nothing were there.
            #expect(!world.recorder.story(id).contains("sandbox started 1"))
        }
    }

    @Test("the stored queue goes on")
    func queueGoesOn() async throws {
        let (catalogue, id) = try await Self.cut(hasVersion: false, waiting: ["two", "three"])
        try await World.run(catalogue: catalogue, prepare: { model, _ in model.answer([World.component]) }) {
            world async throws in
            await world.recorder.wait(id, "finished succeeded", count: 2)
            let asked = try await world.history(id).filter { $0.type == "user" }.map(\.content)
            #expect(asked == ["a timer", "two", "three"])
            #expect(try await catalogue.queue(app: id).isEmpty)
        }
    }

    @Test("a shutdown in mid-turn ends it as interrupted; the next start shows it and goes on with the queue")
    func gracefulShutdown() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = try await World.run(catalogue: catalogue) { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            call.text("```tsx\nexport const half = 1")
            await world.recorder.waitForCode(app.id, "half = 1")
            _ = try await world.orchestrator.write(appID: app.id, text: "two", author: world.ben)
            return app.id
        }
        let generation = try #require(try await catalogue.generations(app: id).last)
        #expect(generation.outcome == .interrupted && generation.partialCode == "export const half = 1")
        #expect(try await catalogue.queue(app: id).map(\.text) == ["two"])
        try await World.run(catalogue: catalogue, prepare: { model, _ in model.answer([World.component]) }) {
            world async throws in
            await world.recorder.wait(id, "finished succeeded")
            #expect(try await world.history(id).filter { $0.type == "user" }.map(\.content) == ["a timer", "two"])
        }
    }

    @Test("apps that ran are started again, others sleep until a visit")
    func running() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let (ran, slept) = try await World.run(catalogue: catalogue) { world async throws in
            let ran = try await world.liveApp("one")
            let slept = try await world.liveApp("two")
            // A turn stores that its app runs after it has told of its end.
            for id in [ran, slept] {
                while try await catalogue.app(id)?.isRunning != true { await Task.yield() }
            }
            try await world.orchestrator.session(slept).storeRunning(false)
            return (ran, slept)
        }
        try await World.run(catalogue: catalogue) { world async throws in
            await world.recorder.wait(ran, "live done 1")
            #expect(
                world.recorder.story(ran) == ["sandbox started 1", "sandbox done 1", "status active", "live done 1"]
            )
            #expect(try await world.orchestrator.status(appID: slept) == (.ready, .asleep))
            #expect(world.sandboxes.startCount == 1)
            _ = await world.orchestrator.previewTarget(appID: slept)
            await world.recorder.wait(slept, "live done 1")
            let page = try await world.orchestrator.list(AppQuery())
            #expect(page.apps.map(\.id) == [slept, ran] && page.counts.live == 2 && page.counts.total == 2)
        }
    }

    @Test("after the end of the server nothing is taken")
    func closed() async throws {
        let orchestrator = try await World.run { world async throws in
            _ = try await world.liveApp()
            return world.orchestrator
        }
        await #expect(throws: OrchestrationError.shuttingDown) {
            _ = try await orchestrator.create(prompt: "late", author: Person(userID: "", name: ""))
        }
        #expect(!orchestrator.isReady)
    }
}
