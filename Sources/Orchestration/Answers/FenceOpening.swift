/// A line that opens a block of code: its fence, what its language says, and what stands before it on each line of the block.
struct FenceOpening: Sendable, Equatable {
    /// What a block may be, judged by its language.
    enum Kind: Sendable, Equatable {
        case component
        /// No language was named.
        case bare
        /// A document, which may hold blocks itself.
        case document
        case foreign
        /// A language nobody knows here.
        case unknown
    }

    var fence: Fence
    var kind: Kind
    /// As it was named, in lower case; empty when none was.
    var language = ""
    /// The file's name in the info string.
    var name: SourceName?
    /// Blanks before the fence, which each line of the block may have too.
    var indentation = 0
    /// Whether the block is in a quote: each of its lines begins with `>`.
    var isQuoted = false
    /// Code that follows the marks at once, without a line end between.
    var codeStart: Int?

    private static let componentLanguages: Set<String> = [
        "tsx", "jsx", "ts", "js", "mjs", "cjs", "mts", "cts", "typescript", "javascript", "react", "reactjs", "es6",
        "typescriptreact", "javascriptreact", "react-tsx", "react-jsx", "typescript-react", "javascript-react",
        "typescript+jsx", "ecmascript", "babel", "component", "code", "next", "nextjs",
    ]
    private static let documentLanguages: Set<String> = ["markdown", "md", "mdx", "text", "txt", "plaintext", "plain"]
    private static let foreignLanguages: Set<String> = [
        "bash", "sh", "shell", "zsh", "console", "terminal", "powershell", "cmd", "json", "jsonc", "json5", "css",
        "scss",
        "less", "sass", "html", "xml", "svg", "diff", "patch", "yaml", "yml", "toml", "ini", "python", "py", "sql",
        "mermaid", "tree", "vue", "svelte", "php", "ruby", "go", "rust", "java", "swift", "c", "cpp", "csharp",
        "kotlin",
        "graphql", "dockerfile", "http", "log", "output", "env", "csv", "ascii", "regex", "latex", "math",
    ]

    /// The opening that a whole line holds: at its beginning, or behind prose as in `Here it is: ```tsx`.
    init?(_ line: some RandomAccessCollection<UInt8>) {
        guard line.contains(where: { $0 == Fence.backtick || $0 == Fence.tilde }) else { return nil }
        let line = Array(line)
        guard let (start, mark) = Self.firstRun(in: line) else { return nil }
        let length = line[start...].prefix { $0 == mark }.count
        let info = line[(start + length)...]
        // Marks again behind a fence of backticks: code within a line, not a block.
        guard mark == Fence.tilde || !info.contains(Fence.backtick) else { return nil }
        fence = Fence(mark: mark, length: length)
        kind = .bare
        let isAtBeginning = readPrefix(line[..<start])
        guard isAtBeginning || mark == Fence.backtick else { return nil }
        readInfo(info)
        guard isAtBeginning else {
            // Behind prose only a language that is known, or none, opens a block.
            guard kind != .unknown, codeStart == nil, info.split(whereSeparator: { $0 <= 0x20 }).count <= 1 else {
                return nil
            }
            return
        }
    }

    /// Whether a language or a file was named that is known.
    var isNamed: Bool { kind != .bare && kind != .unknown }

    private static func firstRun(in line: [UInt8]) -> (start: Int, mark: UInt8)? {
        guard line.count >= 3 else { return nil }
        for index in 0...(line.count - 3) where line[index] == Fence.backtick || line[index] == Fence.tilde {
            if line[index + 1] == line[index], line[index + 2] == line[index] { return (index, line[index]) }
        }
        return nil
    }

    /// Reads what stands before the marks: blanks, a quote's mark, a list's mark.
    ///
    /// - Returns: whether there is nothing else.
    private mutating func readPrefix(_ prefix: ArraySlice<UInt8>) -> Bool {
        let text = prefix.drop { $0 <= 0x20 }
        guard let first = text.first else {
            indentation = prefix.count
            return true
        }
        var rest = text.dropFirst()
        if first == UInt8(ascii: ">") {
            isQuoted = true
        } else if !"-*+".utf8.contains(first) {
            let digits = text.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            rest = text.dropFirst(digits.count)
            guard (1...3).contains(digits.count), let mark = rest.first, ".)".utf8.contains(mark) else { return false }
            rest = rest.dropFirst()
        }
        guard rest.allSatisfy({ $0 <= 0x20 }), isQuoted || !rest.isEmpty else { return false }
        indentation = isQuoted ? max(0, rest.count - 1) : prefix.count
        return true
    }

    private mutating func readInfo(_ info: ArraySlice<UInt8>) {
        let text = info.drop { $0 <= 0x20 }
        name = SourceName.first(in: text)
        let word = text.drop { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: ".") }
            .prefix { byte in byte > 0x20 && !"{}:,;=(\"'<#".utf8.contains(byte) }
        language = String(decoding: word.prefix(40), as: UTF8.self).lowercased()
        if language.isEmpty {
            kind = text.first == UInt8(ascii: "{") || name == nil ? .bare : .component
        } else if Self.componentLanguages.contains(language) {
            kind = .component
        } else if Self.documentLanguages.contains(language) {
            kind = .document
        } else if Self.foreignLanguages.contains(language) {
            kind = .foreign
        } else if name != nil {
            kind = .component
        } else {
            kind = .unknown
        }
        if name == .foreign, kind != .document { kind = .foreign }
        if kind == .unknown, CodeLine.beginsCode(Array(text.prefix(200))) {
            kind = .component
            codeStart = text.startIndex
        }
        if kind == .component, codeStart == nil {
            let behind = text.dropFirst(word.count).drop { $0 <= 0x20 }
            if ["import ", "export ", "'use client'", "\"use client\"", "// "].contains(where: {
                behind.starts(with: $0.utf8)
            }),
                name == nil || !behind.starts(with: "//".utf8)
            {
                codeStart = behind.startIndex
            }
        }
    }
}
