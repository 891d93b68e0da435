import Foundation
import Testing

@testable import Orchestration

@Suite("The protocol's vectors")
struct VectorTests {
    @Test("parts are applied as the protocol says")
    func tokenParts() throws {
        var count = 0
        for vector in try Vectors.cases("token-parts") {
            count += 1
            let name: String = try Vectors.get(vector, "name")
            var state = try Self.holding(Vectors.get(vector, "held"))
            for event in try Vectors.events(vector) { state.fold(event) }
            let generation = try #require(state.generation)
            guard let result = vector["result"] as? [String: Any] else {
                // A gap is the client's to mend; the state does not take what lies behind it.
                let texts = generation.code.values.map(\.text) + [generation.chat.text]
                #expect(!texts.contains { $0.contains("GAP") }, "\(name)")
                continue
            }
            let code: [String: String] = try Vectors.get(result, "code")
            #expect(generation.attempt == result["attempt"] as? Int, "\(name)")
            // Units are compared: `==` holds two spellings of one character for the same.
            let written = generation.code.filter { !$0.value.text.isEmpty }
            #expect(Set(written.keys) == Set(code.filter { !$0.value.isEmpty }.keys), "\(name)")
            for (path, text) in written {
                #expect(text.text.utf16.elementsEqual((code[path] ?? "").utf16), "\(name), \(path)")
                #expect(text.units == text.text.utf16.count, "\(name), \(path)")
            }
            #expect(generation.chat.text.utf16.elementsEqual((result["chat"] as? String ?? "-").utf16), "\(name)")
        }
        #expect(count > 25)
    }

    @Test("whoever left off anywhere in a run gets the same state from the merged one")
    func merging() throws {
        var count = 0
        for vector in try Vectors.cases("merging") {
            let publications = try Vectors.publications(vector, "publications")
            let merged = try Vectors.publications(vector, "merged")
            count += 1
            let name: String = try Vectors.get(vector, "name")
            // A run that begins in the middle of a text needs what stands before it.
            let first = (publications.first?.json["parts"] as? [[String: Any]])?.first?["at"] as? Int ?? 0
            let start = try Self.holding([
                "generation": "g", "attempt": 1, "chat": "",
                "code": [Self.path: String(repeating: "-", count: first)],
            ])
            var whole = start
            for publication in publications { whole.fold(publication.event) }
            for offset in [0] + publications.map(\.offset) {
                var state = start
                for publication in publications where publication.offset <= offset { state.fold(publication.event) }
                for publication in merged where publication.offset > offset { state.fold(publication.event) }
                #expect(state == whole, "\(name), from \(offset)")
            }
        }
        #expect(count > 12)
    }

    @Test("history and slow readers get an unbroken run as one publication")
    func runs() throws {
        for vector in try Vectors.cases("merging") {
            let publications = try Vectors.publications(vector, "publications")
            var merged: [(offset: Int, event: AppEvent)] = []
            for publication in publications {
                if let last = merged.indices.last, merged[last].event.merge(publication.event) {
                    merged[last].offset = publication.offset
                } else {
                    merged.append((publication.offset, publication.event))
                }
            }
            let expected = try Vectors.publications(vector, "merged")
            let name: String = try Vectors.get(vector, "name")
            #expect(merged.map(\.offset) == expected.map(\.offset), "\(name)")
            #expect(merged.map(\.event) == expected.map(\.event), "\(name)")
        }
    }

    @Test("a snapshot is the fold of what came before it")
    func snapshotFold() throws {
        for vector in try Vectors.cases("snapshot-fold") {
            let name: String = try Vectors.get(vector, "name")
            var state = try Self.state(of: Vectors.get(vector, "snapshot"))
            #expect(try Self.written(state) == vector["snapshot"] as? NSDictionary, "\(name)")
            var looks: [Int: NSDictionary] = [:]
            for checkpoint in try Vectors.get(vector, "checkpoints") as [[String: Any]] {
                looks[try Vectors.get(checkpoint, "after")] = try Vectors.get(checkpoint, "snapshot")
            }
            for (index, event) in try Vectors.events(vector).enumerated() {
                state.fold(event)
                guard let expected = looks.removeValue(forKey: index + 1) else { continue }
                #expect(try Self.written(state) == expected, "\(name), after \(index + 1)")
            }
            #expect(looks.isEmpty, "\(name)")
        }
    }

    @Test("events are written with the names of the vectors")
    func events() throws {
        var kinds: Set<AppEvent.Kind> = []
        for vector in try Vectors.cases("snapshot-fold") {
            for json in try Vectors.get(vector, "events") as [[String: Any]] {
                let event = try Vectors.event(json)
                kinds.insert(event.kind)
                #expect(try Viewer.object(event.json) as NSDictionary == json as NSDictionary)
            }
        }
        #expect(kinds == Set(AppEvent.Kind.allCases))
    }

    private static let path = PromptBuilder.componentPath

    /// A state that holds these texts.
    private static func holding(_ held: [String: Any]) throws -> AppChannelState {
        var state = AppChannelState(app: .sample, messages: [], more: false, queue: [], preview: nil)
        let (generation, attempt): (String, Int) = try (Vectors.get(held, "generation"), Vectors.get(held, "attempt"))
        let code: [String: String] = try Vectors.get(held, "code")
        state.fold(
            .generationStarted(
                GenerationStarted(generation: generation, messageID: "m", model: "code", attempt: attempt)
            )
        )
        let parts =
            code.map { TokenPart(stream: .code, path: $0, at: 0, text: $1) } + [
                TokenPart(stream: .chat, at: 0, text: try Vectors.get(held, "chat"))
            ]
        state.fold(.token(TokenEvent(generation: generation, attempt: attempt, parts: parts)))
        return state
    }

    /// The state with which a channel opens; none runs then.
    private static func state(of snapshot: [String: Any]) throws -> AppChannelState {
        AppChannelState(
            app: try Vectors.decode(Vectors.get(snapshot, "app")),
            messages: try (Vectors.get(snapshot, "messages") as [[String: Any]]).map { try Vectors.decode($0) },
            more: try Vectors.get(snapshot, "more"),
            queue: try (Vectors.get(snapshot, "queue") as [[String: Any]]).map { try Vectors.decode($0) },
            preview: try (snapshot["preview"] as? [String: Any]).map(Vectors.preview)
        )
    }

    private static func written(_ state: AppChannelState) throws -> NSDictionary {
        try Viewer.object(state.json) as NSDictionary
    }
}
