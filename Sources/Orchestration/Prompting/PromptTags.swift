/// Tags around what comes from people, which it cannot close.
///
/// Names are plain as long as no text holds one of their closing tags, and get a number otherwise: texts go through unchanged.
struct PromptTags {
    private let suffix: String

    private static let names = ["conversation", "turn", "current_file", "failed_answer", "errors", "request"]

    /// - Parameter texts: all that will stand between tags.
    init(for texts: [String]) {
        var number = 1
        var suffix = ""
        while texts.contains(where: { Self.closes($0, suffix) }) {
            number += 1
            suffix = "-\(number)"
        }
        self.suffix = suffix
    }

    /// The text on lines of its own between tags.
    ///
    /// - Parameters:
    ///   - name: one of the names known here.
    ///   - text: given to `init` before.
    ///   - attributes: as they stand in the tag; ours, never a person's.
    /// - Returns: three or more lines, without a line end behind them.
    func around(_ name: String, _ text: String, attributes: String = "") -> String {
        "<\(name)\(suffix)\(attributes.isEmpty ? "" : " " + attributes)>\n\(text)\n</\(name)\(suffix)>"
    }

    /// Compares bytes: a mark that combines with the bracket would hide it from a comparison of characters.
    private static func closes(_ text: String, _ suffix: String) -> Bool {
        names.contains { text.utf8.contains("</\($0)\(suffix)".utf8) }
    }
}
