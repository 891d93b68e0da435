import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite("Repairs")
struct RepairTests {
    static let error = BuildError(path: "src/LLMComponent.tsx", line: 3, column: 7, text: "Expected \";\"")
    private static let unmended = Meaning(.buildFailed, ["repairs": 2, "repair_limit": 2])

    @Test("bundling errors go back to the model with code and errors", arguments: [1, 2])
    func mended(repairs: Int) async throws {
        try await World.run { world async throws in
            world.sandboxes.answerEdits(Array(repeating: .success(.failed([Self.error])), count: repairs))
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.model.chatCalls.take().finish()
            for attempt in 0...repairs {
                let call = try await world.model.codeCalls.take()
                if attempt > 0 {
                    let asked = call.request.messages.map(\.text).joined()
                    #expect(asked.contains(Self.error.text) && asked.contains("// \(attempt - 1)"))
                }
                call.text(World.component + "// \(attempt)\n")
                call.finish(output: 10)
            }
            await world.recorder.wait(app.id, "finished succeeded")
            let story = world.recorder.story(app.id)
            #expect(
                story.filter { $0.hasPrefix("repairing started") }
                    == (1...repairs).map { "repairing started \($0 + 1)" }
            )
            #expect(story.filter { $0.hasPrefix("started") } == ["started 1"])
            #expect(story.contains("bundling failed 1") && story.contains("bundling done \(repairs + 1)"))
            let code = try await world.orchestrator.code(appID: app.id, version: 1)
            #expect(code.files.values.first == World.component + "// \(repairs)\n")
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.attempt == repairs + 1 && generation.outputTokens == 10 * (repairs + 1))
            #expect(try await world.state(app.id).errors.isEmpty)
        }
    }

    @Test("after two repairs the turn has failed, with the last errors and code kept")
    func notMended() async throws {
        try await World.run { world async throws in
            world.model.answer([World.component])
            world.sandboxes.answerEdits(Array(repeating: .success(.failed([Self.error])), count: 3))
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished failed")
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.attempt == 3 && generation.error == Self.unmended)
            #expect(generation.partialCode == World.component)
            let state = try await world.state(app.id)
            #expect(state.errors == [Self.error] && state.app.phase == .failed && state.app.status == .created)
            let answer = try #require(try await world.history(app.id).last)
            #expect(["", "Made it."].contains(answer.content), "the model's words as far as they came")
            #expect(answer.outcome == "failed" && answer.error == Self.unmended)
            await #expect(throws: OrchestrationError.generationFailed(Self.unmended)) {
                try await world.orchestrator.waitUntilLive(appID: app.id)
            }
        }
    }

    @Test("an edit that cannot be mended leaves the version that is shown, and its files in the sandbox")
    func staysOnShow() async throws {
        try await World.run(configure: { $0.maximumRepairs = 0 }) { world async throws in
            let id = try await world.liveApp()
            world.model.answer([World.component + "// bad\n"])
            world.sandboxes.answerEdits([.success(.failed([Self.error]))])
            _ = try await world.orchestrator.write(appID: id, text: "break it", author: world.ben)
            await world.recorder.wait(id, "finished failed")
            let error = Meaning(.buildFailed, ["repairs": 0, "repair_limit": 0])
            #expect(try await world.history(id).last?.error == error)
            let status = try await world.orchestrator.status(appID: id)
            #expect(status.status == .active && status.phase == .failed)
            world.model.answer([World.component])
            _ = try await world.orchestrator.retry(appID: id, by: world.ann)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            // Bad code, the old files again, then the second try.
            let edits = try #require(world.sandboxes.newest?.edits.map { $0.values.first })
            #expect(edits == [World.component, World.component + "// bad\n", World.component, World.component])
            #expect(world.sandboxes.newest?.checks == [true, true, false, true], "names are checked in new code only")
        }
    }

    @Test("an answer without a default export is an error that the model is told")
    func noDefaultExport() async throws {
        try await World.run { world async throws in
            world.model.answer(["const a = 1\n", World.component])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished succeeded")
            let story = world.recorder.story(app.id)
            #expect(story.contains("bundling failed 1") && story.contains("repairing started 2"))
            #expect(world.sandboxes.newest?.edits.count == 1)
            let events = world.recorder.events(app.id).compactMap {
                if case .build(let event) = $0 { event } else { nil }
            }
            let failed = try #require(events.first { $0.phase == .bundling && $0.state == .failed })
            #expect(failed.errors == [BuildError(.noDefaultExport, path: PromptBuilder.componentPath)])
            let repair = BuildEvent.Repair(number: 1, limit: 2)
            #expect(events.filter { $0.phase == .repairing }.map(\.repair) == [repair, repair])
            #expect(events.allSatisfy { $0.phase == .repairing || $0.repair == nil })
            let json = try await world.state(app.id).json
            #expect(json.contains(#""repair":{"number":1,"limit":2}"#) && json.contains(#""reason":"repair""#))
        }
    }

    @Test("a repair of an error of our own goes by its code, and is worded for the model alone")
    func ownError() async throws {
        try await World.run(configure: { $0.maximumRepairs = 0 }) { world async throws in
            world.model.answer(["const a = 1\n"])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished failed")
            world.model.answer([])
            _ = try await world.orchestrator.repair(appID: app.id, by: world.ben)
            _ = try await world.model.codeCalls.take()
            let prompt = try #require(try await world.history(app.id).last { $0.type == "user" })
            #expect(prompt.content.isEmpty)
            #expect(prompt.origin == Meaning(.repair, ["error": .text("no_default_export")]))
        }
    }

    @Test("what is missing is told to the model and to people with its name, and kept")
    func missingNames() async throws {
        try await World.run(configure: { $0.maximumRepairs = 0 }) { world async throws in
            var name = BuildError(path: "src/LLMComponent.tsx", line: 4, column: 9, text: "useIt")
            name.code = .nameUndefined
            var export = BuildError(path: "src/LLMComponent.tsx", line: 1, column: 10, text: "useThat")
            export.code = .exportMissing
            export.module = "react"
            world.model.answer([World.component])
            world.sandboxes.answerEdits([.success(.failed([export, name]))])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished failed")
            #expect(try await world.state(app.id).errors == [export, name])
            #expect(try await world.state(app.id).json.contains(#""code":"export_missing","module":"react""#))
            let kept = try #require(try await world.catalogue.generations(app: app.id).last?.errors)
            #expect(kept.map(BuildError.init) == [export, name])
            world.model.answer([])
            _ = try await world.orchestrator.repair(appID: app.id, by: world.ben)
            let asked = try await world.model.codeCalls.take().request.messages.map(\.text).joined()
            #expect(asked.contains("useIt") && asked.contains("useThat") && asked.contains("react"))
            let prompt = try #require(try await world.history(app.id).last { $0.type == "user" })
            let members: [String: Meaning.Value] = ["text": .text("useThat"), "module": .text("react")]
            #expect(
                prompt.origin == Meaning(.repair, members.merging(["error": .text("export_missing")]) { old, _ in old })
            )
        }
    }

    @Test("a version whose names could not be checked is served, and says so")
    func unchecked() async throws {
        try await World.run { world async throws in
            world.model.answer([World.component])
            world.sandboxes.answerEdits([.success(.unchecked)])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished succeeded")
            let unchecked = world.recorder.events(app.id).compactMap {
                if case .build(let event) = $0, event.isUnchecked { "\(event.phase) \(event.state)" } else { nil }
            }
            #expect(unchecked == ["bundling done"])
            let json = try await world.state(app.id).json
            #expect(json.contains(#""unchecked":true"#))
        }
    }

    @Test("while a repair has no token yet, the code of the attempt before stays in the snapshot")
    func snapshotDuringRepair() async throws {
        try await World.run { world async throws in
            world.sandboxes.answerEdits([.success(.failed([Self.error]))])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let first = try await world.model.codeCalls.take()
            first.text(World.component)
            first.finish()
            let second = try await world.model.codeCalls.take()
            await world.recorder.wait(app.id, "repairing started 2")
            let before = try #require(try await world.orchestrator.detail(appID: app.id).generation)
            #expect(before.phase == .repairing && before.attempt == 1)
            #expect(before.texts.code.values.first == World.component)
            second.text("```tsx\nexport c")
            await world.recorder.waitForCode(app.id, "export c")
            let after = try #require(try await world.orchestrator.detail(appID: app.id).generation)
            #expect(after.attempt == 2 && after.texts.code.values.first == "export c" && after.reason == .repair)
        }
    }
}
