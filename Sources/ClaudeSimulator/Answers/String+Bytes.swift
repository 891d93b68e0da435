/// Searching by UTF-8 bytes, so that a combining mark or a CR LF beside a match cannot hide it.
extension String {
    /// The first place of `needle`, from `start` on; `nil` when it is empty or not there.
    func byteRange(of needle: String, from start: Index? = nil) -> Range<Index>? {
        let first = start.map { utf8.distance(from: startIndex, to: $0) } ?? 0
        let pattern = Array(needle.utf8)
        let found =
            utf8.withContiguousStorageIfAvailable { Self.offset(of: pattern, in: $0, from: first) }
            ?? Array(utf8).withUnsafeBufferPointer { Self.offset(of: pattern, in: $0, from: first) }
        guard let found else { return nil }
        let lower = utf8.index(startIndex, offsetBy: found)
        return lower..<utf8.index(lower, offsetBy: pattern.count)
    }

    private static func offset(of pattern: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let first = pattern.first, bytes.count - start >= pattern.count else { return nil }
        for offset in start...(bytes.count - pattern.count) where bytes[offset] == first {
            var length = 1
            while length < pattern.count, bytes[offset + length] == pattern[length] { length += 1 }
            if length == pattern.count { return offset }
        }
        return nil
    }

    /// The last place of `needle` that ends at or before `end`.
    func lastByteRange(of needle: String, before end: Index? = nil) -> Range<Index>? {
        var last: Range<Index>?
        var start = startIndex
        while let found = byteRange(of: needle, from: start), found.upperBound <= end ?? endIndex {
            last = found
            start = found.upperBound
        }
        return last
    }

    /// Whether `needle` is in the text.
    func hasBytes(_ needle: String) -> Bool {
        byteRange(of: needle) != nil
    }

    /// The text between the first `opening` and the next `closing` behind it.
    func between(_ opening: String, _ closing: String) -> Substring? {
        guard let start = byteRange(of: opening)?.upperBound, let end = byteRange(of: closing, from: start) else {
            return nil
        }
        return self[start..<end.lowerBound]
    }

    /// The text with the first `needle` replaced; `nil` when it is not there.
    func replacingFirst(_ needle: String, with replacement: String) -> String? {
        guard let range = byteRange(of: needle) else { return nil }
        return self[..<range.lowerBound] + replacement + self[range.upperBound...]
    }

    /// The text with every `needle` replaced.
    func replacingAll(_ needle: String, with replacement: String) -> String {
        var result = ""
        var start = startIndex
        while let found = byteRange(of: needle, from: start) {
            result += self[start..<found.lowerBound]
            result += replacement
            start = found.upperBound
        }
        return result + self[start...]
    }

    /// The text without spaces, tabs and line ends on both sides.
    var trimmed: String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (9...13).contains($0) }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }),
            let last = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }
}
