/// What a whole line of an answer is, outside the file.
enum CodeLine {
    /// A line that opens a block of code.
    struct Opening: Sendable, Equatable {
        var fence: Fence
        /// Whether a language was named.
        var hasLanguage: Bool
        /// Whether the block may be the component, judged by its language.
        var isComponent: Bool
    }

    /// Languages that a component is not written in.
    private static let otherLanguages: Set<String> = [
        "bash", "sh", "shell", "zsh", "console", "terminal", "powershell", "text", "txt", "plaintext", "plain", "json",
        "jsonc",
        "css", "scss", "html", "xml", "svg", "diff", "patch", "markdown", "md", "yaml", "yml", "toml", "python", "py",
        "sql",
        "mermaid",
    ]

    /// The opening that a line holds: at its beginning, or behind prose as in `Here it is: ```tsx`.
    static func opening(_ line: [UInt8]) -> Opening? {
        for mark in [Fence.backtick, Fence.tilde] {
            guard let start = firstRun(of: mark, in: line) else { continue }
            let length = line[start...].prefix { $0 == mark }.count
            let info = line[(start + length)...]
            let isAtBeginning = line[..<start].allSatisfy { $0 <= 0x20 }
            // Marks again behind the info: code within a line, not a block.
            guard isAtBeginning || mark == Fence.backtick, !info.contains(Fence.backtick) else { continue }
            let words = info.split { $0 <= 0x20 }
            // Behind prose only a bare language opens a block.
            guard isAtBeginning || words.count <= 1 else { continue }
            let language = words.first.map { String(decoding: $0, as: UTF8.self).lowercased() }
            return Opening(
                fence: Fence(mark: mark, length: length),
                hasLanguage: language != nil,
                isComponent: language.map { !otherLanguages.contains($0) } ?? true
            )
        }
        return nil
    }

    private static func firstRun(of mark: UInt8, in line: [UInt8]) -> Int? {
        guard line.count >= 3 else { return nil }
        return (0...(line.count - 3)).first { line[$0] == mark && line[$0 + 1] == mark && line[$0 + 2] == mark }
    }

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
