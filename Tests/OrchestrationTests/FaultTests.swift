import Catalogue
import Claude
import Foundation
import Sandboxes
import Synchronization
import Testing

@testable import Orchestration

@Suite("Faults")
struct FaultTests {
    static let modelErrors: [ModelError] = [
        .service(
            status: 401,
            type: "authentication_error",
            message: "invalid x-api-key",
            requestID: nil,
            retryAfter: nil
        ),
        .service(status: 529, type: "overloaded_error", message: "Overloaded", requestID: nil, retryAfter: nil),
        .streamError(type: "invalid_request_error", message: ""), .malformed("no JSON"), .refused(),
    ]

    /// Which may not come a second time.
    static let breaks: [ModelError] = [
        .connection(code: 56, message: "reset"), .idleTimeout, .truncated,
        .streamError(type: "overloaded_error", message: "Overloaded"), .streamError(type: "api_error", message: ""),
    ]

    @Test("a model that fails ends the turn as failed, the text so far kept", arguments: modelErrors)
    func modelFails(error: ModelError) async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            call.text("```tsx\nexport const half = 1")
            await world.recorder.waitForCode(app.id, "half = 1")
            call.fail(error)
            await world.recorder.wait(app.id, "finished failed")
            #expect(world.recorder.story(app.id).contains("generating failed 1"))
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.outcome == .failed && generation.error == Meaning(error))
            #expect(generation.partialCode == "export const half = 1")
            let history = try await world.history(app.id)
            #expect(history.map(\.type) == ["user", "assistant"] && history.last?.error == Meaning(error))
            #expect(try await world.state(app.id).steps.first { $0.phase == .generating }?.error == Meaning(error))
            #expect(try await world.state(app.id).app.phase == .failed)
        }
    }

    @Test("a stream that breaks after its first token is tried once more, and no more", arguments: breaks)
    func streamBreaks(error: ModelError) async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let first = try await world.model.codeCalls.take()
            first.text("```tsx\nexport const half = 1")
            await world.recorder.waitForCode(app.id, "half = 1")
            first.fail(error)
            let second = try await world.model.codeCalls.take()
            #expect(second.request == first.request)
            await world.recorder.wait(app.id, "generating started 2")
            #expect(try await world.state(app.id).steps.last?.reason == .retry)
            #expect(
                try await world.orchestrator.detail(appID: app.id).generation?.texts.code.values.first
                    == "export const half = 1"
            )
            second.text("```tsx\nexport const half = 2")
            await world.recorder.waitForCode(app.id, "half = 2")
            let shown = try #require(try await world.orchestrator.detail(appID: app.id).generation)
            #expect(shown.reason == .retry && shown.attempt == 2)
            #expect(shown.texts.code.values.first == "export const half = 2")
            second.fail(error)
            await world.recorder.wait(app.id, "finished failed")
            let story = world.recorder.story(app.id)
            #expect(story.contains("generating failed 1") && story.contains("generating failed 2"))
            #expect(!story.contains { $0.hasPrefix("repairing") || $0.hasPrefix("generating started 3") })
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.outcome == .failed && generation.error == Meaning(error))
            #expect(generation.partialCode == "export const half = 2")
        }
    }

    @Test("a stream that breaks once costs nothing but time, in a repair too")
    func streamBreaksOnce() async throws {
        try await World.run { world async throws in
            world.sandboxes.answerEdits([.success(.failed([RepairTests.error]))])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.model.chatCalls.take().finish()
            let first = try await world.model.codeCalls.take()
            first.text(World.component)
            first.finish(output: 1)
            let repair = try await world.model.codeCalls.take()
            repair.text("```tsx\nexport")
            repair.text(" const half")
            await world.recorder.waitForCode(app.id, "half")
            repair.fail(.truncated)
            let again = try await world.model.codeCalls.take()
            #expect(again.request == repair.request)
            again.text(World.component + "// mended\n")
            again.finish(output: 1)
            await world.recorder.wait(app.id, "finished succeeded")
            let repairs = world.recorder.events(app.id).compactMap { event in
                if case .build(let step) = event, step.phase == .repairing, step.state == .started { step } else { nil }
            }
            #expect(repairs.map(\.attempt) == [2, 3] && repairs.map(\.reason) == [.repair, .retry])
            #expect(repairs.allSatisfy { $0.repair == .init(number: 1, limit: 2) })
        }
    }

    @Test("a stream that breaks before its first token is the client's to try again")
    func breaksBeforeTheFirstToken() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.model.codeCalls.take().fail(.truncated)
            await world.recorder.wait(app.id, "finished failed")
            #expect(!world.recorder.story(app.id).contains("generating started 2"))
        }
    }

    @Test("an answer over the token limit is gone on with once, by a turn of the user")
    func continued() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.model.chatCalls.take().finish()
            let first = try await world.model.codeCalls.take()
            let answer = "```tsx\n\(World.component)```\n"
            first.text(String(answer.prefix(40)))
            first.fail(.maximumTokens)
            let second = try await world.model.codeCalls.take()
            #expect(second.request.messages.map(\.role) == [.user, .assistant, .user])
            #expect(second.request.messages[0] == first.request.messages[0])
            #expect(second.request.messages[1].text == String(answer.prefix(40)))
            second.text(String(answer.dropFirst(40)))
            second.finish()
            await world.recorder.wait(app.id, "finished succeeded")
            let code = try await world.orchestrator.code(appID: app.id, version: 1)
            #expect(code.files.values.first == World.component)
            #expect(!world.recorder.story(app.id).contains("generating started 2"))
        }
    }

    @Test("a second time over the token limit is too long")
    func tooLong() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            for text in ["```tsx\nexport const half", " = 1"] {
                let call = try await world.model.codeCalls.take()
                call.text(text)
                call.fail(.maximumTokens)
            }
            await world.recorder.wait(app.id, "finished failed")
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.error == Meaning(.answerTooLong))
            #expect(generation.partialCode == "export const half = 1")
        }
    }

    @Test("counts of tokens beyond all numbers end nothing")
    func endlessUsage() async throws {
        try await World.run { world async throws in
            world.sandboxes.answerEdits([.success(.failed([RepairTests.error]))])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.model.chatCalls.take().finish(input: .max, output: .max)
            for _ in 0..<2 {
                let call = try await world.model.codeCalls.take()
                call.text(World.component)
                call.finish(input: .max, output: .max)
            }
            await world.recorder.wait(app.id, "finished succeeded")
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.inputTokens == .max && generation.outputTokens == .max)
        }
    }

    @Test("nothing but blanks before the token limit is not gone on with")
    func nothingToGoOnWith() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            call.text("\n")
            call.fail(.maximumTokens)
            await world.recorder.wait(app.id, "finished failed")
        }
    }

    @Test("a retry of the client is told to viewers, those who come late too")
    func retrying() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            let busy = ModelError.service(
                status: 429,
                type: "rate_limit_error",
                message: "",
                requestID: nil,
                retryAfter: nil
            )
            call.retrying(busy, delay: .seconds(4))
            await world.recorder.wait(app.id, "generating started 1", count: 2)
            guard case .build(let event)? = world.recorder.events(app.id).last else {
                Issue.record("no build event")
                return
            }
            #expect(event.retryIn == 4_000 && event.error == Meaning(.modelRateLimited))
            #expect(try await world.state(app.id).json.contains(#""retry_in_ms":4000"#))
        }
    }

    @Test("a chat model that fails alone fails nothing")
    func chatFails() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.model.chatCalls.take().fail(.idleTimeout)
            let call = try await world.model.codeCalls.take()
            call.text(World.component)
            call.finish()
            await world.recorder.wait(app.id, "finished succeeded")
            let answer = try #require(try await world.history(app.id).last)
            #expect(answer.content.isEmpty && answer.version == 1 && answer.error == nil)
        }
    }

    @Test("a chat model that is slower than the code is not waited for longer than three seconds")
    func slowChat() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let chat = try await world.model.chatCalls.take()
            chat.text("I am making")
            let call = try await world.model.codeCalls.take()
            call.text(World.component)
            call.finish()
            await world.recorder.wait(app.id, "bundling done 1")
            await world.clock.waitForSleepers(1)
            world.clock.free()
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(try await world.history(app.id).last?.content == "I am making")
            #expect(chat.source.isCancelled)
        }
    }

    @Test("a sandbox that dies while it builds is started once more")
    func diesOnce() async throws {
        try await World.run { world async throws in
            world.model.answer([World.component])
            world.sandboxes.answerEdits([.failure(.died("killed"))])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(world.sandboxes.startCount == 2)
            #expect(
                world.recorder.story(app.id).filter { $0.hasPrefix("bundling") } == [
                    "bundling started 1", "bundling failed 1", "bundling started 1", "bundling done 1",
                ]
            )
        }
    }

    @Test("a visit while a sandbox that does not answer is stopped waits for its end, and the turn goes on")
    func visitedWhileStopping() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            world.model.answer([World.component + "\n// changed"])
            world.sandboxes.answerEdits([.failure(.timeout("no answer to an edit"))])
            let gate = world.sandboxes.holdStops()
            _ = try await world.orchestrator.write(appID: id, text: "darker", author: world.ann)
            await world.recorder.wait(id, "bundling failed 1")
            // The page's frame asks at once, as its connection to the sandbox has broken.
            let session = try await world.orchestrator.session(id)
            while await session.box.isRunning { await Task.yield() }
            guard case .starting = await world.orchestrator.previewTarget(appID: id) else {
                Issue.record("a visit starts it")
                return
            }
            #expect(world.sandboxes.startCount == 1)
            gate.resolve()
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(world.sandboxes.startCount == 2)
        }
    }

    @Test("a sandbox that dies twice fails the turn, and says so")
    func diesTwice() async throws {
        try await World.run { world async throws in
            world.model.answer([World.component])
            world.sandboxes.answerEdits([.failure(.died("killed")), .failure(.died("killed"))])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished failed")
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.error == Meaning(.sandboxDied))
            #expect(world.sandboxes.startCount == 2)
        }
    }

    @Test("a sandbox that dies while the model writes is replaced when it is needed")
    func diesWhileGenerating() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            await world.recorder.wait(app.id, "sandbox done 1")
            world.sandboxes.newest?.die("out of memory")
            call.text(World.component)
            try await world.model.chatCalls.take().finish()
            // The death is known when the slot is empty.
            let session = try await world.orchestrator.session(app.id)
            while await session.box.isRunning { await Task.yield() }
            call.finish()
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(world.sandboxes.startCount == 2)
        }
    }

    @Test("a sandbox that does not start fails the turn, and says so")
    func doesNotStart() async throws {
        try await World.run { world async throws in
            world.model.answer([World.component])
            world.sandboxes.failStarts([.unavailable("install bubblewrap"), .unavailable("install bubblewrap")])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            await world.recorder.wait(app.id, "finished failed")
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.error == Meaning(.sandboxUnavailable, ["text": .text("install bubblewrap")]))
        }
    }

    @Test("an idle sandbox that dies puts the app to sleep; a visit wakes it")
    func diesIdle() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            world.sandboxes.newest?.die("out of memory")
            await world.recorder.wait(id, "asleep done 1")
            #expect(try await world.orchestrator.status(appID: id).status == .ready)
            await #expect(throws: OrchestrationError.self) { try await world.orchestrator.ping(appID: id) }
            guard case .starting = await world.orchestrator.previewTarget(appID: id) else {
                Issue.record("a visit starts it")
                return
            }
            await world.recorder.wait(id, "live done 1", count: 2)
            guard case .running = await world.orchestrator.previewTarget(appID: id) else {
                Issue.record("it runs")
                return
            }
            #expect(
                world.sandboxes.state.withLock { $0.starts.last?.files } == [
                    PromptBuilder.componentPath: World.component
                ]
            )
            try await world.orchestrator.ping(appID: id)
            #expect(try await world.orchestrator.status(appID: id) == (.active, .live))
        }
    }

    @Test("when every sandbox is taken a visit says so, and tries again")
    func full() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            world.sandboxes.failStarts([.full])
            world.sandboxes.newest?.die("gone")
            await world.recorder.wait(id, "asleep done 1")
            _ = await world.orchestrator.previewTarget(appID: id)
            await world.recorder.wait(id, "sandbox failed 1")
            guard case .full = await world.orchestrator.previewTarget(appID: id) else {
                Issue.record("it is full")
                return
            }
            world.clock.advance(by: .seconds(3))
            _ = await world.orchestrator.previewTarget(appID: id)
            await world.recorder.wait(id, "live done 1", count: 2)
        }
    }

    @Test("on a full disk nothing is acknowledged")
    func diskFullAtWrite() async throws {
        let catalogue = FaultyCatalogue(try SQLiteCatalogue.inMemory())
        try await World.run(catalogue: catalogue) { world async throws in
            let id = try await world.liveApp()
            catalogue.isFull.withLock { $0 = true }
            await #expect(throws: OrchestrationError.storageFull) {
                _ = try await world.orchestrator.create(prompt: "b", author: world.ann)
            }
            await #expect(throws: OrchestrationError.storageFull) {
                _ = try await world.orchestrator.write(appID: id, text: "b", author: world.ann)
            }
            await #expect(throws: OrchestrationError.storageFull) {
                _ = try await world.orchestrator.revert(appID: id, version: 1, by: world.ann)
            }
            await #expect(throws: OrchestrationError.storageFull) { try await world.orchestrator.terminate(appID: id) }
            catalogue.isFull.withLock { $0 = false }
            world.model.answer([World.component])
            _ = try await world.orchestrator.write(appID: id, text: "again", author: world.ann)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(try await world.history(id).filter { $0.type == "user" }.map(\.content) == ["a timer", "again"])
        }
    }

    @Test("a turn whose end cannot be stored is kept until there is room")
    func diskFullAtEnd() async throws {
        let catalogue = FaultyCatalogue(try SQLiteCatalogue.inMemory())
        try await World.run(catalogue: catalogue) { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            try await world.model.chatCalls.take().finish()
            await world.recorder.wait(app.id, "sandbox done 1")
            catalogue.isFull.withLock { $0 = true }
            let waiting = Task { try await world.orchestrator.waitUntilLive(appID: app.id) }
            call.text(World.component)
            call.finish()
            await #expect(throws: OrchestrationError.storageFull) { try await waiting.value }
            await world.recorder.wait(app.id, "bundling started 1", count: 2)
            #expect(!world.recorder.story(app.id).contains("preview 1"))
            catalogue.isFull.withLock { $0 = false }
            await world.clock.waitForSleepers(1)
            world.clock.free()
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(try await world.orchestrator.versions(appID: app.id).count == 1)
        }
    }
}
