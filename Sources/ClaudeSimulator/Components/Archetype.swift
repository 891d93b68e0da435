/// A component that the simulator has rehearsed: what it is, which wishes it answers and its source.
struct Archetype: Sendable {
    /// A short name, unique in the library.
    let name: String
    /// What it is, with an article: "a countdown timer".
    let noun: String
    /// What it does, for the chat: a clause behind "with".
    let detail: String
    /// Words and phrases that ask for it, lower case; a trailing `*` matches the beginning of a word.
    let keywords: [String]
    /// The grounds that suit it.
    let grounds: [Look.Ground]
    /// Values that depend on the wish, by placeholder name; each is a TypeScript literal.
    var values: @Sendable (Words) -> [String: String] = { _ in [:] }
    /// TypeScript with the placeholders `__TITLE__` (a literal), `__THEME__` (the theme block) and those of `values`.
    let source: String

    /// A title for wishes that name none: the noun without its article.
    var title: String {
        let words = noun.split(separator: " ").dropFirst()
        return words.joined(separator: " ").prefix(1).uppercased() + words.joined(separator: " ").dropFirst()
    }

    /// How well the wish fits: 0 for not at all, more for longer phrases and for those that come earlier.
    func fit(_ words: Words) -> Int {
        var best = 0
        for phrase in keywords where words.contains(phrase) {
            let stem = phrase.utf8.last == UInt8(ascii: "*") ? String(phrase.dropLast()) : phrase + " "
            guard let place = words.text.byteRange(of: " " + stem)?.lowerBound else { continue }
            let before = words.text.utf8[..<place].count { $0 == 0x20 }
            let length = phrase.utf8.count { $0 == 0x20 } + 1
            best = max(best, 40 + 12 * length - min(before, 40))
        }
        return best
    }

    /// The component's source for a wish.
    func render(title: String, words: Words, look: Look) -> String {
        var texts = values(words)
        texts["TITLE"] = Literal.string(title)
        texts["THEME"] = look.themeBlock.trimmed
        // In one pass, so that a placeholder's name in a text stays what it is.
        var code = ""
        var start = source.startIndex
        while let opening = source.byteRange(of: "__", from: start),
            let closing = source.byteRange(of: "__", from: opening.upperBound)
        {
            code += source[start..<opening.lowerBound]
            code += texts[String(source[opening.upperBound..<closing.lowerBound])] ?? ""
            start = closing.upperBound
        }
        return code + source[start...] + "\n"
    }
}
