/// What a whole line of an answer is, outside the file.
enum CodeLine {
    /// Whether a line reads like the beginning of a module and not like prose.
    static func beginsCode(_ line: [UInt8]) -> Bool {
        let text = line.drop { $0 <= 0x20 }
        if ["//", "/*", "'use ", "\"use "].contains(where: { text.starts(with: $0.utf8) }) { return true }
        let words = text.split(omittingEmptySubsequences: true) { $0 <= 0x20 }.prefix(3)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let first = words.first else { return false }
        let second = words.count > 1 ? words[1] : ""
        let third = words.count > 2 ? words[2] : ""
        switch first {
        case "import":
            return ["{", "*", "'", "\""].contains { second.hasPrefix($0) } || second.hasSuffix(",") || third == "from"
                || second == "type"
        case "export":
            return ["{", "*"].contains { second.hasPrefix($0) } || declarations.contains(second) || second == "default"
        case "const", "let", "var":
            return ["{", "["].contains { second.hasPrefix($0) } || second.hasSuffix(":") || third.hasPrefix("=")
        case "function":
            return second.utf8.contains(UInt8(ascii: "(")) || second.utf8.contains(UInt8(ascii: "<"))
                || third.hasPrefix("(")
        case "async": return second == "function"
        case "class", "interface", "enum":
            return ["{", "extends", "implements"].contains(third) || second.hasSuffix("{")
        case "type": return third.hasPrefix("=") || second.hasSuffix(">")
        default: return first.hasPrefix("import{") || first.hasPrefix("import'") || first.hasPrefix("import\"")
        }
    }

    private static let declarations: Set<String> = [
        "const", "let", "var", "function", "async", "class", "interface", "enum", "type", "abstract",
    ]
}
