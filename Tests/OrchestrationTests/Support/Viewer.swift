import Foundation

/// What a page holds, made from JSON alone by the rules that the protocol gives to clients.
struct Viewer: Equatable {
    var app: NSDictionary
    var messages: [NSDictionary]
    var queue: [NSDictionary]
    var preview: NSDictionary?
    var errors: [NSDictionary]
    var phase: String
    var generation: String?
    var attempt = 0
    var code = ""
    var chat = ""
    /// Whether text was missing.
    var hasGap = false

    init(snapshot: String) throws {
        let json = try Self.object(snapshot)
        app = Self.lasting(try Self.get(json, "app"))
        messages = try Self.get(json, "messages")
        queue = try Self.get(json, "queue")
        preview = json["preview"] as? NSDictionary
        let build: [String: Any] = try Self.get(json, "build")
        errors = try Self.get(build, "errors")
        phase = try Self.get(build, "phase")
        if let running = json["generation"] as? [String: Any] {
            generation = running["id"] as? String
            attempt = try Self.get(running, "attempt")
            let texts: [String: Any] = try Self.get(running, "texts")
            code = (texts["code"] as? [String: String])?["src/LLMComponent.tsx"] ?? ""
            chat = try Self.get(texts, "chat")
        }
    }

    mutating func apply(_ event: String) throws {
        let json = try Self.object(event)
        switch try Self.get(json, "type") as String {
        case "message":
            messages.append(try Self.get(json, "message"))
            if messages.count > 100 { messages.removeFirst() }
        case "queue": queue = try Self.get(json, "items")
        case "generation.started":
            generation = json["generation"] as? String
            attempt = try Self.get(json, "attempt")
            (code, chat, errors, phase) = ("", "", [], "queued")
        case "token": try apply(token: json)
        case "build":
            let new: [NSDictionary] = try Self.get(json, "errors")
            if !new.isEmpty { errors = new }
            if json["phase"] as? String == "live", json["state"] as? String == "done" { errors = [] }
        case "preview": preview = ["url": json["url"] ?? "", "version": json["version"] ?? 0]
        case "generation.finished":
            (generation, attempt, code, chat) = (nil, 0, "", "")
        default: break
        }
    }

    private mutating func apply(token json: [String: Any]) throws {
        let attempt: Int = try Self.get(json, "attempt")
        guard json["generation"] as? String == generation, attempt >= self.attempt else { return }
        if attempt > self.attempt { code = "" }
        self.attempt = attempt
        for part in try Self.get(json, "parts") as [[String: Any]] {
            let isCode = part["stream"] as? String == "code"
            let held = isCode ? code : chat
            let offset: Int = try Self.get(part, "at")
            let text: String = try Self.get(part, "text")
            let length = held.utf16.count
            guard offset <= length else {
                hasGap = true
                return
            }
            let fresh = String(decoding: Array(text.utf16.dropFirst(length - offset)), as: UTF16.self)
            if isCode { code = held + fresh } else { chat = held + fresh }
        }
    }

    /// The parts that no publication of the channel changes.
    private static func lasting(_ app: NSDictionary) -> NSDictionary {
        ["id", "url", "title", "prompt", "created_at"].reduce(into: NSMutableDictionary()) { $0[$1] = app[$1] }
    }

    static func object(_ text: String) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw Missing(key: "object")
        }
        return object
    }

    private static func get<Value>(_ json: [String: Any], _ key: String) throws -> Value {
        guard let value = json[key] as? Value else { throw Missing(key: key) }
        return value
    }

    struct Missing: Error {
        var key: String
    }
}
