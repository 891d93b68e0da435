/// An answer cut to its limits: the pieces to send and why it ends.
struct PreparedAnswer: Sendable, Equatable {
    /// Pieces of text, one output token each.
    var pieces: [String]
    /// Why it ends.
    var stop: StopReason

    /// Applies stop sequences and the token limit, in this order.
    init(text: String, call: MessagesCall) {
        var text = text
        stop = .endTurn
        var earliest: String.Index?
        for sequence in call.stopSequences {
            guard let found = text.byteRange(of: sequence)?.lowerBound, found < earliest ?? text.endIndex else {
                continue
            }
            earliest = found
            stop = .stopSequence(sequence)
        }
        if let earliest { text = String(text[..<earliest]) }
        pieces = Tokenizer.pieces(of: text)
        if pieces.count > call.maximumTokens {
            pieces.removeLast(pieces.count - call.maximumTokens)
            stop = .maximumTokens
        }
    }

    /// Ends the answer half-way, as if the limit had been reached there.
    mutating func cutInHalf() {
        pieces.removeLast(pieces.count / 2)
        stop = .maximumTokens
    }
}
