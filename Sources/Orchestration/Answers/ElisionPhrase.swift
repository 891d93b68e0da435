/// Knows the words by which models say that they leave code out.
enum ElisionPhrase {
    /// Words of such a comment at most.
    private static let maximumWords = 12

    /// Whether a comment says nothing but that something is left out.
    static func matches(_ comment: String) -> Bool {
        guard comment.utf8.count <= 240 else { return false }
        let text = comment.lowercased()
        let hasDots = text.contains("...") || text.contains("…")
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }
        guard !words.isEmpty else { return hasDots }
        guard words.count <= maximumWords else { return false }
        let plain = words.joined(separator: " ")
        if phrasesWithoutBlanks.contains(where: plain.contains) { return true }
        // Dots at the beginning or at the end, and any word that speaks of what was there.
        if hasDots, startsOrEndsWithDots(text) {
            return words.contains { keys.contains(String($0)) } || beginnings.contains { starts(plain, with: $0) }
        }
        if wholes.contains(plain) { return true }
        // `existing footer`, `[existing helpers]`.
        if words.count <= 3, words[0] == "existing" { return true }
        if beginnings.contains(where: { starts(plain, with: $0) }) { return words.count <= 9 }
        return endings.contains { plain == $0 || plain.hasSuffix(" " + $0) } && words.count <= 9
    }

    private static func starts(_ text: String, with phrase: String) -> Bool {
        text == phrase || text.hasPrefix(phrase + " ")
    }

    private static func startsOrEndsWithDots(_ text: String) -> Bool {
        let marks = text.filter { !$0.isWhitespace && !"()[]{}<>-–—".contains($0) }
        return ["...", "…"].contains { marks.hasPrefix($0) || marks.hasSuffix($0) }
    }

    /// Words beside dots that speak of what was there before.
    private static let keys: Set<String> = [
        "existing", "rest", "remaining", "remain", "remains", "unchanged", "same", "previous", "other", "others",
        "omitted",
        "original", "earlier", "keep", "kept", "before", "above", "etc", "more", "continue", "continues", "continued",
        "unmodified", "untouched", "truncated", "snip", "code", "everything", "skipped", "abbreviated",
        "bestehender", "bestehend", "vorhandener", "restlicher", "übrige", "übriger", "weitere", "unverändert",
        "gleich",
        "existant", "reste", "inchangé", "inchangée", "inchangés", "autres", "suite", "identique",
        "existente", "resto", "igual", "demás", "otros", "cambios", "invariato", "inalterado", "restante",
    ]

    /// How such a comment begins, where it has no dots.
    private static let beginnings: [String] = [
        "rest of", "the rest of", "the rest stays", "the rest remains", "the rest is", "rest stays", "rest remains",
        "rest is the same", "rest is unchanged", "rest unchanged", "keep the rest", "keep rest", "keep existing",
        "keep all existing", "keep all other", "keep other", "keep your existing", "keep everything else",
        "keep the existing", "keep the same",
        "remaining code", "remaining component", "remaining functions", "remaining jsx", "remaining handlers",
        "same as before", "same as above", "same as original", "same as previous", "same code as", "same as existing",
        "everything else", "all other", "existing code", "existing imports", "existing state", "existing functions",
        "existing handlers", "existing logic", "existing jsx", "existing components", "existing component code",
        "existing content", "existing implementation", "existing hooks", "existing styles", "existing markup",
        "existing types", "previous code", "previous imports", "previous implementation", "original code",
        "your existing",
        "other code", "other components remain", "other functions remain", "no changes", "unchanged code",
        "unchanged from",
        "code omitted", "omitted for brevity", "code unchanged", "code remains", "implementation remains",
        "implementation unchanged", "include the rest", "insert the rest", "continue with the rest", "lines unchanged",
        "der rest", "rest des codes", "rest bleibt", "restlicher code", "bestehender code", "vorhandener code",
        "hier bleibt", "wie zuvor", "wie vorher", "wie bisher", "übriger code", "bisheriger code",
        "le reste", "reste du code", "code existant", "comme avant", "même code", "reste inchangé",
        "el resto", "resto del código", "código existente", "igual que antes", "mismo código", "código anterior",
        "o resto", "resto do código", "resto del codice", "il resto", "codice esistente",
    ]

    /// How such a comment ends, where it has no dots.
    private static let endings: [String] = [
        "unchanged", "remains unchanged", "remain unchanged", "stays the same", "stay the same", "remains the same",
        "remain the same", "remains as is", "remain as is", "stays as is", "stay as is", "same as before", "as before",
        "as above",
        "goes here", "omitted for brevity", "code omitted", "for brevity", "exactly the same", "code here",
        "not changed",
        "bleibt gleich", "bleibt unverändert", "bleiben unverändert", "bleiben gleich", "unverändert", "wie zuvor",
        "wie bisher",
        "reste inchangé", "restent inchangés", "inchangé", "inchangée", "inchangés", "reste identique", "comme avant",
        "sin cambios", "se mantiene igual", "igual que antes", "permanece igual", "sem alterações", "invariato",
        "inalterado",
    ]

    /// Whole comments.
    private static let wholes: Set<String> = [
        "unchanged", "etc", "same", "snip", "omitted", "truncated", "existing code",
    ]

    /// Phrases of languages that put no blanks between words.
    private static let phrasesWithoutBlanks: [String] = [
        "其余代码", "其他代码", "保持不变", "现有代码", "代码不变", "省略", "既存のコード", "残りのコード", "変更なし", "以下同じ",
    ]
}
