import NIOCore

@testable import Realtime

/// What the simulation publishes: pieces of growing texts, which can be merged, notes, which cannot, and changes of things of
/// which only the newest counts.
enum SimulationEvent: Realtime.ChannelEvent, Equatable {
    /// Several pieces of texts, as `token` in the product.
    struct Token: Equatable {
        var generation: Int
        var attempt: Int
        var parts: [Part]
    }

    /// A piece of one text.
    struct Part: Equatable {
        var stream: String
        /// UTF-16 units before it.
        var at: Int
        var text: String

        var end: Int { at + text.utf16.count }
    }

    case started(generation: Int)
    case token(Token)
    case note(Int)
    case added(key: String, value: Int)
    case changed(key: String, value: Int)
    case removed(key: String)

    static var canMerge: Bool { true }

    mutating func merge(_ next: SimulationEvent) -> Bool {
        guard case .token(var token) = self, case .token(let following) = next,
            token.generation == following.generation, token.attempt == following.attempt
        else { return false }
        for part in following.parts {
            if let index = token.parts.firstIndex(where: { $0.stream == part.stream }) {
                guard token.parts[index].end == part.at else { return false }
                token.parts[index].text += part.text
            } else {
                token.parts.append(part)
            }
        }
        self = .token(token)
        return true
    }

    var compactionKey: String? {
        switch self {
        case .added(let key, _), .changed(let key, _), .removed(let key): key
        case .started, .token, .note: nil
        }
    }

    func standing(for older: SimulationEvent) -> SimulationEvent? {
        if case .changed(let key, let value) = self, case .added = older { .added(key: key, value: value) } else { nil }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .started(let generation):
            json.member("type", "started")
            json.member("generation", generation)
        case .token(let token):
            json.member("type", "token")
            json.member("generation", token.generation)
            json.member("attempt", token.attempt)
            json.key("parts")
            json.array(token.parts) { part, json in
                json.beginObject()
                json.member("stream", part.stream)
                json.member("at", part.at)
                json.member("text", part.text)
                json.endObject()
            }
        case .note(let number):
            json.member("type", "note")
            json.member("number", number)
        case .added(let key, let value), .changed(let key, let value):
            if case .added = self { json.member("type", "added") } else { json.member("type", "changed") }
            json.member("key", key)
            json.member("value", value)
        case .removed(let key):
            json.member("type", "removed")
            json.member("key", key)
        }
        json.endObject()
    }

    /// Reads what `write` has written.
    init?(_ data: Parsed) {
        switch (data["type"].string, data["generation"].int, data["key"].string) {
        case ("started", let generation?, _):
            self = .started(generation: generation)
        case ("token", let generation?, _):
            guard let attempt = data["attempt"].int, case .array(let list) = data["parts"] else { return nil }
            var parts: [Part] = []
            for part in list {
                guard let stream = part["stream"].string, let at = part["at"].int, let text = part["text"].string
                else { return nil }
                parts.append(Part(stream: stream, at: at, text: text))
            }
            self = .token(Token(generation: generation, attempt: attempt, parts: parts))
        case ("note", _, _):
            self = .note(data["number"].int ?? -1)
        case ("added", _, let key?):
            self = .added(key: key, value: data["value"].int ?? -1)
        case ("changed", _, let key?):
            self = .changed(key: key, value: data["value"].int ?? -1)
        case ("removed", _, let key?):
            self = .removed(key: key)
        default:
            return nil
        }
    }
}
