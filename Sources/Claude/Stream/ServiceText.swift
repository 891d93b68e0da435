/// Makes text of the service fit for errors and logs: bounded, and without characters that could forge a log line.
enum ServiceText {
    /// Printable text of at most 500 characters.
    static func clean(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(500) {
            let isControl =
                scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
            result.append(isControl ? " " : scalar)
        }
        return String(result)
    }

    /// An identifier of at most 64 letters, digits, `_`, `-` and `.`; `nil` for anything else.
    static func identifier(_ text: String?) -> String? {
        guard let text, (1...64).contains(text.utf8.count) else { return nil }
        let isClean = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isClean ? text : nil
    }
}
