/// A tag that models put around a file or around their thoughts, such as `<file path="src/App.tsx">` or `</think>`.
struct WrapperTag: Sendable, Equatable {
    /// In lower case.
    var name: String
    var isClosing: Bool
    /// Whether the tag has attributes that name a file or a kind of content.
    var file: SourceName?
    /// Behind the tag's last byte.
    var end: Int

    /// Tags around thoughts.
    static let thoughts: Set<String> = [
        "think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "antthinking", "analysis",
        "planning", "plan",
    ]

    /// Tags around files, by their names in lower case.
    static let wrappers: Set<String> = [
        "file", "files", "artifact", "artifacts", "antartifact", "boltartifact", "boltaction", "code", "content",
        "answer",
        "response", "output", "result", "write_to_file", "create_file", "write_file", "edit_file", "path", "file_path",
        "lov-write", "lov-code", "dyad-write", "codeproject", "reactproject", "current_file", "document",
        "document_content", "source", "component", "solution", "final", "final_answer", "files_to_create", "codeblock",
        "react_component", "tool_call", "function_call", "new_file", "filecontent", "file_content", "action",
    ]

    /// Bytes of a tag at most.
    static let maximumBytes = 400

    var isThought: Bool { Self.thoughts.contains(name) }
    var isWrapper: Bool { Self.wrappers.contains(name) }

    /// The tag that begins at an index of a line.
    ///
    /// - Returns: `nil` when there is none that ends on the line.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.first == UInt8(ascii: "<") else { return nil }
        let inner = line.dropFirst()
        isClosing = inner.first == UInt8(ascii: "/")
        let text = isClosing ? inner.dropFirst() : inner
        let name = text.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard (2...24).contains(name.count) else { return nil }
        let attributes = text[name.endIndex...].prefix(Self.maximumBytes)
        guard let close = attributes.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        guard
            close == name.endIndex || attributes[name.endIndex] <= 0x20
                || attributes[name.endIndex] == UInt8(ascii: "/")
        else { return nil }
        self.name = Self.plain(String(decoding: name, as: UTF8.self))
        end = close + 1
        let values = attributes[..<close]
        file = SourceName.first(in: values)
        if self.name == "boltaction", file == nil, !isClosing { file = .foreign }
    }

    /// In lower case and without the number that keeps our own tags apart.
    private static func plain(_ name: String) -> String {
        let name = name.lowercased()
        guard let dash = name.lastIndex(of: "-"), name[dash...].dropFirst().allSatisfy(\.isNumber) else { return name }
        return String(name[..<dash])
    }
}
