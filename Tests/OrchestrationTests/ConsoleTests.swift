import Claude
import Realtime
import Testing

@testable import Orchestration

@Suite("What apps log and throw in browsers")
struct ConsoleTests {
    private func entry(_ text: String, _ level: ConsoleEntry.Level = .log) throws -> ConsoleEntry {
        try #require(ConsoleEntry(level: level, text: text))
    }

    @Test("a text is cut and keeps nothing that no text shows; markup and marks of direction stay text")
    func hostile() throws {
        let long = try entry(String(repeating: "x", count: 10_000))
        #expect(long.text.unicodeScalars.count == ConsoleEntry.maximumTextCharacters && long.text.hasSuffix("…"))
        let families = try entry(String(repeating: "👩‍👩‍👧", count: 10_000))
        #expect(families.text.unicodeScalars.count == ConsoleEntry.maximumTextCharacters)
        #expect(try entry("a\u{0}b\u{1b}[31m\r\n\tc\u{7f}\u{85}").text == "ab[31m\n\tc")
        let markup = "<img src=x onerror=alert(1)>\u{202e}\u{5d0}\u{202c} 👩‍💻"
        #expect(try entry(markup).text == markup)
        for nothing in ["", " \n", "\u{0}\u{7}"] { #expect(ConsoleEntry(level: .log, text: nothing) == nil) }
        let placed = try #require(ConsoleEntry(level: .error, text: "x", path: "src/\na.tsx", line: 4))
        #expect(placed.path == "src/a.tsx" && placed.line == 4)
        #expect(ConsoleEntry(level: .error, text: "x", path: "\n")?.path == nil)
        let deep = ConsoleEntry(level: .error, text: "x", path: String(repeating: "p", count: 9_999))
        #expect(deep?.path?.unicodeScalars.count == ConsoleEntry.maximumPathCharacters)
    }

    @Test("the buffer merges equal reports of one person, and publishes a few lines twice a second")
    func buffer() throws {
        var buffer = ConsoleBuffer()
        let one = try entry("one")
        #expect(buffer.add([one, one], userID: "ann", at: .zero) == .publish)
        #expect(buffer.take() == [ConsoleLine(entry: one, userID: "ann", count: 2)])
        #expect(buffer.rest(at: .zero) == .covered)
        // Within the interval all wait; other people's are lines of their own.
        #expect(buffer.add([one], userID: "ann", at: .milliseconds(100)) == .wait(.milliseconds(400)))
        #expect(buffer.add([one], userID: "ben", at: .milliseconds(200)) == .covered)
        let many = try (0..<100).map { try entry("line \($0)") }
        #expect(buffer.add(many, userID: "ben", at: .milliseconds(300)) == .covered)
        var lines: [ConsoleLine] = []
        var now = Duration.milliseconds(500)
        while true {
            buffer.fire(at: now)
            let taken = buffer.take()
            #expect(taken.count <= ConsoleBuffer.maximumAtOnce)
            lines += taken
            guard case .wait(let delay) = buffer.rest(at: now) else { break }
            #expect(delay == ConsoleBuffer.interval)
            now += delay
        }
        #expect(lines.count == ConsoleBuffer.maximumWaiting)
        #expect(
            lines.prefix(3).map(\.entry.text) == ["one", "one", "line 0"] && lines.prefix(2).map(\.count) == [1, 1]
        )
    }

    @Test("lines go to all viewers, and errors to a repair")
    func report() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            let before = try await world.state(id)
            let broken = try #require(
                ConsoleEntry(level: .error, text: "item.done is not a function", path: "src/A.tsx", line: 41)
            )
            let nowhere = try entry("lost", .error)
            try await world.orchestrator.report(appID: id, [try entry("hello"), broken, broken], by: world.ben)
            await world.recorder.wait(id, "console error 2")
            #expect(world.recorder.story(id).suffix(2) == ["console log 1", "console error 2"])
            #expect(
                world.recorder.events(id).last?.json
                    == #"{"type":"console","level":"error","text":"item.done is not a function","path":"src/A.tsx","line":41,"user_id":"ben","count":2}"#
            )
            // It tells of the moment: the app's state is as before.
            #expect(try await world.state(id) == before)
            // What comes within half a second waits for it.
            try await world.orchestrator.report(appID: id, [nowhere], by: world.ann)
            #expect(world.recorder.story(id).last == "console error 2")
            // Others wait for the clock as well, so it is not known when the one that is meant does.
            var steps = 0
            while world.recorder.story(id).last != "console error 1", steps < 1_000 {
                world.clock.advance(by: ConsoleBuffer.interval)
                for _ in 0..<100 { await Task.yield() }
                steps += 1
            }
            #expect(world.recorder.story(id).last == "console error 1")
            // The operator is told of the first error of a version.
            let notes = world.orchestrator.services.meter.state.errors
            #expect(notes.map(\.code) == [.runtimeError] && notes.first?.appID == id)
            #expect(notes.first?.text == "src/A.tsx:41 item.done is not a function")
            _ = try await world.orchestrator.repair(appID: id, by: world.ben)
            let asked = try await world.model.codeCalls.take().request.messages.map(\.text).joined()
            #expect(asked.contains("\nsrc/A.tsx:41 item.done is not a function\nlost"))
        }
    }

    @Test("nothing is taken for an app that was ended, or is none")
    func refused() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp()
            try await world.orchestrator.terminate(appID: id)
            await #expect(throws: OrchestrationError.terminated) {
                try await world.orchestrator.report(appID: id, [try entry("x")], by: world.ann)
            }
            await #expect(throws: OrchestrationError.unknownApp) {
                try await world.orchestrator.report(appID: "app-aaaaaaaaaaaaaaaa", [try entry("x")], by: world.ann)
            }
        }
    }
}
