import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite("Stop and retry")
struct StopTests {
    enum Moment: CaseIterable { case queued, sandbox, generating, bundling, repairing }

    @Test("stop ends the turn in every phase, stored when it returns", arguments: Moment.allCases)
    func stop(at moment: Moment) async throws {
        try await World.run(configure: { $0.maximumGenerations = 1 }) { world async throws in
            var startGate: OneShot<Void>?
            var editGate: OneShot<Void>?
            if moment == .queued {
                _ = try await world.orchestrator.create(prompt: "other", author: world.ben)
                _ = try await world.model.codeCalls.take()
            }
            if moment == .sandbox { startGate = world.sandboxes.holdStarts() }
            if moment == .bundling { editGate = world.sandboxes.holdEdits() }
            if moment == .repairing { world.sandboxes.answerEdits([.success(.failed([RepairTests.error]))]) }
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            var call: FakeModel.Call?
            if moment != .queued {
                call = try await world.model.codeCalls.take()
                call?.text(World.component)
                await world.recorder.waitForCode(app.id, World.component)
            }
            switch moment {
            case .queued: await world.recorder.wait(app.id, "queued started 1")
            case .generating: break
            case .sandbox:
                call?.finish()
                await world.recorder.wait(app.id, "generating done 1")
            case .bundling:
                call?.finish()
                await world.recorder.wait(app.id, "bundling started 1")
            case .repairing:
                call?.finish()
                _ = try await world.model.codeCalls.take()
            }
            // The sandbox's start is not waited for by the stop, but by the cleaning after it.
            try await world.orchestrator.stop(appID: app.id, by: world.ben)
            startGate?.resolve()
            editGate?.resolve()
            let story = world.recorder.story(app.id)
            #expect(
                story.suffix(3) == [
                    "failed failed \(moment == .repairing ? 2 : 1)", "message assistant", "finished stopped",
                ]
            )
            for case .build(let event) in world.recorder.events(app.id) {
                #expect(event.error == nil, "a stop is no error of a step")
            }
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            #expect(generation.outcome == .stopped && generation.stoppedBy == "ben")
            #expect(generation.partialCode == (moment == .queued ? nil : World.component))
            let answer = try #require(try await world.history(app.id).last)
            #expect(answer.content.isEmpty && answer.outcome == "stopped" && answer.error == nil)
            #expect(answer.stoppedBy == AuthorView(userID: "ben", name: "Ben"))
            #expect(try await world.state(app.id).messages.last == answer)
            await #expect(throws: OrchestrationError.nothingRunning) {
                try await world.orchestrator.stop(appID: app.id, by: world.ann)
            }
        }
    }

    @Test("after a stop the version that was there is live, and its code back in the sandbox")
    func stopAnEdit() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let gate = world.sandboxes.holdEdits()
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            let call = try await world.model.codeCalls.take()
            call.text(World.component + "// more\n")
            call.finish()
            await world.recorder.wait(id, "bundling started 1", count: 2)
            try await world.orchestrator.stop(appID: id, by: world.ben)
            gate.resolve()
            let status = try await world.orchestrator.status(appID: id)
            #expect(status.status == .active && status.phase == .live)
            // A revert waits for the cleaning behind the stop.
            _ = try await world.orchestrator.revert(appID: id, version: 1, by: world.ann)
            let edits = try #require(world.sandboxes.newest?.edits.map { $0.values.first })
            #expect(edits == [World.component, World.component + "// more\n", World.component, World.component])
        }
    }

    @Test("stop goes on with the queue")
    func stopThenNext() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "one", author: world.ann)
            _ = try await world.model.codeCalls.take()
            _ = try await world.orchestrator.write(appID: app.id, text: "two", author: world.ben)
            world.model.answer([World.component])
            try await world.orchestrator.stop(appID: app.id, by: world.ann)
            await world.recorder.wait(app.id, "finished succeeded")
            #expect(try await world.history(app.id).filter { $0.type == "user" }.map(\.content) == ["one", "two"])
        }
    }

    @Test("retry asks the same prompt again; not after a success, not while one runs")
    func retry() async throws {
        try await World.run { world async throws in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let call = try await world.model.codeCalls.take()
            await #expect(throws: OrchestrationError.self) {
                _ = try await world.orchestrator.retry(appID: app.id, by: world.ben)
            }
            call.fail(.truncated)
            await world.recorder.wait(app.id, "finished failed")
            world.model.answer([World.component])
            let answer = try await world.orchestrator.retry(appID: app.id, by: world.ben)
            #expect(answer.position == 0)
            await world.recorder.wait(app.id, "finished succeeded")
            let asked = try await world.history(app.id).filter { $0.type == "user" }
            #expect(asked.map(\.content) == ["a timer", "a timer"] && asked.map(\.userID) == ["ann", "ben"])
            await #expect(throws: OrchestrationError.nothingToRetry) {
                _ = try await world.orchestrator.retry(appID: app.id, by: world.ben)
            }
        }
    }
}
