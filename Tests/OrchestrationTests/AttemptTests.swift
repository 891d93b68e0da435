import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite("Attempts and their reasons")
struct AttemptTests {
    /// A component of so many lines more.
    private static func component(_ lines: Int, _ mark: String = "") -> String {
        let items = (0..<lines).map { "const item\($0) = \($0)\n" }.joined()
        return items + "export default function App() {\n  return <h1>\(mark)</h1>\n}\n"
    }

    private func liveApp(_ world: World, _ file: String) async throws -> String {
        world.model.answer([file])
        let app = try await world.orchestrator.create(prompt: "a list", author: world.ann)
        await world.recorder.wait(app.id, "finished succeeded")
        world.model.answer([])
        return app.id
    }

    private func ask(_ world: World, _ id: String, _ text: String) async throws -> FakeModel.Call {
        _ = try await world.orchestrator.write(appID: id, text: text, author: world.ben)
        try await world.model.chatCalls.take().finish()
        return try await world.model.codeCalls.take()
    }

    private func reply(_ call: FakeModel.Call, _ text: String) {
        call.text(text)
        call.finish()
    }

    private func reasons(_ world: World, _ id: String) -> [AttemptReason] {
        world.recorder.events(id).compactMap { event in
            if case .build(let step) = event, step.state == .started, step.attempt > 1, step.phase.rank == 2 {
                step.reason
            } else {
                nil
            }
        }
    }

    @Test("a wrong choice that was shown is taken back by an attempt that says so, and is no repair")
    func reread() async throws {
        try await World.run(configure: { $0.maximumRepairs = 0 }) { world async throws in
            let app = try await world.orchestrator.create(prompt: "a list", author: world.ann)
            try await world.model.chatCalls.take().finish()
            let call = try await world.model.codeCalls.take()
            call.text("```ts\ntype Item = string;\n```\n")
            await world.recorder.waitForCode(app.id, "type Item = string;\n")
            call.text("```tsx\n" + World.component + "```\n")
            call.finish()
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(reasons(world, app.id) == [.reread])
            let story = world.recorder.story(app.id)
            let steps = ["generating started 1", "generating done 1", "generating started 2", "generating done 2"]
            #expect(story.filter { $0.hasPrefix("generating") } == steps)
            let last = world.recorder.events(app.id).last { if case .token = $0 { true } else { false } }
            guard case .token(let tokens)? = last else { return }
            #expect(tokens.attempt == 2 && tokens.reason == .reread)
            let code = try await world.orchestrator.code(appID: app.id, version: 1)
            #expect(code.files.values.first == World.component)
        }
    }

    @Test("a wrong choice that nobody saw is no attempt")
    func rereadUnseen() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a list", author: world.ann)
            try await world.model.chatCalls.take().finish()
            reply(
                try await world.model.codeCalls.take(),
                "```ts\ntype Item = string;\n```\n```tsx\n" + World.component + "```\n"
            )
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(reasons(world, app.id).isEmpty)
            let code = try await world.orchestrator.code(appID: app.id, version: 1)
            #expect(code.files.values.first == World.component)
        }
    }

    @Test("code that was left out is a build error with its place, and its repair has the file")
    func elision() async throws {
        try await World.run { world async throws in
            let old = Self.component(50)
            let id = try await liveApp(world, old)
            let cut = "// ... existing code ...\nexport default function App() {\n  return <h1>blue</h1>\n}\n"
            reply(try await ask(world, id, "make it blue"), cut)
            let repair = try await world.model.codeCalls.take()
            let asked = repair.request.messages[0].text
            #expect(asked.contains(":1:1: ") && asked.contains("// ... existing code ..."))
            #expect(asked.contains("const item49 = 49"))
            let failure = world.recorder.events(id).compactMap { event in
                if case .build(let step) = event, step.state == .failed { step } else { nil }
            }
            #expect(failure.last?.errors.map(\.code) == [.codeLeftOut])
            #expect(failure.last?.errors.first?.text == "// ... existing code ...")
            reply(repair, Self.component(50, "blue"))
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(reasons(world, id) == [.repair])
        }
    }

    @Test("a file that lost most of its lines is asked about once; a second such answer stands")
    func shrunken() async throws {
        try await World.run(configure: { $0.maximumRepairs = 0 }) { world async throws in
            let id = try await liveApp(world, Self.component(50))
            let first = try await ask(world, id, "make it blue")
            reply(first, Self.component(3, "lost"))
            let question = try await world.model.codeCalls.take()
            #expect(question.request.messages.map(\.role) == [.user, .assistant, .user])
            #expect(question.request.messages[0] == first.request.messages[0])
            #expect(question.request.messages[1].text == Self.component(3, "lost"))
            reply(question, Self.component(4, "meant"))
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(reasons(world, id) == [.confirm])
            let code = try await world.orchestrator.code(appID: id, version: 2)
            #expect(code.files.values.first == Self.component(4, "meant"))
        }
    }

    @Test("the whole file in answer to the question is the version")
    func notMeant() async throws {
        try await World.run { world async throws in
            let id = try await liveApp(world, Self.component(50))
            reply(try await ask(world, id, "make it blue"), Self.component(3))
            reply(try await world.model.codeCalls.take(), Self.component(50, "blue"))
            await world.recorder.wait(id, "finished succeeded", count: 2)
            let code = try await world.orchestrator.code(appID: id, version: 2)
            #expect(code.files.values.first == Self.component(50, "blue"))
        }
    }

    @Test("where the question is answered in words, or not at all, the first answer stands", arguments: [true, false])
    func confirmedInWords(inWords: Bool) async throws {
        try await World.run { world async throws in
            let id = try await liveApp(world, Self.component(50))
            reply(try await ask(world, id, "make it blue"), Self.component(3, "small"))
            let question = try await world.model.codeCalls.take()
            if inWords {
                reply(question, "Yes, that is meant.")
            } else {
                question.fail(
                    .service(status: 400, type: "invalid_request_error", message: "", requestID: nil, retryAfter: nil)
                )
            }
            await world.recorder.wait(id, "finished succeeded", count: 2)
            let code = try await world.orchestrator.code(appID: id, version: 2)
            #expect(code.files.values.first == Self.component(3, "small"))
            let last = world.recorder.events(id).last {
                if case .token(let t) = $0 { t.parts[0].stream == .code } else { false }
            }
            guard case .token(let tokens)? = last else { return }
            #expect(tokens.attempt == 2 && tokens.parts[0].text == Self.component(3, "small"))
        }
    }

    @Test(
        "nobody is asked when the prompt asks to remove, or the file was short",
        arguments: [("remove all the items", 50), ("start over", 50), ("make it blue", 20)]
    )
    func notAsked(prompt: String, lines: Int) async throws {
        try await World.run { world async throws in
            let id = try await liveApp(world, Self.component(lines))
            reply(try await ask(world, id, prompt), Self.component(1, "new"))
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(reasons(world, id).isEmpty)
        }
    }

    enum Moment: CaseIterable { case continuation, retry, confirmation }

    @Test("a stop ends a turn in each of these requests, too, and the version stays", arguments: Moment.allCases)
    func stopped(at moment: Moment) async throws {
        try await World.run { world async throws in
            let id = try await liveApp(world, Self.component(50))
            let first = try await ask(world, id, "make it blue")
            first.text(Self.component(3, "small"))
            await world.recorder.waitForCode(id, "}\n")
            switch moment {
            case .continuation: first.fail(.maximumTokens)
            case .retry: first.fail(.truncated)
            case .confirmation: first.finish()
            }
            let second = try await world.model.codeCalls.take()
            try await world.orchestrator.stop(appID: id, by: world.ben)
            await world.recorder.wait(id, "finished stopped")
            #expect(second.source.isCancelled)
            let generation = try #require(try await world.catalogue.generations(app: id).last)
            #expect(generation.outcome == .stopped && generation.error == nil)
            #expect(generation.partialCode == Self.component(3, "small"))
            let state = try await world.state(id)
            #expect(state.app.phase == .live && state.app.versions == 1)
            #expect(state.steps.allSatisfy { $0.state != .started })
        }
    }

    @Test("the first prompt is with the model in the two-hundredth turn, and in a copy")
    func firstPrompt() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp("a timer for tea with a gong")
            world.model.answer([World.component])
            for number in 0..<60 {
                _ = try await world.orchestrator.write(appID: id, text: "change \(number)", author: world.ben)
                await world.recorder.wait(id, "finished succeeded", count: number + 2)
            }
            world.model.answer([])
            let call = try await ask(world, id, "make it blue")
            #expect(call.request.messages[0].text.contains("a timer for tea with a gong"))
            #expect(
                call.request.messages[0].text.contains("change 59")
                    && !call.request.messages[0].text.contains("change 9\n")
            )
            let copy = try await world.orchestrator.fork(appID: id, version: nil, by: world.ann)
            let asked = try await ask(world, copy.id, "make it green")
            #expect(asked.request.messages[0].text.contains("a timer for tea with a gong"))
        }
    }
}
