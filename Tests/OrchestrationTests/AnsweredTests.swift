import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite("Answers in words")
struct AnsweredTests {
    private static let words = "The button saves your list. There is nothing to change."

    private func answer(_ text: String, in world: World, _ appID: String) async throws {
        let call = try await world.model.codeCalls.take()
        call.text(text)
        call.finish(input: 3, output: 5)
        await world.recorder.wait(appID, "finished answered")
    }

    @Test("a question about an app with a version is one message: no version, no repair, the app as it was")
    func question() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            _ = try await world.orchestrator.write(appID: id, text: "what does this button do?", author: world.ben)
            let chat = try await world.model.chatCalls.take()
            chat.text("I'm changing the button.")
            try await answer("\(Self.words)\n", in: world, id)
            #expect(chat.source.isCancelled)
            let message = try #require(try await world.history(id).last)
            #expect(message.content == Self.words && message.type == "assistant" && message.outcome == "answered")
            #expect(message.version == nil && message.error == nil)
            let state = try await world.state(id)
            #expect(state.app.phase == .live && state.app.status == .active && state.generation == nil)
            #expect(try await world.orchestrator.versions(appID: id).count == 1)
            #expect(!world.recorder.story(id).contains { $0.hasPrefix("repairing") })
            #expect(world.sandboxes.newest?.edits.count == 1)
            let generation = try #require(try await world.catalogue.generations(app: id).last)
            #expect(generation.outcome == .answered && generation.outputTokens == 5 && generation.partialCode == nil)
            guard case .generationFinished(let end)? = world.recorder.events(id).last else {
                Issue.record("the end is not last")
                return
            }
            #expect(end.outcome == .answered && end.error == nil && end.version == nil)
        }
    }

    @Test("in place of a first version: a phase of its own, told to who waits, the same after a restart")
    func first() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = try await World.run(catalogue: catalogue) { world async throws in
            let app = try await world.orchestrator.create(prompt: "can you build apps?", author: world.ann)
            let waiting = Task { try await world.orchestrator.waitUntilLive(appID: app.id) }
            try await answer(Self.words, in: world, app.id)
            #expect(try await waiting.value == .answered)
            #expect(try await world.orchestrator.waitUntilLive(appID: app.id) == .answered)
            #expect(try await world.state(app.id).app.phase == .answered)
            #expect(world.recorder.story(app.id).contains("answered done 1"))
            #expect(try await world.orchestrator.status(appID: app.id).phase == .answered)
            await #expect(throws: OrchestrationError.nothingToRetry) {
                _ = try await world.orchestrator.retry(appID: app.id, by: world.ann)
            }
            return app.id
        }
        try await World.run(catalogue: catalogue) { world async throws in
            #expect(try await world.orchestrator.list(AppQuery()).apps.first?.phase == .answered)
            #expect(try await world.state(id).app.phase == .answered)
            #expect(try await world.history(id).last?.outcome == "answered")
            world.model.answer([World.component])
            _ = try await world.orchestrator.write(appID: id, text: "a timer", author: world.ann)
            await world.recorder.wait(id, "finished succeeded")
            #expect(try await world.orchestrator.waitUntilLive(appID: id) == .live)
        }
    }

    @Test("a question answered with a piece of code is answered; a request that is, is mended")
    func snippet() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let text = "It calls `save`:\n\n```tsx\n<button onClick={save}>Save</button>\n```\nThat stores it."
            _ = try await world.orchestrator.write(appID: id, text: "what does it do?", author: world.ben)
            try await answer(text, in: world, id)
            #expect(try await world.history(id).last?.content == text)
            #expect(try await world.orchestrator.versions(appID: id).count == 1)
            _ = try await world.orchestrator.write(appID: id, text: "make it blue", author: world.ben)
            let call = try await world.model.codeCalls.take()
            call.text(text)
            call.finish()
            let repair = try await world.model.codeCalls.take()
            #expect(repair.request.messages[0].text.contains(World.component))
            repair.text("I cannot make it blue.")
            repair.finish()
            await world.recorder.wait(id, "finished answered", count: 2)
            #expect(try await world.history(id).last?.content == "I cannot make it blue.")
        }
    }

    @Test(
        "what a model says that will not answer takes the place of the explanation",
        arguments: ["I can't help.", ""]
    )
    func refused(words: String) async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let chat = try await world.model.chatCalls.take()
            chat.text("I'm making a timer.")
            let call = try await world.model.codeCalls.take()
            if !words.isEmpty { call.text(words) }
            call.fail(.refused())
            await world.recorder.wait(app.id, "finished failed")
            let message = try #require(try await world.history(app.id).last)
            #expect(message.content == words && message.error == Meaning(.modelDeclined))
        }
    }

    @Test("a question between a failed build and its repair leaves the repair possible")
    func questionBeforeRepair() async throws {
        try await World.run(configure: { $0.maximumRepairs = 0 }) { world async throws in
            let id = try await world.liveApp()
            world.sandboxes.answerEdits([.success(.failed([RepairTests.error]))])
            _ = try await world.orchestrator.write(appID: id, text: "make it blue", author: world.ben)
            try await world.model.chatCalls.take().finish()
            let broken = try await world.model.codeCalls.take()
            broken.text(World.component + "// broken\n")
            broken.finish()
            await world.recorder.wait(id, "finished failed")
            _ = try await world.orchestrator.write(appID: id, text: "what went wrong?", author: world.ben)
            try await world.model.chatCalls.take().finish()
            try await answer(Self.words, in: world, id)
            _ = try await world.orchestrator.repair(appID: id, by: world.ann)
            let text = try await world.model.codeCalls.take().request.messages[0].text
            #expect(
                text.contains("// broken") && text.contains(RepairTests.error.text) && text.contains("make it blue")
            )
            #expect(text.contains("<current_file") && text.contains(World.component))
        }
    }

    @Test(
        "nothing, thoughts, patches are no replies: the model mends them, with the file before it",
        arguments: ["", "<thinking>What?</thinking>", "Here:\n```diff\n- a\n+ b\n```\n"]
    )
    func failedTries(text: String) async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            _ = try await world.orchestrator.write(appID: id, text: "make it blue", author: world.ben)
            try await world.model.chatCalls.take().finish()
            let call = try await world.model.codeCalls.take()
            if !text.isEmpty { call.text(text) }
            call.finish()
            let repair = try await world.model.codeCalls.take()
            let asked = repair.request.messages[0].text
            #expect(asked.contains("<current_file") && asked.contains(World.component))
            #expect(
                asked.contains("<failed_answer>") && asked.contains("make it blue")
                    && asked.contains("src/LLMComponent.tsx:1:1: ")
            )
            repair.text(World.component + "// blue\n")
            repair.finish()
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(world.recorder.story(id).contains("bundling failed 1"))
        }
    }

    @Test("words in answer to a repair are a failed repair; they are kept, and every repair has the last good file")
    func wordsForARepair() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            world.sandboxes.answerEdits([.success(.failed([RepairTests.error]))])
            _ = try await world.orchestrator.write(appID: id, text: "make it blue", author: world.ben)
            try await world.model.chatCalls.take().finish()
            for text in [World.component + "// broken\n", Self.words, Self.words] {
                let call = try await world.model.codeCalls.take()
                if text == Self.words {
                    let asked = call.request.messages[0].text
                    #expect(asked.contains(World.component) && asked.contains("// broken"))
                    #expect(asked.contains(RepairTests.error.text))
                }
                call.text(text)
                call.finish()
            }
            await world.recorder.wait(id, "finished failed")
            let state = try await world.state(id)
            #expect(state.errors.map(\.code) == [nil, .noComponent] && state.errors.last?.text == Self.words)
            _ = try await world.orchestrator.repair(appID: id, by: world.ann)
            let text = try await world.model.codeCalls.take().request.messages[0].text
            #expect(text.contains("make it blue") && text.contains("<current_file") && text.contains("// broken"))
            #expect(text.contains(RepairTests.error.text))
        }
    }
}
