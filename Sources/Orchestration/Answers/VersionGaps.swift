/// Where a new version of a file has less code than the one before.
///
/// Lines that stand once in both versions tell which places belong together.
struct VersionGaps: Sendable {
    /// For each new line, the nearest line of the version before that both have, at or before it; -1 before the first.
    private var before: [Int]
    /// The nearest at or behind it; the count of lines behind the last.
    private var behind: [Int]
    /// The new line that `before` and `behind` speak of.
    private var newBefore: [Int]
    private var newBehind: [Int]
    /// How many lines of code come before each line.
    private var newCode: [Int]
    private var previousCode: [Int]
    /// How many lines of the version before that are gone come before each line.
    private var previousGone: [Int]

    /// Compares two versions.
    ///
    /// - Parameters:
    ///   - new: the new one.
    ///   - previous: the one before.
    ///   - ignored: new lines, from 1, that are no code.
    init(new: String, previous: String, without ignored: Set<Int>) {
        let newLines = Self.lines(of: new)
        let previousLines = Self.lines(of: previous)
        var newPlaces: [Substring: (place: Int, count: Int)] = [:]
        var previousPlaces: [Substring: (place: Int, count: Int)] = [:]
        for (place, line) in newLines.enumerated() where !line.isEmpty {
            newPlaces[line, default: (place, 0)].count += 1
        }
        for (place, line) in previousLines.enumerated() where !line.isEmpty {
            previousPlaces[line, default: (place, 0)].count += 1
        }
        func anchor(_ place: Int) -> Int? {
            let line = newLines[place]
            guard !ignored.contains(place + 1), newPlaces[line]?.count == 1, let found = previousPlaces[line],
                found.count == 1
            else { return nil }
            return found.place
        }
        before = []
        newBefore = []
        var last = (new: -1, previous: -1)
        for place in newLines.indices {
            if let found = anchor(place), found > last.previous { last = (place, found) }
            before.append(last.previous)
            newBefore.append(last.new)
        }
        behind = []
        newBehind = []
        last = (newLines.count, previousLines.count)
        for place in newLines.indices.reversed() {
            if let found = anchor(place), found < last.previous { last = (place, found) }
            behind.append(last.previous)
            newBehind.append(last.new)
        }
        behind.reverse()
        newBehind.reverse()
        newCode = [0]
        for (place, line) in newLines.enumerated() {
            newCode.append(newCode[place] + (Self.isCode(line) && !ignored.contains(place + 1) ? 1 : 0))
        }
        previousCode = [0]
        previousGone = [0]
        for (place, line) in previousLines.enumerated() {
            let isCode = Self.isCode(line)
            previousCode.append(previousCode[place] + (isCode ? 1 : 0))
            previousGone.append(previousGone[place] + (isCode && newPlaces[line] == nil ? 1 : 0))
        }
    }

    /// Whether around some new lines, from 1, the version before had more code, of which a line is gone.
    func isMissingCode(from first: Int, through last: Int) -> Bool {
        guard first >= 1, last <= before.count, first <= last else { return false }
        let start = first > 1 ? before[first - 2] : -1
        let newStart = first > 1 ? newBefore[first - 2] : -1
        let end = last < behind.count ? behind[last] : previousCode.count - 1
        let newEnd = last < newBehind.count ? newBehind[last] : newCode.count - 1
        guard start + 1 < end else { return false }
        let code = previousCode[end] - previousCode[start + 1]
        let gone = previousGone[end] - previousGone[start + 1]
        return gone > 0 && code > newCode[newEnd] - newCode[newStart + 1]
    }

    /// The lines without blanks around.
    private static func lines(of text: String) -> [Substring] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            var line = line.drop { $0 <= 0x20 }
            while let last = line.last, last <= 0x20 { line.removeLast() }
            return Substring(line)
        }
    }

    /// Whether a line without blanks around holds code, and not a comment or closing brackets alone.
    private static func isCode(_ line: Substring) -> Bool {
        guard let first = line.utf8.first else { return false }
        if line.hasPrefix("//") || line.hasPrefix("/*") || line.hasPrefix("{/*") || first == UInt8(ascii: "*") {
            return false
        }
        return !line.utf8.allSatisfy { "{)}];,>/(".utf8.contains($0) }
    }
}
