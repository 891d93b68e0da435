internal import Orchestration

/// What an app logged or threw in the caller's browser: `app.console`.
struct ConsoleArguments: Decodable, Sendable {
    /// One line of a browser's console.
    struct Entry: Decodable, Sendable {
        var level: String
        var text: String
        var path: String?
        var line: Int?
    }

    /// Entries of a call.
    static let limits = 1...50
    /// Calls of a client a second.
    static let perSecond = 10
    /// Line numbers of files.
    static let lines = 1...10_000_000

    var entries: [Entry]

    /// The entries, as far as something is left of their texts.
    ///
    /// - Throws: 422.
    func checked() throws(APIError) -> [ConsoleEntry] {
        guard Self.limits.contains(entries.count) else { throw .outOfRange("entries", Self.limits) }
        var checked: [ConsoleEntry] = []
        for entry in entries {
            guard let level = ConsoleEntry.Level(rawValue: entry.level) else {
                throw .notOneOf("level", ConsoleEntry.Level.allCases.map(\.rawValue))
            }
            if let line = entry.line, !Self.lines.contains(line) { throw .outOfRange("line", Self.lines) }
            if let entry = ConsoleEntry(level: level, text: entry.text, path: entry.path, line: entry.line) {
                checked.append(entry)
            }
        }
        return checked
    }
}
