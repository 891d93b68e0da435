import Catalogue
import Claude
import Synchronization
import Testing

@testable import Orchestration

@Suite("Withdrawing a prompt")
struct WithdrawalTests {
    private let nobody = Person(userID: "", name: "")
    private let cara = Person(userID: "cara", name: "Cara")

    /// An app of Ann's with a turn that runs, and one waiting prompt of each author.
    private func waiting(_ world: World, _ authors: [Person]) async throws -> (id: String, prompts: [String]) {
        let id = try await world.liveApp()
        _ = try await world.orchestrator.write(appID: id, text: "runs", author: world.ann)
        _ = try await world.model.codeCalls.take()
        var prompts: [String] = []
        for author in authors {
            prompts.append(try await world.orchestrator.write(appID: id, text: "waits", author: author).messageID)
        }
        return (id, prompts)
    }

    @Test("its author, the owner and the admin may; it never runs, and everybody is told")
    func allowed() async throws {
        try await World.run { world async throws in
            let (id, prompts) = try await waiting(world, [world.ben, world.ben, cara, cara])
            let orchestrator = world.orchestrator
            try await orchestrator.withdraw(appID: id, messageID: prompts[1], by: world.ben, isAdmin: false)
            try await orchestrator.withdraw(appID: id, messageID: prompts[0], by: world.ann, isAdmin: false)
            try await orchestrator.withdraw(appID: id, messageID: prompts[3], by: nobody, isAdmin: true)
            #expect(world.recorder.story(id).suffix(3) == ["queue 3", "queue 2", "queue 1"])
            #expect(try await world.state(id).queue.map(\.messageID) == [prompts[2]])
            #expect(try await world.catalogue.queue(app: id).map(\.messageID) == [prompts[2]])
            world.model.answer([World.component])
            try await orchestrator.stop(appID: id, by: world.ann)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            let asked = try await world.history(id).filter { $0.type == "user" }.map(\.id)
            #expect(asked.count == 3 && asked.last == prompts[2])
        }
    }

    @Test("others may not, nobody is not the same as nobody")
    func forbidden() async throws {
        try await World.run { world async throws in
            let (id, prompts) = try await waiting(world, [world.ben, nobody])
            for (prompt, person) in [
                (prompts[0], cara), (prompts[0], nobody), (prompts[1], nobody), (prompts[1], cara),
            ] {
                await #expect(throws: OrchestrationError.notYours) {
                    try await world.orchestrator.withdraw(appID: id, messageID: prompt, by: person, isAdmin: false)
                }
            }
            #expect(try await world.state(id).queue.count == 2)
        }
    }

    @Test("what runs, has run or was withdrawn does not wait")
    func unknown() async throws {
        try await World.run { world async throws in
            let (id, prompts) = try await waiting(world, [world.ben])
            let running = try #require(try await world.history(id).last)
            let other = try await world.liveApp("other")
            try await world.orchestrator.withdraw(appID: id, messageID: prompts[0], by: world.ben, isAdmin: false)
            for (app, message) in [(id, running.id), (id, prompts[0]), (id, "nonsense"), (id, ""), (other, prompts[0])]
            {
                await #expect(throws: OrchestrationError.unknownPrompt) {
                    try await world.orchestrator.withdraw(appID: app, messageID: message, by: world.ben, isAdmin: true)
                }
            }
        }
    }

    @Test("on a full disk it waits on in its place")
    func full() async throws {
        let catalogue = FaultyCatalogue(try SQLiteCatalogue.inMemory())
        try await World.run(catalogue: catalogue) { world async throws in
            let (id, prompts) = try await waiting(world, [world.ben, world.ben, world.ben])
            catalogue.isFull.withLock { $0 = true }
            await #expect(throws: OrchestrationError.storageFull) {
                try await world.orchestrator.withdraw(appID: id, messageID: prompts[1], by: world.ben, isAdmin: false)
            }
            catalogue.isFull.withLock { $0 = false }
            #expect(try await world.state(id).queue.map(\.messageID) == prompts)
            try await world.orchestrator.withdraw(appID: id, messageID: prompts[0], by: world.ben, isAdmin: false)
            #expect(try await world.state(id).queue.map(\.messageID) == Array(prompts.dropFirst()))
        }
    }
}
