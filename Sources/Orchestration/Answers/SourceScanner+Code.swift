extension SourceScanner {
    /// Words behind which an expression begins.
    private static let openingWords: Set<String> = [
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "yield", "await",
        "default", "instanceof",
    ]

    /// Whether a `/` here begins a regular expression and a `<` an element.
    private var isBeforeExpression: Bool {
        if !previousWord.isEmpty { return Self.openingWords.contains(String(decoding: previousWord, as: UTF8.self)) }
        return previousByte == 0 || "(,=:[!&|?{};+-*%~^>".utf8.contains(previousByte)
    }

    /// Takes a byte of code.
    mutating func takeCode(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            if word.isEmpty { exports.takeToken(byte) }
            if word.count < 16 { word.append(byte) }
            previousByte = byte
        case UInt8(ascii: "/"):
            // The word before it may go on behind a comment.
            endWord()
            commentInTag = false
            state = .slash
        case 0x00...0x20: endWord()
        case UInt8(ascii: "<"):
            endWord()
            exports.takeToken(byte)
            // Behind a block or a statement it belongs to a type.
            if isBeforeExpression, previousByte != UInt8(ascii: "}"), previousByte != UInt8(ascii: ";") {
                state = .less
            }
            previousByte = byte
            previousWord = []
        default:
            endWord()
            exports.takeToken(byte)
            takePunctuation(byte)
        }
    }

    /// Takes the byte behind a slash: a comment, a regular expression, a division.
    mutating func takeAfterSlash(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "/"): state = .lineComment
        case UInt8(ascii: "*"): state = .blockComment(star: false)
        default:
            let begins = isBeforeExpression
            exports.takeToken(UInt8(ascii: "/"))
            previousWord = []
            previousByte = UInt8(ascii: "/")
            state = begins ? .regularExpression(escaped: false, inClass: false) : .code
            takeAgain(byte)
        }
    }

    private mutating func takePunctuation(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): state = .string(quote: byte, escaped: false)
        case UInt8(ascii: "`"): state = .template(escaped: false, dollar: false)
        case UInt8(ascii: "("), UInt8(ascii: "["): if frames.isEmpty { openParentheses += 1 }
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            if frames.isEmpty, openParentheses > 0 { openParentheses -= 1 }
        case UInt8(ascii: "{"):
            exports.openBrace(behind: previousWord)
            push(.brace)
        case UInt8(ascii: "}"):
            exports.closeBrace()
            pop()
        case UInt8(ascii: ","): exports.comma()
        default: break
        }
        previousByte = byte
        previousWord = []
    }

    /// Ends the word that was being read.
    mutating func endWord() {
        guard !word.isEmpty else { return }
        exports.takeWord(word, behind: previousWord)
        previousWord = word
        word.removeAll(keepingCapacity: true)
    }

    /// Gives a byte to the state that it led to.
    mutating func takeAgain(_ byte: UInt8) {
        switch state {
        case .code: takeCode(byte)
        case .regularExpression(_, let inClass):
            if byte == 0x0A {
                state = .code
            } else if byte == UInt8(ascii: "\\") {
                state = .regularExpression(escaped: true, inClass: inClass)
            } else if byte == UInt8(ascii: "[") {
                state = .regularExpression(escaped: false, inClass: true)
            }
        default: takeElement(byte)
        }
    }

    private static let moduleWords = ["export ", "import "].map { Array($0.utf8) }
    private static let statementWords = [
        "const ", "let ", "function ", "interface ", "type ", "class ", "async function ",
    ].map { Array($0.utf8) }

    /// Finds back to the top level where a line begins in a way that is nowhere else.
    mutating func watchLine(_ byte: UInt8) {
        guard byte != 0x0A else {
            lineStart.removeAll(keepingCapacity: true)
            return
        }
        guard lineStart.count < 16 else { return }
        lineStart.append(byte)
        guard byte == 0x20 || byte == UInt8(ascii: "t") else { return }
        if lineStart.elementsEqual("export default".utf8) { exports.wasFoundAtLineStart = true }
        guard byte == 0x20, templateDepth == 0, !frames.isEmpty else { return }
        switch state {
        case .code:
            guard Self.moduleWords.contains(lineStart) else { return }
        case .children, .tag, .tagString, .closingTag:
            // A string may hold any other beginning.
            if case .tagString = state, !lineStart.starts(with: "export".utf8) { return }
            guard Self.moduleWords.contains(lineStart) || Self.statementWords.contains(lineStart) else { return }
            word = lineStart.dropLast()
            previousWord = []
            state = .code
        default: return
        }
        frames.removeAll()
        openParentheses = 0
        exports.closeBrace()
    }
}
