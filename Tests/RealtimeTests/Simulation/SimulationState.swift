import NIOCore

@testable import Realtime

/// What the simulation's channels know; the publisher's side and the clients' apply events by the same rules.
struct SimulationState: ChannelState, Equatable {
    /// The texts of one generation.
    struct Generation: Equatable {
        var attempt = 1
        var code = ""
        var chat = ""

        subscript(_ stream: String) -> String {
            get { stream == "code" ? code : chat }
            set { if stream == "code" { code = newValue } else { chat = newValue } }
        }
    }

    var generations: [Int: Generation] = [:]
    /// How many notes there were, and a digest of them in their order.
    var notes = 0
    var digest = 0
    var things: [String: Int] = [:]

    /// What does not depend on the things, of which a recovering client may learn late.
    var withoutThings: SimulationState {
        var copy = self
        copy.things = [:]
        return copy
    }

    mutating func fold(_ event: SimulationEvent) { _ = apply(event) }

    /// Takes an event in.
    ///
    /// - Returns: false when there is a gap before one of its parts.
    mutating func apply(_ event: SimulationEvent) -> Bool {
        switch event {
        case .started(let generation):
            generations = generations.filter { $0.key >= generation - 1 }
            generations[generation] = Generation()
        case .token(let token):
            return apply(token)
        case .note(let number):
            notes += 1
            digest = (digest &* 31 &+ number) & 0xFFFF_FFFF
        case .added(let key, let value):
            things[key] = value
        case .changed(let key, let value):
            if things[key] != nil { things[key] = value }
        case .removed(let key):
            things[key] = nil
        }
        return true
    }

    private mutating func apply(_ token: SimulationEvent.Token) -> Bool {
        guard var generation = generations[token.generation], token.attempt >= generation.attempt else { return true }
        if token.attempt > generation.attempt {
            generation.attempt = token.attempt
            generation.code = ""
        }
        for part in token.parts {
            let held = generation[part.stream].utf16.count
            guard part.at <= held else { return false }
            generation[part.stream] += String(decoding: part.text.utf16.dropFirst(held - part.at), as: UTF16.self)
        }
        generations[token.generation] = generation
        return true
    }

    func writeSnapshot(to json: inout JSONWriter) {
        json.beginObject()
        json.key("generations")
        json.array(generations.sorted { $0.key < $1.key }) { entry, json in
            json.beginObject()
            json.member("generation", entry.key)
            json.member("attempt", entry.value.attempt)
            json.member("code", entry.value.code)
            json.member("chat", entry.value.chat)
            json.endObject()
        }
        json.member("notes", notes)
        json.member("digest", digest)
        json.key("things")
        json.array(things.sorted { $0.key < $1.key }) { entry, json in
            json.beginObject()
            json.member("key", entry.key)
            json.member("value", entry.value)
            json.endObject()
        }
        json.endObject()
    }

    init() {}

    /// Reads a snapshot.
    init?(_ data: Parsed) {
        guard case .array(let generations) = data["generations"], case .array(let things) = data["things"],
            let notes = data["notes"].int, let digest = data["digest"].int
        else { return nil }
        self.notes = notes
        self.digest = digest
        for entry in generations {
            self.generations[entry["generation"].int ?? -1] = Generation(
                attempt: entry["attempt"].int ?? -1,
                code: entry["code"].string ?? "?",
                chat: entry["chat"].string ?? "?"
            )
        }
        for entry in things { self.things[entry["key"].string ?? "?"] = entry["value"].int ?? -1 }
    }
}
