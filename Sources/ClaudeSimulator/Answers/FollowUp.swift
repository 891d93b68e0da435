/// A second question about an answer that was just given: to go on with it, or whether it is meant so.
///
/// A call of three turns or more, of which the last carries no request of its own.
struct FollowUp: Sendable, Equatable {
    /// The call without the answer and the question.
    var original: MessagesCall
    /// The answer that it is about.
    var answer: String

    /// - Returns: `nil` for any other call.
    init?(_ call: MessagesCall) {
        let turns = call.turns.suffix(3)
        guard turns.map(\.isUser) == [true, false, true], let asked = turns.first, let question = turns.last,
            asked.text.hasBytes("<request"), !question.text.hasBytes("<request")
        else { return nil }
        original = call
        original.turns.removeLast(2)
        answer = call.turns[call.turns.count - 2].text
    }

    /// What follows the answer in a whole text; `nil` when the answer is no beginning of it.
    func rest(of whole: String) -> String? {
        // Blanks at its end may have been lost on the way, and belong to the rest then.
        for beginning in [answer, answer.withoutBlanksAtItsEnd] {
            guard !beginning.isEmpty, whole.utf8.starts(with: beginning.utf8) else { continue }
            let rest = whole.utf8.dropFirst(beginning.utf8.count)
            if !rest.isEmpty { return String(Substring(rest)) }
        }
        return nil
    }
}

extension String {
    fileprivate var withoutBlanksAtItsEnd: String {
        let last = utf8.lastIndex { $0 != 0x20 && !(9...13).contains($0) }
        return last.map { String(self[...$0]) } ?? ""
    }
}
