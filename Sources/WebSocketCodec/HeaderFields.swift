/// Header fields as bytes compare them: names without case, values as lists of tokens (RFC 9110 §5).
struct HeaderFields {
    private var fields: [(name: String, value: String)]

    /// Keeps the fields in their order, with names in lower case.
    init(_ headers: some Sequence<(name: String, value: String)>) {
        fields = headers.map { (name: Self.lowercased($0.name), value: $0.value) }
    }

    /// The values of all fields with this name, given in lower case, without blanks around them.
    func values(_ name: String) -> [String] {
        fields.filter { $0.name.utf8.elementsEqual(name.utf8) }.map { Self.trim($0.value) }
    }

    /// Whether a comma-separated list holds this word, given in lower case; compared without case.
    func listContains(_ word: String, in name: String) -> Bool {
        values(name).contains { value in
            Self.elements(of: value).contains { Self.lowercased($0).utf8.elementsEqual(word.utf8) }
        }
    }

    /// Whether a body follows the fields (RFC 9112 §6).
    var announcesBody: Bool {
        !values("transfer-encoding").isEmpty || values("content-length").contains { $0 != "0" }
    }

    /// Whether a name is no token, or a value holds CR, LF, NUL or another control but the tab (RFC 9110 §5.5).
    var areMalformed: Bool {
        fields.contains { field in
            !Self.isToken(field.name) || field.value.utf8.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
        }
    }

    /// The elements of a comma-separated list, without blanks around them; empty ones stay.
    static func elements(of value: String) -> [String] {
        value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { trim(String($0) ?? "") }
    }

    /// Whether a text is a token (RFC 9110 §5.6.2).
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// Whether a byte may stand in a token (RFC 9110 §5.6.2).
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// ASCII letters in lower case, every other byte as it is.
    private static func lowercased(_ text: String) -> String {
        String(
            decoding: text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self
        )
    }

    /// Without the blanks and tabs around it (RFC 9110 §5.6.3).
    private static func trim(_ text: String) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let bytes = Array(text.utf8.drop(while: isBlank))
        let count = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? 0
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
