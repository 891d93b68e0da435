/// Titles that people give.
enum Title {
    private static let copyWords = "Copy of "

    /// A title of one line, without the white space at its ends.
    ///
    /// - Parameters:
    ///   - text: as somebody wrote it.
    ///   - limit: characters at most (Unicode scalars).
    /// - Returns: 1 to `limit` characters of which something can be seen.
    /// - Throws: `OrchestrationError` otherwise, and for control characters and line ends.
    static func checked(_ text: String, limit: Int) throws(OrchestrationError) -> String {
        let title = text.trimmed
        guard !title.unicodeScalars.contains(where: isControl) else { throw .titleNotOneLine }
        guard title.unicodeScalars.contains(where: isVisible) else { throw .titleEmpty }
        guard title.unicodeScalars.count <= limit else { throw .titleTooLong(limit: limit) }
        return title
    }

    /// The title of a copy; the copy of a copy is called as that.
    static func copy(of title: String, limit: Int) -> String {
        guard !title.utf8.starts(with: copyWords.utf8) else { return title }
        let scalars = (copyWords + title).unicodeScalars.prefix(limit)
        return String(String.UnicodeScalarView(scalars)).trimmed
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format, .control, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned, .surrogate: false
        default: true
        }
    }
}
