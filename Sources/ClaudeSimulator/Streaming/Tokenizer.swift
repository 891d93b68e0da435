/// Cuts a text into pieces of one to eight characters, roughly where a model's tokens would end.
enum Tokenizer {
    /// Characters in a piece at most.
    static let longest = 8

    /// The pieces, in order; joined they are the text.
    static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        pieces.reserveCapacity(text.utf8.count / 4 + 1)
        var piece = ""
        var length = 0
        var last = Kind.space
        for character in text {
            let kind = Kind(character)
            let joins = length < longest && (kind == last || (last == .space && kind == .word && length == 1))
            if length > 0, !joins {
                pieces.append(piece)
                piece = ""
                length = 0
            }
            piece.append(character)
            length += 1
            last = kind
        }
        if length > 0 { pieces.append(piece) }
        return pieces
    }

    private enum Kind {
        case space, word, mark

        init(_ character: Character) {
            if character == " " || character == "\n" {
                self = .space
            } else if character.isLetter || character.isNumber {
                self = .word
            } else {
                self = .mark
            }
        }
    }
}
