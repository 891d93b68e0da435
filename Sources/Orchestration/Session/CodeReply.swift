internal import Claude

/// One answer of the code model while it comes, joined from two where the first reached its token limit.
struct CodeReply: Sendable {
    /// All that came, without what a continuation repeated.
    private(set) var text = ""
    /// What it turned out to be; known when it is finished.
    private(set) var answer = Answer(outcome: .prose(""), remarks: "", skippedLanguages: [])
    private var reader = AnswerReader()
    private var joint: ContinuationJoint?

    /// Begins to read.
    init() {}

    /// Whether anything but blanks came: the service takes no message without.
    var hasText: Bool { text.utf8.contains { $0 > 0x20 } }

    /// Takes the next piece.
    ///
    /// - Returns: what to do with the code that is shown.
    mutating func feed(_ delta: String) -> [AnswerReader.Action] {
        take(joint?.feed(delta) ?? .rest(delta))
    }

    /// What comes from here on goes on where the answer was cut.
    mutating func beginContinuation() {
        joint = ContinuationJoint(behind: text, reader: reader)
    }

    /// Gives out what is held back of a continuation.
    mutating func release() -> [AnswerReader.Action] {
        take(joint?.finish() ?? .rest(""))
    }

    /// What was said so far, if there is no code in it.
    var spoken: String {
        var reader = reader
        if case .prose(let words) = reader.finish().answer.outcome { return words }
        return ""
    }

    /// Ends the answer.
    mutating func finish() -> [AnswerReader.Action] {
        let actions = release()
        let (rest, answer) = reader.finish()
        self.answer = answer
        return actions + rest
    }

    private mutating func take(_ piece: ContinuationJoint.Piece) -> [AnswerReader.Action] {
        switch piece {
        case .rest(let piece):
            guard !piece.isEmpty else { return [] }
            text += piece
            return reader.feed(piece)
        case .anew(let piece):
            text = piece
            reader = AnswerReader()
            return [.restart] + reader.feed(piece)
        }
    }
}

extension ModelError {
    /// Whether it may break an answer that would have been whole: another try may succeed.
    var isBreak: Bool {
        switch self {
        case .truncated, .connection, .idleTimeout: true
        case .streamError(let type, _, _): ["overloaded_error", "api_error", "timeout_error"].contains(type)
        case .service, .maximumTokens, .refused, .malformed, .cancelled: false
        }
    }
}
