/// What a file's name says about being the component.
enum SourceName: Sendable, Equatable {
    /// It may be: no name, the name asked for, `App.tsx` and the like.
    case component
    /// Another source file beside it, such as `src/components/Button.tsx`.
    case other
    /// No component: a configuration, a test, a declaration, another language.
    case foreign

    static let componentExtensions: Set<String> = ["tsx", "jsx", "ts", "js", "mjs", "cjs", "mts", "cts"]

    private static let foreignExtensions: Set<String> = [
        "css", "scss", "less", "sass", "json", "jsonc", "html", "htm", "md", "mdx", "sh", "bash", "yml", "yaml", "toml",
        "txt", "env", "svg", "py", "vue", "svelte", "sql", "xml", "lock", "dockerfile",
    ]

    /// The name of a file in a piece of text, such as `src/App.tsx`.
    ///
    /// - Returns: `nil` when the piece is no file's name.
    init?(_ piece: some Collection<UInt8>) {
        guard (3...200).contains(piece.count), piece.allSatisfy(Self.isNameByte) else { return nil }
        let name = String(decoding: piece, as: UTF8.self).lowercased()
        let base = name.split(separator: "/").last.map(String.init) ?? name
        let parts = base.split(separator: ".", omittingEmptySubsequences: false)
        guard let suffix = parts.last.map(String.init), parts.count > 1, parts.first?.isEmpty == false else {
            return nil
        }
        guard Self.componentExtensions.contains(suffix) else {
            guard Self.foreignExtensions.contains(suffix) else { return nil }
            self = .foreign
            return
        }
        if parts.contains(where: { ["config", "d", "test", "spec", "stories"].contains($0) }) {
            self = .foreign
        } else {
            self = ["llmcomponent", "app", "page", "index"].contains(parts.first ?? "") ? .component : .other
        }
    }

    /// Whether a byte may stand in a file's name.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: "_-./@\\[]".utf8.contains(byte)
        }
    }

    /// The first file's name among the words of a line.
    ///
    /// - Parameter line: an info string, a comment, a heading.
    /// - Returns: `nil` when there is none.
    static func first(in line: some Collection<UInt8>) -> SourceName? {
        for piece in line.prefix(512).split(whereSeparator: { !isNameByte($0) }) {
            if let name = SourceName(piece) { return name }
        }
        return nil
    }
}
