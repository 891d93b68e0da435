import Claude
import Foundation
import Sandboxes
import Synchronization
import Testing

@testable import Orchestration

@Suite("Snapshots and parts")
struct SnapshotTests {
    static let pieces = [
        "export default ", "function A() {", " return <p>", "👩‍👩‍👧", "é", "e\u{301}", "日本", "\n", "𝒳", "\\\"</p>", " }",
        "\u{2028}",
    ]

    /// A file of random pieces with many characters outside the BMP.
    static func file(_ random: inout SplitMix) -> String {
        "export default function A() { return null }\nconst text = `"
            + (0..<60).map { _ in pieces.randomElement(using: &random) ?? "" }.joined() + "`\n"
    }

    /// Cuts between scalars, as the model's stream does.
    static func chunks(_ text: String, _ random: inout SplitMix) -> [String] {
        var chunks: [String] = []
        var scalars = Array(text.unicodeScalars)[...]
        while !scalars.isEmpty {
            let count = Int.random(in: 1...8, using: &random)
            var chunk = String.UnicodeScalarView()
            chunk.append(contentsOf: scalars.prefix(count))
            chunks.append(String(chunk))
            scalars = scalars.dropFirst(count)
        }
        return chunks
    }

    @Test("applying the parts gives the file, however it was cut, seen from any snapshot", arguments: 0..<8)
    func foldEquivalence(seed: Int) async throws {
        try await World.run { world async throws in
            var random = SplitMix(state: UInt64(seed))
            let files = [Self.file(&random), Self.file(&random)]
            world.sandboxes.answerEdits([.success(.failed([RepairTests.error]))])
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            var snapshots: [(events: Int, json: String)] = []
            func look() async throws {
                let (events, state) = try await world.position(app.id)
                snapshots.append((events, state.json))
            }
            let chat = try await world.model.chatCalls.take()
            for (attempt, file) in files.enumerated() {
                let call = try await world.model.codeCalls.take()
                for (index, chunk) in Self.chunks(file, &random).enumerated() {
                    call.text(chunk)
                    if index % 7 == 0 { chat.text("word\(index) 🎈 ") }
                    if Int.random(in: 0..<4, using: &random) == 0 { try await look() }
                }
                if attempt == 1 { chat.finish() }
                call.finish()
                try await look()
            }
            await world.recorder.wait(app.id, "finished succeeded")
            try await look()
            let events = world.recorder.events(app.id).map(\.json)
            let final = try #require(try snapshots.last.map { try Viewer(snapshot: $0.json) })
            #expect(snapshots.count > 3)
            for snapshot in snapshots {
                var viewer = try Viewer(snapshot: snapshot.json)
                var codeBeforeEnd = viewer.code
                for event in events[snapshot.events...] {
                    try viewer.apply(event)
                    if !viewer.code.isEmpty { codeBeforeEnd = viewer.code }
                }
                #expect(!viewer.hasGap)
                viewer.phase = final.phase
                #expect(viewer == final)
                if snapshot.events < events.count - 12 { #expect(codeBeforeEnd == files[1]) }
            }
            #expect(try await world.orchestrator.code(appID: app.id, version: 1).files.values.first == files[1])
            #expect(world.sandboxes.newest?.edits.last?.values.first == files[1])
        }
    }

    @Test("the state folds its own publications to the same state", arguments: 0..<4)
    func ownFold(seed: Int) async throws {
        try await World.run { world async throws in
            var random = SplitMix(state: UInt64(seed) &+ 99)
            world.model.answer([Self.file(&random)])
            let id = try await world.liveApp()
            let (before, start) = try await world.position(id)
            var folded = start
            world.model.answer([Self.file(&random)])
            _ = try await world.orchestrator.write(appID: id, text: "more", author: world.ben)
            await world.recorder.wait(id, "finished succeeded", count: 2)
            let (after, end) = try await world.position(id)
            for event in world.recorder.events(id)[before..<after] { folded.fold(event) }
            #expect(folded == end)
        }
    }

    @Test("parts overlap, repeat and leave gaps as the protocol says")
    func overlap() {
        var text = StreamedText()
        text.apply("ab👩c", at: 0)
        #expect(text.units == 5)
        text.apply("👩cd", at: 2)
        #expect(text.text == "ab👩cd")
        text.apply("b", at: 1)
        #expect(text.text == "ab👩cd" && text.units == 6)
        let isGap = !text.apply("x", at: 7)
        #expect(isGap)
        text.apply("x", at: 6)
        #expect(text.text == "ab👩cdx")
    }

    @Test("tokens of any cutting join to the text, and no part splits a surrogate pair", arguments: 0..<16)
    func turnState(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let file = Self.file(&random)
        var turn = TurnState.sample
        var held = StreamedText()
        for chunk in Self.chunks(file, &random) {
            turn.append(chunk, to: .code)
            guard Bool.random(using: &random), let event = turn.takeTokens() else { continue }
            for part in event.parts { held.apply(part.text, at: part.at) }
        }
        for part in turn.takeTokens()?.parts ?? [] { held.apply(part.text, at: part.at) }
        #expect(held.text.utf16.elementsEqual(file.utf16) && turn.takeTokens() == nil)
    }

    @Test("publications and snapshots are JSON with the protocol's names")
    func json() async throws {
        try await World.run { world async throws in
            let id = try await world.liveApp("a \"quoted\" \\ prompt\n")
            for event in world.recorder.events(id) {
                let type = try Viewer.object(event.json)["type"]
                #expect(type is String)
            }
            let snapshot = try Viewer.object(try await world.state(id).json)
            #expect(Set(snapshot.keys) == ["app", "messages", "more", "queue", "generation", "build", "preview"])
            let encoder = JSONEncoder()
            let state = try await world.state(id)
            let app = try JSONSerialization.jsonObject(with: encoder.encode(state.app)) as? NSDictionary
            #expect(snapshot["app"] as? NSDictionary == app)
            let messages = try JSONSerialization.jsonObject(with: encoder.encode(state.messages)) as? NSArray
            #expect(snapshot["messages"] as? NSArray == messages)
            let preview = try #require(snapshot["preview"] as? NSDictionary)
            #expect(preview["url"] as? String == "http://\(id).vibe.localhost:8080/")
        }
    }

    @Test("a snapshot holds the newest hundred messages")
    func hundred() {
        var state = AppChannelState(app: .sample, messages: [], more: false, queue: [], preview: nil)
        for number in 0..<105 { state.fold(.message(.sample("\(number)"))) }
        #expect(state.messages.count == 100 && state.more && state.messages.first?.id == "5")
    }
}

/// A small generator with a seed, so that a failure can be seen again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
