/// The words of a prompt: what is asked for, apart from the asking.
enum PromptWords {
    /// The words of the first sentence that has any.
    static func firstSentence(of text: String) -> [Substring] {
        for line in text.split(whereSeparator: \.isNewline) {
            var words: [Substring] = []
            for word in line.split(whereSeparator: \.isWhitespace) {
                words.append(word)
                let endsSentence = word.last.map { ".!?。！？".contains($0) } ?? false
                // `Hi!` and `Please.` are no sentences.
                if endsSentence, !withoutAsking(words).isEmpty, words.count > 1 { break }
            }
            if words.contains(where: { $0.contains { $0.isLetter || $0.isNumber || $0.isSymbol } }) { return words }
        }
        return []
    }

    /// Drops `Please`, `make me a`, `create an app that` and the like from the beginning.
    static func withoutAsking(_ words: [Substring]) -> [Substring] {
        var rest = words[...]
        while let phrase = phrases.first(where: { begins(rest, with: $0) }) { rest = rest.dropFirst(phrase.count) }
        let isAsked = rest.count < words.count || verbs.contains(plain(rest.first))
        if isAsked, verbs.contains(plain(rest.first)) {
            rest = rest.dropFirst()
            if ["me", "us"].contains(plain(rest.first)) { rest = rest.dropFirst() }
        }
        if isAsked, articles.contains(plain(rest.first)) { rest = rest.dropFirst() }
        guard isAsked else { return Array(rest) }
        return Array(withoutKind(rest))
    }

    /// Drops `simple web app that` and the like: a kind of thing with a word behind it that leads to what it does.
    private static func withoutKind(_ words: ArraySlice<Substring>) -> ArraySlice<Substring> {
        var rest = words
        while adjectives.contains(plain(rest.first)) { rest = rest.dropFirst() }
        guard kinds.contains(plain(rest.first)) else { return words }
        rest = rest.dropFirst()
        guard links.contains(plain(rest.first)) else { return words }
        rest = rest.dropFirst()
        while articles.contains(plain(rest.first)) { rest = rest.dropFirst() }
        return rest.isEmpty ? words : rest
    }

    private static func begins(_ words: ArraySlice<Substring>, with phrase: [String]) -> Bool {
        words.count >= phrase.count && zip(words, phrase).allSatisfy { plain($0) == $1 }
    }

    /// In lower case, without a comma or the like behind it and with a plain apostrophe.
    private static func plain(_ word: Substring?) -> String {
        guard let word, word.utf8.count <= 32 else { return "" }
        var letters = word.lowercased().map { $0 == "’" ? "'" : $0 }
        while let last = letters.last, ",.!:;?".contains(last) { letters.removeLast() }
        return String(letters)
    }

    private static let phrases: [[String]] = [
        "please", "hi", "hey", "hello", "hi there", "claude", "so", "ok", "okay", "can you", "could you", "would you",
        "will you",
        "can we", "i want you to", "i'd like you to", "i would like you to", "i want to", "i'd like to",
        "i would like to",
        "i want", "i'd like", "i would like", "i need you to", "i need to", "i need", "we need", "we want", "let's",
        "lets",
        "help me", "kindly",
    ].map { $0.split(separator: " ").map(String.init) }.sorted { $0.count > $1.count }

    private static let verbs: Set<String> = [
        "make", "build", "create", "write", "generate", "design", "develop", "code", "implement", "program", "give",
        "show",
        "draw", "produce",
    ]
    private static let articles: Set<String> = ["a", "an", "the", "some", "my", "our"]
    private static let adjectives: Set<String> = [
        "simple", "small", "little", "basic", "single-page", "react", "web", "mobile", "interactive", "new", "tiny",
        "one-page",
    ]
    private static let kinds: Set<String> = [
        "app", "application", "website", "site", "webpage", "page", "webapp", "component", "program", "tool", "ui",
        "thing",
        "something",
    ]
    private static let links: Set<String> = [
        "that", "which", "for", "to", "where", "of", "about", "called", "named", "with",
    ]
}
