/// Tells the first line of a file that has no fence from a line of prose.
enum ModuleLine {
    /// Whether a line reads like the beginning of a module.
    static func begins(_ line: [UInt8]) -> Bool {
        guard CodeLine.beginsCode(line) else { return false }
        var text = line[...]
        while let last = text.last, last <= 0x20 { text.removeLast() }
        let isComment = ["//", "/*"].contains { text.drop { $0 <= 0x20 }.starts(with: $0.utf8) }
        // A sentence that begins with code ends like a sentence.
        guard !isComment, let last = text.last else { return isComment }
        return !".!?".utf8.contains(last)
    }
}
