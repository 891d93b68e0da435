internal import Claude

/// What of a conversation fits into a request: what was asked for first, and the newest turns.
enum PromptHistory {
    /// Turns at most, the first prompt apart.
    static let maximumTurns = 20
    /// Characters of what an assistant said; the rest is cut off.
    ///
    /// Prompts are never cut.
    static let maximumAnswerCharacters = 2_000
    /// Characters of all turns together, the first prompt apart.
    static let maximumCharacters = 12_000

    /// Keeps the first prompt and what is newest.
    ///
    /// - Parameter history: oldest first.
    /// - Returns: oldest first; turns without text are left out.
    static func bounded(_ history: [MessagesRequest.Message]) -> [MessagesRequest.Message] {
        let history = history.filter { $0.text.contains { !$0.isWhitespace } }
        let first = history.firstIndex { $0.role == .user }
        let later = history[(first.map { $0 + 1 } ?? 0)...]
        var kept: [MessagesRequest.Message] = []
        var characters = 0
        for message in later.reversed() where kept.count < maximumTurns {
            let turn = shortened(message)
            characters += turn.text.count
            guard characters <= maximumCharacters else { break }
            kept.append(turn)
        }
        return (first.map { [history[$0]] } ?? []) + kept.reversed()
    }

    private static func shortened(_ message: MessagesRequest.Message) -> MessagesRequest.Message {
        let text = message.text
        guard message.role == .assistant,
            let end = text.index(text.startIndex, offsetBy: maximumAnswerCharacters, limitedBy: text.endIndex),
            end != text.endIndex
        else { return message }
        return .init(role: message.role, text: text[..<end] + " …")
    }
}
