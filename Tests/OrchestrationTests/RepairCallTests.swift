import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite("Repair when asked for")
struct RepairCallTests {
    private static let runtime = BuildError(
        path: "src/LLMComponent.tsx",
        line: 41,
        column: 18,
        text: "item.done is not a function"
    )

    /// An app with a version whose next turn failed for good.
    private func broken(_ world: World) async throws -> String {
        let id = try await world.liveApp()
        world.model.answer((0...2).map { World.component + "// broken \($0)\n" })
        world.sandboxes.answerEdits(Array(repeating: .success(.failed([RepairTests.error])), count: 3))
        _ = try await world.orchestrator.write(appID: id, text: "make it blue", author: world.ben)
        await world.recorder.wait(id, "finished failed")
        world.model.answer([])
        return id
    }

    @Test("errors of the failed build and its code go to the model as a turn of their own")
    func build() async throws {
        try await World.run { world async throws in
            let id = try await broken(world)
            #expect(try await world.history(id).last?.outcome == "failed")
            let answer = try await world.orchestrator.repair(appID: id, by: world.ann)
            #expect(answer.position == 0)
            let call = try await world.model.codeCalls.take()
            let asked = call.request.messages.map(\.text).joined()
            #expect(
                asked.contains(RepairTests.error.text) && asked.contains("// broken 2")
                    && asked.contains("make it blue")
            )
            try await world.model.chatCalls.take().finish()
            call.text(World.component + "// mended\n")
            call.finish()
            await world.recorder.wait(id, "finished succeeded", count: 2)
            let prompt = try #require(try await world.history(id).last { $0.type == "user" })
            #expect(
                prompt.content == "src/LLMComponent.tsx:3:7 Expected \";\"" && prompt.userID == "ann"
                    && prompt.origin == Meaning(.repair)
            )
            #expect(try await world.orchestrator.versions(appID: id).last?.origin == Meaning(.repair))
            #expect(try await world.state(id).errors.isEmpty)
            await #expect(throws: OrchestrationError.nothingToRepair) {
                _ = try await world.orchestrator.repair(appID: id, by: world.ann)
            }
        }
    }

    @Test("after a restart the errors are still shown and can be repaired")
    func restart() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = try await World.run(catalogue: catalogue) { world async throws in
            world.model.answer([World.component])
            world.sandboxes.answerEdits(Array(repeating: .success(.failed([RepairTests.error])), count: 3))
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished failed")
            return app.id
        }
        try await World.run(catalogue: catalogue) { world async throws in
            #expect(try await world.state(id).errors == [RepairTests.error])
            _ = try await world.orchestrator.repair(appID: id, by: world.ben)
            let asked = try await world.model.codeCalls.take().request.messages.map(\.text).joined()
            #expect(asked.contains(RepairTests.error.text) && asked.contains(World.component))
        }
    }

    @Test("after going back and a restart only what the app throws is repaired")
    func revertAndRestart() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = try await World.run(catalogue: catalogue) { world async throws in
            let id = try await broken(world)
            #expect(try await world.orchestrator.revert(appID: id, version: 1, by: world.ben) == 2)
            return id
        }
        try await World.run(catalogue: catalogue) { world async throws in
            #expect(try await world.state(id).errors.isEmpty)
            await #expect(throws: OrchestrationError.nothingToRetry) {
                _ = try await world.orchestrator.retry(appID: id, by: world.ben)
            }
            await #expect(throws: OrchestrationError.nothingToRepair) {
                _ = try await world.orchestrator.repair(appID: id, by: world.ben)
            }
            let session = try await world.orchestrator.session(id)
            await session.noteRuntimeError(Self.runtime)
            _ = try await world.orchestrator.repair(appID: id, by: world.ben)
            let asked = try await world.model.codeCalls.take().request.messages.map(\.text).joined()
            #expect(asked.contains("item.done is not a function") && !asked.contains("// broken 2"))
        }
    }

    @Test("what the app threw in a browser goes to the model with the code on show")
    func runtime() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let session = try await world.orchestrator.session(id)
            await session.noteRuntimeError(Self.runtime)
            await session.noteRuntimeError(Self.runtime)
            _ = try await world.orchestrator.repair(appID: id, by: world.ben)
            let call = try await world.model.codeCalls.take()
            let asked = call.request.messages.map(\.text).joined()
            #expect(asked.contains("41:18 item.done is not a function") && asked.contains(World.component))
            try await world.model.chatCalls.take().finish()
            call.text(World.component + "// mended\n")
            call.finish()
            await world.recorder.wait(id, "finished succeeded", count: 2)
            await #expect(throws: OrchestrationError.self) {
                _ = try await world.orchestrator.repair(appID: id, by: world.ben)
            }
        }
    }

    @Test("nothing to repair: a version that is well, one that was stopped, and while a prompt runs")
    func refused() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            func refused(_ error: OrchestrationError) async {
                await #expect(throws: error) {
                    _ = try await world.orchestrator.repair(appID: id, by: world.ann)
                }
            }
            await refused(.nothingToRepair)
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            _ = try await world.model.codeCalls.take()
            await refused(.promptRunning)
            try await world.orchestrator.stop(appID: id, by: world.ann)
            _ = try await world.orchestrator.revert(appID: id, version: 1, by: world.ann)
            await refused(.nothingToRepair)
        }
    }

    @Test("a repair's words fit a prompt and hold nothing that cannot be stored")
    func words() {
        let errors = Array(
            repeating: BuildError(path: "a", line: 1, column: 1, text: String(repeating: "x", count: 900) + "\0"),
            count: 30
        )
        let (text, origin) = RepairPrompt.parts(of: errors, limit: 4_000)
        #expect(text.unicodeScalars.count == 4_000 && !text.utf8.contains(0) && origin == Meaning(.repair))
    }
}
