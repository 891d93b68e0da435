import Catalogue
import Claude
import Synchronization
import Testing

@testable import Orchestration

@Suite("Rename")
struct RenameTests {
    @Test("a new title is stored and told on both channels, and later turns leave it alone")
    func rename() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = try await World.run(catalogue: catalogue) { world async throws in
            let id = try await world.liveApp()
            #expect(try await world.orchestrator.rename(appID: id, title: "  Nonna’s ragù\n") == "Nonna’s ragù")
            #expect(try await world.state(id).app.title == "Nonna’s ragù")
            #expect(world.recorder.story(id).last == "app changed")
            let told = world.recorder.appsEvents.compactMap { event in
                if case .changed(let app) = event { app.title } else { nil }
            }
            #expect(told.last == "Nonna’s ragù")
            world.model.answer([World.component])
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            #expect(try await world.state(id).app.title == "Nonna’s ragù")
            return id
        }
        try await World.run(catalogue: catalogue) { world async throws in
            #expect(try await world.orchestrator.detail(appID: id).app.title == "Nonna’s ragù")
        }
    }

    @Test("the title that it has already is not told again, another spelling is")
    func same() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            for title in ["caf\u{E9}", "caf\u{E9} ", "cafe\u{301}"] {
                _ = try await world.orchestrator.rename(appID: id, title: title)
            }
            #expect(world.recorder.story(id).filter { $0 == "app changed" }.count == 2)
            #expect(try await world.catalogue.app(id)?.title.utf8.count == 6)
        }
    }

    @Test("many at once end alike in catalogue and channel")
    func many() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...20 {
                    group.addTask { _ = try await world.orchestrator.rename(appID: id, title: "Title \(number)") }
                    group.addTask { _ = try await world.orchestrator.toggleFeature(appID: id) }
                }
                try await group.waitForAll()
            }
            let stored = try #require(try await world.catalogue.app(id))
            let shown = try await world.state(id).app
            #expect(stored.title == shown.title && stored.isFeatured == shown.isFeatured && !stored.isFeatured)
        }
    }

    @Test(
        "titles that are none are refused",
        arguments: [
            "", " \n\t ", "\u{200B}\u{202E}", "a\nb", "a\u{0}b", "a\u{7F}", "a\u{85}b", "a\u{2028}b",
            String(repeating: "x", count: 81),
        ]
    )
    func refused(title: String) async throws {
        #expect(throws: OrchestrationError.self) { try Title.checked(title, limit: 80) }
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let before = try await world.state(id).app.title
            await #expect(throws: OrchestrationError.self) {
                _ = try await world.orchestrator.rename(appID: id, title: title)
            }
            #expect(try await world.state(id).app.title == before)
        }
    }

    @Test(
        "titles of any script and with markup stay as they are",
        arguments: [
            "x", "<script>alert(1)</script>", "שלום עולם", "👩‍👩‍👧", "a\u{202E}b", String(repeating: "é", count: 80),
        ]
    )
    func kept(title: String) throws {
        #expect(try Title.checked(title, limit: 80).utf8.elementsEqual(title.utf8))
    }

    @Test("a full disk leaves the old title")
    func full() async throws {
        let catalogue = FaultyCatalogue(try SQLiteCatalogue.inMemory())
        try await World.run(catalogue: catalogue) { world async throws in
            let id = try await world.liveApp("a timer")
            let before = try await world.state(id).app.title
            catalogue.isFull.withLock { $0 = true }
            await #expect(throws: OrchestrationError.storageFull) {
                _ = try await world.orchestrator.rename(appID: id, title: "Other")
            }
            #expect(try await world.state(id).app.title == before)
            catalogue.isFull.withLock { $0 = false }
            #expect(try await world.orchestrator.rename(appID: id, title: "Other") == "Other")
        }
    }
}
