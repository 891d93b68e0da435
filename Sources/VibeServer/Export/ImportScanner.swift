/// Finds the packages that a module imports, without parsing it.
///
/// Comments are left out; a name between quotes is taken for an import only behind `from`, `import` or `require(`. Templates
/// are read as code, for a name too many does no harm: the caller keeps those of packages that exist.
enum ImportScanner {
    /// The names between quotes that follow an import's word, each once, in their order.
    static func names(in source: String) -> [String] {
        let bytes = Array(source.utf8)
        var found: [String] = []
        var index = 0
        /// The last word before the byte at hand, with nothing but white space and one bracket between.
        var word: ArraySlice<UInt8> = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == slash, let end = endOfComment(bytes, index) {
                index = end
            } else if isQuote(byte) {
                let end = endOfString(bytes, index)
                if isImport(word) {
                    let name = String(decoding: bytes[(index + 1)..<max(index + 1, end - 1)], as: UTF8.self)
                    if !found.contains(name) { found.append(name) }
                }
                word = []
                index = end
            } else if isWord(byte) {
                let end = bytes[index...].firstIndex { !isWord($0) } ?? bytes.endIndex
                word = bytes[index..<end]
                index = end
            } else {
                if !isSpace(byte), byte != UInt8(ascii: "(") { word = [] }
                index += 1
            }
        }
        return found
    }

    /// The package of an import's name: `katex` of `katex/dist/katex.min.css`, `@a/b` of `@a/b/c`; `nil` for a file.
    static func package(of name: String) -> String? {
        let parts = name.utf8.split(separator: slash, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.isEmpty, first.first != UInt8(ascii: ".") else { return nil }
        let count = first.first == UInt8(ascii: "@") ? 2 : 1
        guard parts.count >= count else { return nil }
        return parts.prefix(count).map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }

    private static let slash = UInt8(ascii: "/")

    private static func isImport(_ word: ArraySlice<UInt8>) -> Bool {
        ["from", "import", "require"].contains { word.elementsEqual($0.utf8) }
    }

    private static func endOfComment(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard start + 1 < bytes.count else { return nil }
        if bytes[start + 1] == slash {
            return bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.endIndex
        }
        guard bytes[start + 1] == UInt8(ascii: "*") else { return nil }
        var index = start + 2
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == slash { return index + 2 }
            index += 1
        }
        return bytes.endIndex
    }

    /// Behind the closing quote; a plain string ends with its line, as in the text of an element (`it's`).
    private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int {
        let quote = bytes[start]
        var index = start + 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                index += 2
                continue
            }
            if byte == quote { return index + 1 }
            if byte == 0x0A { return index }
            index += 1
        }
        return bytes.endIndex
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: byte >= 0x80
        }
    }
}
