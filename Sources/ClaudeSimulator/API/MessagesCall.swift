#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import NIOCore
internal import NIOFoundationCompat

/// A checked request to `POST /v1/messages`.
struct MessagesCall: Sendable, Equatable {
    /// One turn, its text blocks joined.
    struct Turn: Sendable, Equatable {
        /// Whether the user wrote it.
        var isUser: Bool
        /// All text blocks, joined by blank lines.
        var text: String
    }

    /// The model's name, echoed.
    var model: String
    /// The system prompt, or the empty string.
    var system: String
    /// The turns, the first one a user's.
    var turns: [Turn]
    /// Output tokens at most, from 1.
    var maximumTokens: Int
    /// Whether the answer is a stream of events.
    var streams: Bool
    /// Texts at which the answer ends.
    var stopSequences: [String]

    /// A rough count of the input's tokens: four bytes each.
    var inputTokens: Int {
        max(1, (system.utf8.count + turns.reduce(0) { $0 + $1.text.utf8.count + 12 }) / 4)
    }
}

extension MessagesCall {
    /// Checks a body.
    ///
    /// - Parameters:
    ///   - body: JSON as sent.
    ///   - countsOnly: whether it is a request to count tokens, which needs no `max_tokens`.
    /// - Throws: the documented 400 for the first thing that is wrong.
    init(body: ByteBuffer, countsOnly: Bool = false) throws(APIError) {
        let root: JSONValue
        do {
            root = try JSONDecoder().decode(JSONValue.self, from: Data(buffer: body))
        } catch {
            throw .invalid("The request body is not valid JSON")
        }
        guard case .object = root else { throw .invalid("Input should be a valid dictionary") }
        model = try Self.text(root, "model")
        guard !model.isEmpty else { throw .invalid("model: String should have at least 1 character") }
        maximumTokens = countsOnly ? 1 : try Self.maximumTokens(root)
        streams = try Self.flag(root, "stream")
        system = try root["system"].map { value throws(APIError) in try Self.content(value, at: "system") } ?? ""
        stopSequences = try Self.stopSequences(root)
        turns = try Self.turns(root)
    }

    private static func text(_ root: JSONValue, _ name: String) throws(APIError) -> String {
        guard let value = root[name] else { throw .invalid("\(name): Field required") }
        guard let text = value.string else { throw .invalid("\(name): Input should be a valid string") }
        return text
    }

    private static func flag(_ root: JSONValue, _ name: String) throws(APIError) -> Bool {
        guard let value = root[name] else { return false }
        guard case .bool(let flag) = value else { throw .invalid("\(name): Input should be a valid boolean") }
        return flag
    }

    private static func maximumTokens(_ root: JSONValue) throws(APIError) -> Int {
        guard let value = root["max_tokens"] else { throw .invalid("max_tokens: Field required") }
        guard let tokens = value.integer else { throw .invalid("max_tokens: Input should be a valid integer") }
        guard tokens >= 1 else { throw .invalid("max_tokens: Input should be greater than or equal to 1") }
        return tokens
    }

    private static func stopSequences(_ root: JSONValue) throws(APIError) -> [String] {
        guard let value = root["stop_sequences"] else { return [] }
        guard case .array(let items) = value else {
            throw .invalid("stop_sequences: Input should be a valid list")
        }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            guard let text = item.string else {
                throw .invalid("stop_sequences.\(index): Input should be a valid string")
            }
            guard text.utf8.contains(where: { $0 > 0x20 }) else {
                throw .invalid("stop_sequences: each stop sequence must contain non-whitespace")
            }
            texts.append(text)
        }
        return texts
    }

    private static func turns(_ root: JSONValue) throws(APIError) -> [Turn] {
        guard let value = root["messages"] else { throw .invalid("messages: Field required") }
        guard case .array(let items) = value else { throw .invalid("messages: Input should be a valid list") }
        guard !items.isEmpty else { throw .invalid("messages: at least one message is required") }
        var turns: [Turn] = []
        for (index, item) in items.enumerated() {
            guard case .object = item else {
                throw .invalid("messages.\(index): Input should be a valid dictionary")
            }
            guard let role = item["role"] else { throw .invalid("messages.\(index).role: Field required") }
            guard role == .string("user") || role == .string("assistant") else {
                throw .invalid("messages.\(index).role: Input should be 'user' or 'assistant'")
            }
            guard let content = item["content"] else {
                throw .invalid("messages.\(index).content: Field required")
            }
            let text = try Self.content(content, at: "messages.\(index).content")
            let isUser = role == .string("user")
            guard isUser || index > 0 else {
                throw .invalid("messages: first message must use the \"user\" role")
            }
            guard !text.isEmpty || (!isUser && index == items.count - 1) else {
                throw .invalid("messages.\(index): all messages must have non-empty content")
            }
            turns.append(Turn(isUser: isUser, text: text))
        }
        return turns
    }

    private static func content(_ value: JSONValue, at path: String) throws(APIError) -> String {
        if let text = value.string { return text }
        guard case .array(let blocks) = value else {
            throw .invalid("\(path): Input should be a valid string or list")
        }
        var texts: [String] = []
        for (index, block) in blocks.enumerated() {
            guard case .object = block else {
                throw .invalid("\(path).\(index): Input should be a valid dictionary")
            }
            guard let type = block["type"]?.string else { throw .invalid("\(path).\(index).type: Field required") }
            guard type == "text" else { continue }
            guard let text = block["text"] else { throw .invalid("\(path).\(index).text: Field required") }
            guard let string = text.string else {
                throw .invalid("\(path).\(index).text: Input should be a valid string")
            }
            guard !string.isEmpty else {
                throw .invalid("\(path).\(index).text: text content blocks must be non-empty")
            }
            texts.append(string)
        }
        return texts.joined(separator: "\n\n")
    }
}
