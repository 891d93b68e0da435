/// Takes comments, empty lines and needless spaces out of an ECMAScript module, and nothing else: the lines stay lines.
///
/// Strings, template literals and regular expressions are left alone. A slash begins an expression where no operand stands before
/// it, which is right for everything but an expression statement behind a block.
struct ScriptScanner {
    /// One line of the output.
    struct Line: Equatable {
        var text: [UInt8]
        /// Whether it begins outside of all brackets and template literals.
        let isTopLevel: Bool
        /// Whether its end is none of a template literal's text.
        let endsInCode: Bool

        /// The text with the line's end, where that says something: behind these signs a statement goes on or is over anyway.
        var source: String {
            let isClosed = endsInCode && text.last.map { Array(";{,(".utf8).contains($0) } ?? false
            return String(decoding: text, as: UTF8.self) + (isClosed ? "" : "\n")
        }
    }

    private let source: [UInt8]
    private var index = 0
    private var lines: [Line] = []
    private var line: [UInt8] = []
    private var beginsInCode = true
    private var isTopLevel = true
    /// Brackets of all kinds that are open.
    private var depth = 0
    /// Braces that are open in each template literal's expression around this place.
    private var braces: [Int] = []
    private var isInTemplate = false

    private init(_ source: [UInt8]) {
        self.source = source
    }

    static func lines(of source: [UInt8]) -> [Line] {
        var scanner = ScriptScanner(source)
        scanner.run()
        return scanner.lines
    }

    private mutating func run() {
        while index < source.count {
            if isInTemplate { template() } else { code() }
        }
        endLine()
    }

    private mutating func code() {
        let byte = source[index]
        switch byte {
        case UInt8(ascii: "\n"):
            index += 1
            endLine()
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            space()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): string(byte)
        case UInt8(ascii: "`"):
            take()
            isInTemplate = true
        case UInt8(ascii: "("), UInt8(ascii: "["):
            depth += 1
            take()
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            depth -= 1
            take()
        case UInt8(ascii: "{"):
            if let last = braces.indices.last { braces[last] += 1 }
            depth += 1
            take()
        case UInt8(ascii: "}"):
            depth -= 1
            if let last = braces.indices.last {
                if braces[last] == 0 {
                    braces.removeLast()
                    isInTemplate = true
                } else {
                    braces[last] -= 1
                }
            }
            take()
        case UInt8(ascii: "/"): slash()
        default: take()
        }
    }

    /// Leaves a space where two words, or two signs that mean something else together, would meet.
    private mutating func space() {
        while index < source.count, source[index] == 0x20 || source[index] == 0x09 || source[index] == 0x0D {
            index += 1
        }
        guard let before = line.last, index < source.count, Self.mustStandApart(before, source[index]) else { return }
        line.append(0x20)
    }

    private static func mustStandApart(_ before: UInt8, _ after: UInt8) -> Bool {
        switch (before, after) {
        case (UInt8(ascii: "+"), UInt8(ascii: "+")), (UInt8(ascii: "-"), UInt8(ascii: "-")),
            (UInt8(ascii: "/"), UInt8(ascii: "/")), (UInt8(ascii: "/"), UInt8(ascii: "*")),
            (UInt8(ascii: "<"), UInt8(ascii: "!")), (UInt8(ascii: "-"), UInt8(ascii: ">")):
            true
        case (UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ".")): true
        default: isWord(before) && isWord(after)
        }
    }

    private mutating func template() {
        let byte = source[index]
        switch byte {
        case UInt8(ascii: "\\"):
            take()
            if index < source.count { takeInside() }
        case UInt8(ascii: "`"):
            take()
            isInTemplate = false
        case UInt8(ascii: "$") where index + 1 < source.count && source[index + 1] == UInt8(ascii: "{"):
            take()
            take()
            braces.append(0)
            depth += 1
            isInTemplate = false
        default: takeInside()
        }
    }

    private mutating func slash() {
        let next = index + 1 < source.count ? source[index + 1] : 0
        if next == UInt8(ascii: "/") {
            while index < source.count, source[index] != UInt8(ascii: "\n") { index += 1 }
        } else if next == UInt8(ascii: "*") {
            index += 2
            while index < source.count,
                !(source[index] == UInt8(ascii: "/") && source[index - 1] == UInt8(ascii: "*"))
            {
                // A comment over several lines ends a statement as a line's end does.
                if source[index] == UInt8(ascii: "\n") { endLine() }
                index += 1
            }
            index = min(index + 1, source.count)
            space()
        } else if isOperand {
            take()
        } else {
            expression()
        }
    }

    private mutating func string(_ mark: UInt8) {
        take()
        while index < source.count, source[index] != mark, source[index] != UInt8(ascii: "\n") {
            if source[index] == UInt8(ascii: "\\"), index + 1 < source.count { take() }
            take()
        }
        if index < source.count, source[index] == mark { take() }
    }

    private mutating func expression() {
        var isInClass = false
        take()
        while index < source.count, source[index] != UInt8(ascii: "\n") {
            let byte = source[index]
            if byte == UInt8(ascii: "\\"), index + 1 < source.count {
                take()
            } else if byte == UInt8(ascii: "[") {
                isInClass = true
            } else if byte == UInt8(ascii: "]") {
                isInClass = false
            }
            take()
            if byte == UInt8(ascii: "/"), !isInClass { return }
        }
    }

    /// Whether what stands before is a value, so that a slash divides it.
    private var isOperand: Bool {
        guard let last = (line.last { $0 != 0x20 && $0 != 0x09 }) else { return false }
        if last == UInt8(ascii: ")") || last == UInt8(ascii: "]") || last == UInt8(ascii: "}") { return true }
        guard Self.isWord(last) else { return last == UInt8(ascii: "'") || last == UInt8(ascii: "`") }
        let trimmed = line.reversed().drop { $0 == 0x20 || $0 == 0x09 }
        let word = String(decoding: trimmed.prefix(while: Self.isWord).reversed(), as: UTF8.self)
        return !Self.operators.contains(word)
    }

    private static let operators: Set<String> = [
        "return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "instanceof", "new", "throw", "await",
        "yield",
    ]

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }

    private mutating func take() {
        line.append(source[index])
        index += 1
    }

    /// Takes a byte of a template's text, whose line ends are its own.
    private mutating func takeInside() {
        if source[index] == UInt8(ascii: "\n") {
            lines.append(Line(text: line, isTopLevel: isTopLevel, endsInCode: false))
            line = []
            beginsInCode = false
            isTopLevel = false
            index += 1
        } else {
            take()
        }
    }

    private mutating func endLine() {
        while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0D { line.removeLast() }
        if !line.isEmpty || !beginsInCode { lines.append(Line(text: line, isTopLevel: isTopLevel, endsInCode: true)) }
        line = []
        beginsInCode = true
        isTopLevel = depth == 0
    }
}
