/// Tells a line of prose from a line of a module's top level.
enum ProseLine {
    /// What a line's beginning says.
    enum Verdict { case undecided, prose, code }

    /// Bytes looked at, at most.
    static let maximumBytes = 96

    private static let codeWords: Set<String> = [
        "import", "export", "const", "let", "var", "function", "class", "interface", "type", "enum", "async", "declare",
        "abstract", "namespace", "module", "if", "for", "while", "return", "new", "await", "void", "throw", "typeof",
        "delete", "switch", "do", "try", "else", "case", "default", "yield", "static", "using", "from", "in", "of",
        "as",
        "catch", "finally", "extends", "implements",
    ]

    /// Judges a line that begins where a statement of a module would.
    ///
    /// - Parameter line: so far; with its end when it is whole.
    /// - Returns: `undecided` as long as more is needed.
    static func judge(_ line: [UInt8]) -> Verdict {
        guard let first = line.first, first > 0x20 else { return .code }
        if first >= 0x80 { return .prose }
        if let verdict = judgeMark(line, first) { return verdict }
        guard isLetter(first) else { return .code }
        let word = line.prefix { isLetter($0) || $0 == UInt8(ascii: "'") || $0 >= 0x80 || $0 == UInt8(ascii: "-") }
        guard word.count < line.count else { return word.count > 40 ? .code : .undecided }
        let isKeyword = codeWords.contains(String(decoding: word, as: UTF8.self))
        guard !isKeyword else { return .code }
        var rest = line[word.endIndex...]
        if let mark = rest.first, ".,:!?;".utf8.contains(mark) {
            rest = rest.dropFirst()
            guard let next = rest.first else { return .undecided }
            guard next <= 0x20 else { return .code }
            // A lone word with its mark: `Done.`, `Features:`; but `a;` is a statement.
            if next == 0x0A || next == 0x0D { return mark == UInt8(ascii: ";") ? .code : .prose }
            if mark != UInt8(ascii: ";") { return .prose }
        }
        guard let blank = rest.first, blank == 0x20 || blank == 0x09 else { return .code }
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
        guard let next = rest.first else { return line.count > maximumBytes ? .code : .undecided }
        return isLetter(next) || next >= 0x80 || (next >= UInt8(ascii: "0") && next <= UInt8(ascii: "9"))
            || next == Fence.backtick || rest.starts(with: "**".utf8) ? .prose : .code
    }

    /// Judges a line that begins with a mark of Markdown: a heading, a list, bold words.
    private static func judgeMark(_ line: [UInt8], _ first: UInt8) -> Verdict? {
        let digits = line.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        if !digits.isEmpty {
            guard line.count > digits.count + 1 else { return digits.count > 3 ? .code : .undecided }
            return ".)".utf8.contains(line[digits.count]) && line[digits.count + 1] == 0x20 ? .prose : .code
        }
        switch first {
        case UInt8(ascii: "#"), UInt8(ascii: "-"), UInt8(ascii: "*"):
            let marks = line.prefix { $0 == first }
            guard line.count > marks.count else { return line.count > 40 ? .code : .undecided }
            let behind = line[marks.count]
            if first == UInt8(ascii: "*"), marks.count == 2, behind > 0x20 { return .prose }
            if first == UInt8(ascii: "-"), marks.count == 2, behind > 0x20 { return .code }
            return behind <= 0x20 ? .prose : .code
        default: return nil
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
    }
}
