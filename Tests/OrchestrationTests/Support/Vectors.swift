import Catalogue
import Foundation
import Sandboxes

@testable import Orchestration

/// The protocol's vectors, which the pages' tests run too.
enum Vectors {
    /// The cases of `protocol/vectors/{name}.json`.
    static func cases(_ name: String) throws -> [[String: Any]] {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let data = try Data(contentsOf: root.appending(path: "protocol/vectors/\(name).json"))
        let file = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try get(file ?? [:], "cases")
    }

    static func get<Value>(_ json: [String: Any], _ key: String) throws -> Value {
        guard let value = json[key] as? Value else { throw Missing(key: key) }
        return value
    }

    static func events(_ json: [String: Any]) throws -> [AppEvent] {
        try (get(json, "events") as [[String: Any]]).map(event)
    }

    /// Publications with their offsets, as read and as they stand.
    static func publications(
        _ json: [String: Any],
        _ key: String
    ) throws -> [(offset: Int, event: AppEvent, json: [String: Any])] {
        try (get(json, key) as [[String: Any]]).map { publication in
            let data: [String: Any] = try get(publication, "data")
            return (try get(publication, "offset"), try event(data), data)
        }
    }

    /// Reads what `AppEvent` writes.
    static func event(_ json: [String: Any]) throws -> AppEvent {
        switch AppEvent.Kind(rawValue: try get(json, "type")) {
        case .message: .message(try decode(get(json, "message")))
        case .queue: .queue(try (get(json, "items") as [[String: Any]]).map { try decode($0) })
        case .generationStarted:
            .generationStarted(
                GenerationStarted(
                    generation: try get(json, "generation"),
                    messageID: try get(json, "message_id"),
                    model: try get(json, "model"),
                    attempt: try get(json, "attempt")
                )
            )
        case .token: .token(try token(json))
        case .build: .build(try build(json))
        case .preview: .preview(try preview(json))
        case .generationFinished: .generationFinished(try finished(json))
        case .status: .status(try word(json, "status"))
        case .appChanged: .appChanged(try decode(get(json, "app")))
        case .console: .console(try console(json))
        case nil: throw Missing(key: "type")
        }
    }

    private static func console(_ json: [String: Any]) throws -> ConsoleLine {
        let entry = ConsoleEntry(
            level: try word(json, "level"),
            text: try get(json, "text"),
            path: json["path"] as? String,
            line: json["line"] as? Int
        )
        guard let entry else { throw Missing(key: "text") }
        return ConsoleLine(entry: entry, userID: try get(json, "user_id"), count: try get(json, "count"))
    }

    static func preview(_ json: [String: Any]) throws -> PreviewView {
        PreviewView(url: try get(json, "url"), version: try get(json, "version"))
    }

    static func decode<Value: Decodable>(_ json: [String: Any]) throws -> Value {
        try JSONDecoder().decode(Value.self, from: JSONSerialization.data(withJSONObject: json))
    }

    private static func token(_ json: [String: Any]) throws -> TokenEvent {
        let parts = try (get(json, "parts") as [[String: Any]]).map { part in
            TokenPart(
                stream: try word(part, "stream"),
                path: part["path"] as? String,
                at: try get(part, "at"),
                text: try get(part, "text")
            )
        }
        return TokenEvent(
            generation: try get(json, "generation"),
            attempt: try get(json, "attempt"),
            reason: try reason(json),
            parts: parts
        )
    }

    private static func build(_ json: [String: Any]) throws -> BuildEvent {
        BuildEvent(
            phase: try word(json, "phase"),
            state: try word(json, "state"),
            attempt: try get(json, "attempt"),
            reason: try reason(json),
            repair: (json["repair"] as? [String: Int]).map {
                BuildEvent.Repair(number: $0["number"] ?? 0, limit: $0["limit"] ?? 0)
            },
            startedAt: try get(json, "started_at"),
            elapsed: try get(json, "elapsed_ms"),
            error: try meaning(json),
            retryIn: json["retry_in_ms"] as? Int,
            errors: try (get(json, "errors") as [[String: Any]]).map(buildError),
            isUnchecked: json["unchecked"] as? Bool ?? false
        )
    }

    private static func reason(_ json: [String: Any]) throws -> AttemptReason? {
        json["reason"] == nil ? nil : try word(json, "reason")
    }

    private static func finished(_ json: [String: Any]) throws -> GenerationFinished {
        let usage: [String: Int] = try get(json, "usage")
        return GenerationFinished(
            generation: try get(json, "generation"),
            outcome: try word(json, "outcome"),
            stoppedBy: json["stopped_by"] as? String,
            version: json["version"] as? Int,
            inputTokens: usage["input_tokens"] ?? 0,
            outputTokens: usage["output_tokens"] ?? 0,
            error: try meaning(json)
        )
    }

    static func buildError(_ json: [String: Any]) throws -> BuildError {
        var error = BuildError(
            path: try get(json, "path"),
            line: try get(json, "line"),
            column: try get(json, "column"),
            text: try get(json, "text")
        )
        if json["code"] != nil { error.code = try word(json, "code") }
        error.module = json["module"] as? String
        return error
    }

    private static func meaning(_ json: [String: Any]) throws -> Meaning? {
        try (json["error"] as? [String: Any]).map { try decode($0) }
    }

    private static func word<Word: RawRepresentable<String>>(_ json: [String: Any], _ key: String) throws -> Word {
        guard let word = Word(rawValue: try get(json, key)) else { throw Missing(key: key) }
        return word
    }

    struct Missing: Error {
        var key: String
    }
}
