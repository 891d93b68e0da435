/// What an app logged or threw in somebody's browser, as that browser reports it.
package struct ConsoleEntry: Sendable, Hashable {
    /// How much it matters.
    package enum Level: String, Sendable, CaseIterable { case log, warn, error }

    /// Characters of `text`; what is longer is cut.
    package static let maximumTextCharacters = 2_000
    /// Characters of `path`; what is longer is cut.
    package static let maximumPathCharacters = 200
    /// Lines of an app that are published in a second; what comes on top waits, and is then left out.
    package static var linesPerSecond: Int {
        ConsoleBuffer.maximumAtOnce * 1_000 / ConsoleBuffer.interval.milliseconds
    }

    package var level: Level
    package var text: String
    /// The file, where it is known; never empty.
    package var path: String?
    /// From 1, where it is known.
    package var line: Int?

    /// Takes no more of what a browser says than is shown: cuts it, and takes out what no text shows.
    ///
    /// - Returns: `nil` when nothing is left of the text.
    package init?(level: Level, text: String, path: String? = nil, line: Int? = nil) {
        self.text = Self.shown(text, limit: Self.maximumTextCharacters)
        guard !self.text.trimmed.isEmpty else { return nil }
        self.level = level
        self.path = path.map { Self.shown($0, limit: Self.maximumPathCharacters, keepsLines: false) }
        if self.path?.trimmed.isEmpty == true { self.path = nil }
        self.line = line
    }

    /// Without control characters (tab and line feed may stay), and with an ellipsis where it was cut.
    private static func shown(_ text: String, limit: Int, keepsLines: Bool = true) -> String {
        var kept = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            let isLayout = scalar == "\n" || scalar == "\t"
            guard isLayout ? keepsLines : scalar.properties.generalCategory != .control else { continue }
            count += 1
            guard count <= limit else {
                kept.removeLast()
                kept.append("…")
                break
            }
            kept.append(scalar)
        }
        return String(kept)
    }
}

/// One or several equal reports of one person: the event `console`.
struct ConsoleLine: Sendable, Equatable {
    var entry: ConsoleEntry
    var userID: String
    /// How often it came since it was last told of; at least 1.
    var count: Int
}
