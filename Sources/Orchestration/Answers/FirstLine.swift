/// Judges the first line inside a block: the file's name or a left-over of a fence goes, code stays.
enum FirstLine {
    /// What the line's beginning says.
    enum Verdict { case undecided, drop, keep }

    /// Bytes looked at, at most.
    static let maximumBytes = 200

    private static let labels: Set<String> = ["path", "file", "filename", "filepath", "title", "name"]

    /// Judges a line.
    ///
    /// - Parameter line: so far, without what is dropped of each line of the block; with its end when it is whole.
    /// - Returns: `undecided` as long as more is needed.
    static func judge(_ line: [UInt8]) -> Verdict {
        let isWhole = line.last == 0x0A
        guard line.count <= maximumBytes else { return .keep }
        var text = line.drop { $0 <= 0x20 }
        while let last = text.last, last <= 0x20 { text.removeLast() }
        guard let first = text.first else { return .undecided }
        if text.starts(with: "<!--".utf8) || "<!--".utf8.starts(with: text) { return named(text, isWhole) }
        switch first {
        // `{path=…}`, a heading, a comment of the shell, `**src/App.tsx**`.
        case UInt8(ascii: "{"): return isLabel(text.dropFirst(), isWhole: isWhole) ? named(text, isWhole) : .keep
        case UInt8(ascii: "#"), UInt8(ascii: "*"): return named(text, isWhole)
        case Fence.backtick, Fence.tilde: return .keep
        default: break
        }
        if isWhole, isLanguage(text) { return .drop }
        if text.allSatisfy(SourceName.isNameByte) { return named(text, isWhole) }
        return isLabel(text, isWhole: isWhole) ? named(text, isWhole) : .keep
    }

    private static func named(_ text: ArraySlice<UInt8>, _ isWhole: Bool) -> Verdict {
        guard isWhole else { return .undecided }
        return SourceName.first(in: text) == nil ? .keep : .drop
    }

    private static func isLabel(_ text: ArraySlice<UInt8>, isWhole: Bool) -> Bool {
        let word = text.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "=") }
        let label = String(decoding: word.prefix(12), as: UTF8.self).lowercased()
        guard word.endIndex == text.endIndex else { return labels.contains(label) }
        return !isWhole && labels.contains { $0.hasPrefix(label) }
    }

    private static func isLanguage(_ text: ArraySlice<UInt8>) -> Bool {
        ["tsx", "jsx", "typescript", "javascript", "typescriptreact", "react"]
            .contains(String(decoding: text.prefix(16), as: UTF8.self).lowercased())
    }
}
