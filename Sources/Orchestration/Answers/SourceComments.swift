/// A comment of a source text.
struct SourceComment: Sendable, Equatable {
    /// From 1, as all places here.
    var line: Int
    var column: Int
    var lastLine: Int
    /// With its marks.
    var text: String
    /// Whether there is nothing else on its lines but the braces around it.
    var isAlone: Bool

    /// What it says: without its marks and the stars at its lines' beginnings.
    var words: String {
        var rest = text[...]
        for mark in ["//", "/*", "<!--"] where rest.hasPrefix(mark) { rest = rest.dropFirst(mark.count) }
        for mark in ["*/", "-->"] where rest.hasSuffix(mark) { rest = rest.dropLast(mark.count) }
        return rest.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0.isWhitespace || $0 == "*" || $0 == "/" || $0 == "#" }
        }.joined(separator: " ")
    }
}

/// Finds the comments of TypeScript with JSX.
enum SourceComments {
    /// Bytes of a comment that is kept; a longer one says more than that something is left out.
    static let maximumBytes = 400

    /// All comments, but for those that are longer than `maximumBytes`.
    static func all(in source: [UInt8]) -> [SourceComment] {
        var comments: [SourceComment] = []
        var scanner = SourceScanner()
        var line = 1
        var lineStart = 0
        var start: (index: Int, line: Int, column: Int)?
        func end(at index: Int) {
            guard let begun = start else { return }
            start = nil
            guard index - begun.index <= maximumBytes else { return }
            var bytes = source[begun.index..<index]
            while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
            let before = source[..<begun.index].suffix(begun.column - 1)
            let behind = source[bytes.endIndex...].prefix(maximumBytes).prefix { $0 != 0x0A }
            let isAlone =
                before.allSatisfy { $0 <= 0x20 || $0 == UInt8(ascii: "{") }
                && behind.allSatisfy { $0 <= 0x20 || $0 == UInt8(ascii: "}") }
            comments.append(
                SourceComment(
                    line: begun.line,
                    column: begun.column,
                    lastLine: line,
                    text: String(decoding: bytes, as: UTF8.self),
                    isAlone: isAlone
                )
            )
        }
        for index in source.indices {
            let byte = source[index]
            let wasComment = scanner.isInComment
            scanner.take(byte)
            if !wasComment, scanner.isInComment {
                start = (index - 1, line, index - lineStart)
            } else if wasComment, !scanner.isInComment {
                // The end of a line is not the comment's.
                end(at: byte == 0x0A ? index : index + 1)
            } else if start == nil, byte == UInt8(ascii: "!"), source[index...].starts(with: "!--".utf8), index > 0,
                source[index - 1] == UInt8(ascii: "<")
            {
                // A comment of HTML, which no scanner of TypeScript knows.
                let rest = source[(index - 1)...].prefix(maximumBytes).prefix { $0 != 0x0A }
                guard let close = rest.lastIndex(of: UInt8(ascii: ">")) else { continue }
                start = (index - 1, line, index - lineStart)
                end(at: close + 1)
            }
            guard byte == 0x0A else { continue }
            line += 1
            lineStart = index + 1
        }
        end(at: source.count)
        return comments
    }
}

extension SourceScanner {
    /// Whether the next byte belongs to a comment.
    var isInComment: Bool {
        switch state {
        case .lineComment, .blockComment: true
        default: false
        }
    }
}
