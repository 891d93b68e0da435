/// Reads TypeScript with JSX byte by byte, and knows at each byte what it is in: code, a string, a template, a comment, the text
/// of an element.
///
/// Lexical, not a parser: a `<` is told from a comparison by what stands before it, a regular expression from a division
/// likewise. Where that misleads it finds back: a string ends with its line, an element that cannot be one is dropped, and a
/// line that begins with `export` or `import` is at the top level unless it is inside a template or a comment.
///
/// Constant work for a byte. Beyond `maximumDepth` open brackets it gives up (`isLost`): no component nests like that.
struct SourceScanner: Sendable {
    /// What is open: braces of each kind, and elements.
    enum Frame: UInt8, Sendable {
        case brace
        /// `${` inside a template.
        case templateExpression
        /// Braces inside an element's tag.
        case tagExpression
        /// Braces inside an element's text.
        case childExpression
        case element
    }

    /// What the next byte is in.
    enum State: Sendable, Equatable {
        case code
        case slash
        case lineComment
        case blockComment(star: Bool)
        case string(quote: UInt8, escaped: Bool)
        case template(escaped: Bool, dollar: Bool)
        case regularExpression(escaped: Bool, inClass: Bool)
        /// Behind a `<` where an expression may begin.
        case less
        /// In the name behind that `<`.
        case tagName(length: Int, isUpper: Bool)
        /// Behind `<T>`, which may be type parameters.
        case typeOrElement
        case tag
        case tagString(quote: UInt8)
        case closingTag
        /// In the text of an element.
        case children
        case childLess
    }

    /// Open brackets beyond which the scan gives up.
    static let maximumDepth = 1_000

    var state = State.code
    var frames: [Frame] = []
    /// Open parentheses and square brackets outside all frames.
    var openParentheses = 0
    /// How many of `frames` are `templateExpression`.
    var templateDepth = 0
    /// Open angle brackets of type arguments inside a tag's name.
    var typeArguments = 0
    /// Whether a tag's name or its first attribute is being read.
    var isNaming = false
    /// Whether a comment returns to a tag.
    var commentInTag = false
    var word: [UInt8] = []
    var previousWord: [UInt8] = []
    /// The last byte of code that is no blank and in no comment; 0 before the first.
    var previousByte: UInt8 = 0
    var exports = DefaultExportWatch()
    /// The beginning of the current line, as far as a word goes.
    var lineStart: [UInt8] = []
    /// Whether it gave up.
    private(set) var isLost = false

    /// Begins a module.
    init() {}

    /// Whether a fence here would be part of the source: in a template, with all that is nested in it, or in a comment.
    var isInsideText: Bool {
        switch state {
        case .template, .blockComment, .string, .tagString: true
        default: templateDepth > 0
        }
    }

    /// Whether the next byte is code, outside strings, templates, comments and elements.
    var isInCode: Bool { state == .code && templateDepth == 0 }

    /// Whether all that was opened is closed.
    var isAtTopLevel: Bool { state == .code && frames.isEmpty && openParentheses == 0 }

    /// Whether there was anything but blanks and comments.
    var hasCode: Bool { previousByte != 0 }

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) {
        watchLine(byte)
        guard !isLost else { return }
        switch state {
        case .code: takeCode(byte)
        case .slash: takeAfterSlash(byte)
        case .lineComment: if byte == 0x0A { state = commentInTag ? .tag : .code }
        case .blockComment(let star):
            if star, byte == UInt8(ascii: "/") {
                state = commentInTag ? .tag : .code
            } else {
                state = .blockComment(star: byte == UInt8(ascii: "*"))
            }
        case .string(let quote, let escaped):
            // A string does not go over a line's end, unless that is escaped.
            if !escaped, byte == quote || byte == 0x0A {
                state = .code
            } else {
                // The escape of a line end written as two bytes goes on to the second.
                state = .string(quote: quote, escaped: escaped ? byte == 0x0D : byte == UInt8(ascii: "\\"))
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
        case .less, .tagName, .typeOrElement, .tag, .tagString, .closingTag, .children, .childLess: takeElement(byte)
        }
    }

    /// Ends the file.
    ///
    /// - Returns: its default export. Where the scan ends in the middle, a line that begins with `export default` is enough.
    mutating func finish() -> DefaultExport {
        take(0x0A)
        if exports.found == .none, exports.wasFoundAtLineStart, !isAtTopLevel { return .value }
        return exports.found
    }

    /// Opens a frame, or gives up.
    mutating func push(_ frame: Frame) {
        guard frames.count < Self.maximumDepth else {
            isLost = true
            state = .code
            templateDepth = 0
            return
        }
        if frame == .templateExpression { templateDepth += 1 }
        frames.append(frame)
    }

    /// Goes back to what is around the innermost frame.
    mutating func pop() {
        guard let frame = frames.popLast() else { return }
        if frame == .templateExpression { templateDepth -= 1 }
        switch frame {
        case .brace: state = .code
        case .templateExpression: state = .template(escaped: false, dollar: false)
        case .tagExpression: state = .tag
        case .childExpression: state = .children
        case .element:
            if frames.last == .element {
                state = .children
            } else {
                state = .code
                // An element is a value: a slash behind it divides, and a `<` compares.
                previousByte = UInt8(ascii: ")")
                previousWord = []
            }
        }
    }

    private mutating func takeTemplate(_ byte: UInt8, escaped: Bool, dollar: Bool) {
        if escaped {
            state = .template(escaped: false, dollar: false)
        } else if byte == UInt8(ascii: "`") {
            state = .code
            previousByte = byte
        } else if dollar, byte == UInt8(ascii: "{") {
            state = .code
            previousByte = byte
            push(.templateExpression)
        } else {
            state = .template(escaped: byte == UInt8(ascii: "\\"), dollar: byte == UInt8(ascii: "$"))
        }
    }
}
