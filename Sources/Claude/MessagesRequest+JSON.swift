internal import FoundationEssentials

extension MessagesRequest {
    /// The body of `POST /v1/messages`, with `stream: true`.
    ///
    /// - Throws: `EncodingError`, which no value of this type brings about.
    func encoded() throws -> [UInt8] {
        let body = Body(
            model: model,
            max_tokens: maximumTokens,
            stream: true,
            system: system.isEmpty ? nil : system,
            messages: messages.map { Body.Message(role: $0.role.rawValue, content: $0.text) }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(body))
    }

    /// Named as the API names them.
    private struct Body: Encodable {
        struct Message: Encodable {
            var role: String
            var content: String
        }
        var model: String
        var max_tokens: Int
        var stream: Bool
        var system: String?
        var messages: [Message]
    }
}
