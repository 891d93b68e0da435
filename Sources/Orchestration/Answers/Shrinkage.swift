/// Tells whether a new version lost more than anybody asked for.
package enum Shrinkage {
    /// Lines of the version before up to which nothing is suspicious.
    package static let smallestFile = 40

    /// Whether a new version drops more than half of the lines, and the prompt does not ask for that.
    ///
    /// - Parameters:
    ///   - new: the new version.
    ///   - previous: the version before.
    ///   - prompt: what was asked for, in any language.
    /// - Returns: whether somebody should be asked.
    package static func isSuspicious(new: String, previous: String, prompt: String) -> Bool {
        let before = lines(of: previous)
        guard before > smallestFile, lines(of: new) * 2 < before else { return false }
        return !RemovalRequest.isMeant(by: prompt)
    }

    private static func lines(of text: String) -> Int {
        let ends = text.utf8.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        return ends + (text.utf8.last.map { $0 == 0x0A ? 0 : 1 } ?? 0)
    }
}
