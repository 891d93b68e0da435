/// A comment that stands where code should: `// ... existing code`, `{/* rest unchanged */}` and their like.
package struct Elision: Sendable, Equatable {
    /// From 1.
    package var line: Int
    /// From 1, in bytes.
    package var column: Int
    /// The comment as it is written, with its marks.
    package var text: String
}

/// Finds elisions.
package enum Elisions {
    /// Finds the comments of a new version that stand for code of the version before.
    ///
    /// A comment counts when it says nothing else (`ElisionPhrase`), when the version before did not have it, and when, between
    /// the lines around it that both versions have, the version before had more code, of which a line is gone. Linear in both
    /// texts.
    ///
    /// - Parameters:
    ///   - source: the new version.
    ///   - previous: the version before; without one nothing can be elided.
    /// - Returns: in the order of the source.
    package static func find(in source: String, previous: String?) -> [Elision] {
        guard let previous else { return [] }
        let comments = SourceComments.all(in: Array(source.utf8)).filter { ElisionPhrase.matches($0.words) }
        guard !comments.isEmpty else { return [] }
        let lines = comments.filter(\.isAlone).flatMap { $0.line...$0.lastLine }
        let gaps = VersionGaps(new: source, previous: previous, without: Set(lines))
        let earlier = Set(SourceComments.all(in: Array(previous.utf8)).map(\.text))
        return comments.filter { !earlier.contains($0.text) && gaps.isMissingCode(from: $0.line, through: $0.lastLine) }
            .map { Elision(line: $0.line, column: $0.column, text: $0.text) }
    }
}
