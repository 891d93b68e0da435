/// Makes an app's first title from its first prompt.
package enum TitleMaker {
    /// Characters of a title at most.
    package static let maximumCharacters = 60

    /// Unicode scalars of one character at most; more are marks piled up to overflow a line.
    private static let maximumScalars = 12

    /// A short title of one line: what is to be made, without the asking around it.
    ///
    /// - Returns: 1 to 60 characters without control and direction marks, the first letter upper-case, no punctuation at the end;
    ///   `Untitled app` when the prompt holds nothing to show.
    package static func title(from prompt: String) -> String {
        let words = PromptWords.firstSentence(of: clean(prompt))
        let title = finished(PromptWords.withoutAsking(words))
        if !title.isEmpty { return title }
        let whole = finished(words)
        return whole.isEmpty ? "Untitled app" : whole
    }

    /// Drops what cannot be seen or would change the direction of the text around; line ends stay.
    private static func clean(_ prompt: String) -> String {
        var result = String.UnicodeScalarView()
        // A title needs no more than the beginning.
        for scalar in prompt.unicodeScalars.prefix(4_000) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
                result.append(scalar == "\t" ? " " : "\n")
            case .format:
                // The joiner inside an emoji.
                let joins = result.last.map { $0.properties.isEmoji && $0.value > 0xFF || $0 == "\u{FE0F}" } ?? false
                if scalar == "\u{200D}", joins { result.append(scalar) }
            case .privateUse, .surrogate, .unassigned: break
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static func finished(_ words: [Substring]) -> String {
        var title = ""
        var count = 0
        for word in words {
            let short = String(
                word.map { $0.unicodeScalars.count > maximumScalars ? bounded($0) : String($0) }.joined()
            )
            let room = maximumCharacters - count - (title.isEmpty ? 0 : 1)
            guard short.count <= room else {
                if title.isEmpty { title = String(short.prefix(room)) }
                break
            }
            title += title.isEmpty ? short : " " + short
            count = title.count
        }
        while let last = title.last, last == " " || isLoosePunctuation(last) { title.removeLast() }
        guard let first = title.first else { return "" }
        let upper = String(first).uppercased()
        // Where the upper-case form is longer, as of ß, the small letter stays.
        return (upper.count == 1 ? upper : String(first)) + title.dropFirst()
    }

    private static func bounded(_ character: Character) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: character.unicodeScalars.prefix(maximumScalars))
        return String(scalars)
    }

    /// Punctuation that ends a sentence or leaves it open; `C#`, `50%` and closing brackets stay.
    private static func isLoosePunctuation(_ character: Character) -> Bool {
        character.isPunctuation && !")]}%#\"'”’»".contains(character)
    }
}
