internal import Claude

/// The newest turns of a conversation that fit into a request.
enum PromptHistory {
    /// Turns at most.
    static let maximumTurns = 20
    /// Characters of one turn; the rest is cut off.
    static let maximumTurnCharacters = 2_000
    /// Characters of all turns together.
    static let maximumCharacters = 12_000

    /// Keeps what is newest.
    ///
    /// - Parameter history: oldest first.
    /// - Returns: oldest first; turns without text are left out.
    static func bounded(_ history: [MessagesRequest.Message]) -> [MessagesRequest.Message] {
        var kept: [MessagesRequest.Message] = []
        var characters = 0
        for message in history.reversed() where kept.count < maximumTurns {
            guard message.text.contains(where: { !$0.isWhitespace }) else { continue }
            let text = shortened(message.text)
            characters += text.count
            guard characters <= maximumCharacters else { break }
            kept.append(.init(role: message.role, text: text))
        }
        return kept.reversed()
    }

    private static func shortened(_ text: String) -> String {
        guard let end = text.index(text.startIndex, offsetBy: maximumTurnCharacters, limitedBy: text.endIndex),
            end != text.endIndex
        else { return text }
        return text[..<end] + " …"
    }
}
