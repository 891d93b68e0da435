/// Makes text of the service fit for errors, logs and pages: bounded, without characters that could forge a line, without keys.
enum ServiceText {
    /// Cleans a text.
    ///
    /// - Parameters:
    ///   - text: as sent.
    ///   - secrets: what is replaced by `***`, as is everything that looks like a key of the service.
    /// - Returns: printable text of at most 500 characters.
    static func clean(_ text: String, hiding secrets: [Secret] = []) -> String {
        var result = String.UnicodeScalarView()
        for scalar in hide(secrets, in: text).unicodeScalars.prefix(500) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Shorter secrets are words of any text, and no service has such keys.
    private static let shortestSecret = 8

    private static func hide(_ secrets: [Secret], in text: String) -> String {
        var text = text
        for secret in secrets where secret.reveal().utf8.count >= shortestSecret {
            text = text.replacing(secret.reveal(), with: "***")
        }
        guard text.contains("sk-ant-") else { return text }
        return text.split(separator: "sk-ant-", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset == 0 ? String($0.element) : "***" + $0.element.drop(while: isKeyCharacter) }.joined()
    }

    private static func isKeyCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
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
