/// A text as lower-case words, for looking up keywords.
struct Words: Sendable, Equatable {
    /// The words with one space before and after each; apostrophes are dropped, other marks separate.
    let text: String

    /// Reads at most the first 4,096 scalars.
    init(_ source: some StringProtocol) {
        var text = " "
        for scalar in source.lowercased().unicodeScalars.prefix(4096) {
            if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "#" {
                text.unicodeScalars.append(scalar)
            } else if scalar == "'" || scalar == "\u{2019}" {
                continue
            } else if text.utf8.last != 0x20 {
                text.append(" ")
            }
        }
        if text.utf8.last != 0x20 { text.append(" ") }
        self.text = text
    }

    /// Whether the phrase is there as whole words; a phrase that ends in `*` matches the beginning of a word.
    func contains(_ phrase: String) -> Bool {
        if phrase.utf8.last == UInt8(ascii: "*") { return text.hasBytes(" " + phrase.dropLast()) }
        return text.hasBytes(" " + phrase + " ")
    }

    /// Whether one of the phrases is there.
    func containsAny(_ phrases: [String]) -> Bool {
        phrases.contains(where: contains)
    }

    /// The single words.
    var list: [Substring] { text.split(separator: " ") }
}
