import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite("One turn, in order")
struct TurnOrderTests {
    @Test("a first turn publishes everything in the protocol's order")
    func firstTurn() async throws {
        try await World.run { world async throws in
            let gate = world.sandboxes.holdStarts()
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let code = try await world.model.codeCalls.take()
            let chat = try await world.model.chatCalls.take()
            code.text(World.component)
            await world.recorder.waitForCode(app.id, World.component)
            gate.resolve()
            await world.recorder.wait(app.id, "sandbox done 1")
            chat.text("I made a timer.")
            chat.finish(input: 5, output: 6)
            code.finish(input: 100, output: 200)
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(
                world.recorder.story(app.id) == [
                    "queue 0", "message user", "started 1", "queued started 1", "queued done 1", "sandbox started 1",
                    "generating started 1", "sandbox done 1", "generating done 1", "writing started 1",
                    "writing done 1",
                    "bundling started 1", "bundling done 1", "status active", "preview 1", "live done 1",
                    "message assistant", "finished succeeded",
                ]
            )
            let finished = try #require(world.recorder.events(app.id).last)
            guard case .generationFinished(let end) = finished else {
                Issue.record("\(finished) is not the end")
                return
            }
            #expect(end.version == 1 && end.outputTokens == 206)
            #expect(try await world.history(app.id).map(\.content) == ["a timer", "I made a timer."])
            #expect(
                try await world.orchestrator.code(appID: app.id, version: nil).files.values.contains(World.component)
            )
            #expect(world.sandboxes.newest?.edits == [[PromptBuilder.componentPath: World.component]])
        }
    }

    @Test("what is published is stored before")
    func durableFirst() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let generation = try #require(try await world.catalogue.generations(app: id).last)
            #expect(generation.outcome == .succeeded && generation.version == 1)
            #expect(try await world.catalogue.runningGenerations().isEmpty)
            #expect(try await world.catalogue.queue(app: id).isEmpty)
            let status = try await world.orchestrator.status(appID: id)
            #expect(status.status == .active && status.phase == .live)
        }
    }

    @Test("an edit sends the code that is served and makes the next version")
    func secondTurn() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let answer = try await world.orchestrator.write(appID: id, text: "make it blue", author: world.ben)
            #expect(answer.position == 0)
            let code = try await world.model.codeCalls.take()
            let chat = try await world.model.chatCalls.take()
            #expect(code.request.messages.contains { $0.text.contains("make it blue") })
            chat.finish()
            let second = World.component + "// blue\n"
            code.text(second)
            code.finish()
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(
                try await world.orchestrator.code(appID: id, version: nil)
                    == CodeView(version: 2, files: [PromptBuilder.componentPath: second])
            )
            #expect(world.sandboxes.startCount == 1)
            // The explanation was empty, and nothing of ours stands in for it.
            #expect(try await world.history(id).last?.content == "")
            #expect(try await world.orchestrator.versions(appID: id).map(\.userID) == ["ann", "ben"])
        }
    }

    @Test("a create that waits returns when the first version is live")
    func waiting() async throws {
        try await World.run { world async throws in
            world.model.answer([World.component])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.orchestrator.waitUntilLive(appID: app.id)
            #expect(try await world.orchestrator.detail(appID: app.id).app.versions == 1)
        }
    }

    @Test("prompts run in the order in which they came, and everybody sees what waits")
    func queue() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let first = try await world.orchestrator.write(appID: id, text: "one", author: world.ann)
            let running = try await world.model.codeCalls.take()
            let second = try await world.orchestrator.write(appID: id, text: "two", author: world.ben)
            let third = try await world.orchestrator.write(appID: id, text: "three", author: world.ann)
            #expect([first.position, second.position, third.position] == [0, 1, 2])
            let detail = try await world.orchestrator.detail(appID: id)
            #expect(detail.queue.map(\.text) == ["two", "three"] && detail.queue.map(\.name) == ["Ben", "Ann"])
            #expect(detail.generation?.messageID == first.messageID)
            world.model.answer([World.component])
            running.text(World.component)
            running.finish()
            try await world.model.chatCalls.take().finish()
            await world.recorder.wait(id, "finished succeeded", count: 4)
            let asked = try await world.history(id).filter { $0.type == "user" }.map(\.content)
            #expect(asked == ["a timer", "one", "two", "three"])
            #expect(try await world.state(id).queue.isEmpty)
        }
    }

    @Test("the ninth waiting prompt is refused")
    func queueLimit() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            for number in 1...8 {
                let answer = try await world.orchestrator.write(appID: app.id, text: "\(number)", author: world.ben)
                #expect(answer.position == number)
            }
            await #expect(throws: OrchestrationError.queueFull(limit: 8)) {
                _ = try await world.orchestrator.write(appID: app.id, text: "nine", author: world.ben)
            }
            #expect(try await world.catalogue.queue(app: app.id).count == 8)
            // The operator is told once, however often it is tried.
            _ = try? await world.orchestrator.write(appID: app.id, text: "ten", author: world.ben)
            #expect(world.orchestrator.services.meter.state.errors.map(\.code) == [.rateLimited])
        }
    }

    @Test("writes at once never pass the limit and keep one order")
    func concurrentWrites() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            _ = try await world.model.codeCalls.take()
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        (try? await world.orchestrator.write(appID: app.id, text: "\(number)", author: world.ben))
                            != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 8)
            let stored = try await world.catalogue.queue(app: app.id).map(\.messageID)
            #expect(try await world.state(app.id).queue.map(\.messageID) == stored)
        }
    }

    @Test("only so many generations run at once; the next waits as queued")
    func limiter() async throws {
        try await World.run(configure: { $0.maximumGenerations = 1 }) { world async throws in
            let first = try await world.orchestrator.create(prompt: "one", author: world.ann)
            let running = try await world.model.codeCalls.take()
            let second = try await world.orchestrator.create(prompt: "two", author: world.ann)
            await world.recorder.wait(second.id, "queued started 1")
            #expect(try await world.orchestrator.status(appID: second.id).phase == .queued)
            #expect(!world.recorder.story(second.id).contains("queued done 1"))
            world.model.answer([World.component])
            running.text(World.component)
            running.finish()
            try await world.model.chatCalls.take().finish()
            await world.recorder.wait(first.id, "finished succeeded")
            await world.recorder.wait(second.id, "finished succeeded")
        }
    }

    @Test(
        "prompts that are empty, too long or hold U+0000 are refused",
        arguments: ["", " \n\t", String(repeating: "x", count: 4_001), "a\0b"]
    )
    func invalid(prompt: String) async throws {
        try await World.run { world async throws in
            await #expect(throws: OrchestrationError.self) {
                _ = try await world.orchestrator.create(prompt: prompt, author: world.ann)
            }
            let count = try await world.catalogue.appCount(includingTerminated: true)
            #expect(count == 0)
        }
    }
}
