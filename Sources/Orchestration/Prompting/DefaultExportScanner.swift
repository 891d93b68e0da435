/// Looks for a default export in TypeScript with JSX, fed in pieces cut anywhere.
///
/// Lexical, not a parser: it leaves out comments, strings, templates and most regular expressions, and it recovers at the end of a
/// line from an apostrophe in JSX text. In doubt it finds one, because the bundler tells for certain.
struct DefaultExportScanner: Sendable {
    private enum State: Sendable, Equatable {
        case code
        case slash
        case lineComment
        case blockComment(star: Bool)
        case string(quote: UInt8, escaped: Bool)
        case template(escaped: Bool, dollar: Bool)
        case regularExpression(escaped: Bool, inClass: Bool)
    }

    private var state = State.code
    /// For each `${` that is open, the braces that are open inside it.
    private var templateBraces: [Int] = []
    private var word: [UInt8] = []
    private var previousWord: [UInt8] = []
    /// The last byte of code that is no blank.
    private var previousByte: UInt8 = 0
    private var isInExportList = false
    private var hasListedDefault = false
    private var wasFound = false

    /// The beginning of the current line, for `foundAtLineStart`.
    private var lineStart: [UInt8] = []
    private var wasFoundAtLineStart = false

    init() {}

    mutating func feed(_ bytes: [UInt8]) {
        guard !wasFound else { return }
        for byte in bytes {
            watchLine(byte)
            take(byte)
        }
    }

    /// Ends the file.
    ///
    /// - Returns: whether it has a default export. A template that never ends means that a lone backtick misled the scan; then a
    ///   line that begins with `export default` is enough.
    mutating func finish() -> Bool {
        take(0x0A)
        if case .template = state { return wasFound || wasFoundAtLineStart }
        return wasFound || (!templateBraces.isEmpty && wasFoundAtLineStart)
    }

    private static let exportDefault = Array("export default".utf8)

    private mutating func watchLine(_ byte: UInt8) {
        guard byte != 0x0A else {
            lineStart = []
            return
        }
        guard lineStart.count < Self.exportDefault.count else { return }
        lineStart.append(byte)
        if lineStart == Self.exportDefault { wasFoundAtLineStart = true }
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .code: takeCode(byte)
        case .slash: takeAfterSlash(byte)
        case .lineComment: if byte == 0x0A { state = .code }
        case .blockComment(let star):
            state = star && byte == UInt8(ascii: "/") ? .code : .blockComment(star: byte == UInt8(ascii: "*"))
        case .string(let quote, let escaped):
            // A string does not go over a line's end, unless that is escaped.
            if !escaped, byte == quote || byte == 0x0A {
                state = .code
            } else {
                state = .string(quote: quote, escaped: !escaped && byte == UInt8(ascii: "\\"))
            }
        case .template(let escaped, let dollar): takeTemplate(byte, escaped: escaped, dollar: dollar)
        case .regularExpression(let escaped, let inClass):
            if byte == 0x0A || (!escaped && !inClass && byte == UInt8(ascii: "/")) {
                state = .code
            } else {
                let opens = !escaped && byte == UInt8(ascii: "[")
                let closes = !escaped && byte == UInt8(ascii: "]")
                state = .regularExpression(
                    escaped: !escaped && byte == UInt8(ascii: "\\"),
                    inClass: opens || (inClass && !closes)
                )
            }
        }
    }

    private mutating func takeTemplate(_ byte: UInt8, escaped: Bool, dollar: Bool) {
        if escaped {
            state = .template(escaped: false, dollar: false)
        } else if byte == UInt8(ascii: "`") {
            state = .code
        } else if dollar, byte == UInt8(ascii: "{") {
            templateBraces.append(0)
            state = .code
        } else {
            state = .template(escaped: byte == UInt8(ascii: "\\"), dollar: byte == UInt8(ascii: "$"))
        }
    }

    private mutating func takeAfterSlash(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "/"): state = .lineComment
        case UInt8(ascii: "*"): state = .blockComment(star: false)
        default:
            // Behind an operator or a bracket a slash begins a regular expression; behind `<` it closes an element.
            let begins = previousByte == 0 || "(,=:[!&|?{};+-*%~^".utf8.contains(previousByte)
            endWord()
            previousWord = []
            previousByte = UInt8(ascii: "/")
            state = begins ? .regularExpression(escaped: false, inClass: false) : .code
            take(byte)
        }
    }

    private mutating func takeCode(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            if word.count < 16 { word.append(byte) }
            previousByte = byte
            return
        case UInt8(ascii: "/"):
            // The word before it may go on behind a comment.
            endWord()
            state = .slash
            return
        case 0x00...0x20:
            endWord()
            return
        default:
            endWord()
            takePunctuation(byte)
            previousByte = byte
        }
    }

    private mutating func takePunctuation(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): state = .string(quote: byte, escaped: false)
        case UInt8(ascii: "`"): state = .template(escaped: false, dollar: false)
        case UInt8(ascii: "{"):
            if let last = templateBraces.indices.last { templateBraces[last] += 1 }
            isInExportList = previousWord.elementsEqual("export".utf8)
            hasListedDefault = false
        case UInt8(ascii: "}"), UInt8(ascii: ","):
            if isInExportList, hasListedDefault { wasFound = true }
            guard byte == UInt8(ascii: "}") else { break }
            isInExportList = false
            guard let last = templateBraces.indices.last else { break }
            if templateBraces[last] == 0 {
                templateBraces.removeLast()
                state = .template(escaped: false, dollar: false)
            } else {
                templateBraces[last] -= 1
            }
        default: break
        }
        previousWord = []
    }

    private mutating func endWord() {
        guard !word.isEmpty else { return }
        if word.elementsEqual("default".utf8) {
            if previousWord.elementsEqual("export".utf8) { wasFound = true }
            if isInExportList { hasListedDefault = true }
        } else if isInExportList, word.elementsEqual("as".utf8) {
            // `default as Name` exports under another name; `Name as default` is still to come.
            hasListedDefault = false
        }
        previousWord = word
        word = []
    }
}
