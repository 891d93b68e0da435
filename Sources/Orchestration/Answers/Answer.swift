/// What a model's answer turned out to be.
package struct Answer: Sendable, Equatable {
    /// A file, or words.
    package enum Outcome: Sendable, Equatable {
        /// The file that counts.
        case file(AnswerFile)
        /// There is no code in it: the whole answer without thoughts, without blanks around.
        case prose(String)
    }

    package var outcome: Outcome
    /// What is said around the file, without thoughts and without other blocks.
    package var remarks: String
    /// The languages of blocks that were passed over, as they were named: a `diff` or an `html` where a file was asked for.
    package var skippedLanguages: [String]
    /// The whole answer without thoughts, where it is words around a piece of code; else empty.
    package var words = ""

    /// Lines of a piece of code up to which words around it may be what is meant.
    private static let linesOfASnippet = 15

    /// Tells words that show a piece of code from a file.
    ///
    /// - Parameter prompt: what was asked for.
    /// - Returns: whether the answer is such words, and the prompt a question.
    func isReply(to prompt: String) -> Bool {
        guard case .file(let file) = outcome, file.isFragment, !words.isEmpty else { return false }
        return file.text.utf8.count { $0 == 0x0A } <= Self.linesOfASnippet
            && prompt.unicodeScalars.contains { ["?", "？", "؟", "\u{37E}"].contains($0) }
    }

    /// Tells words that are meant for the people who asked from a failed try to write the file.
    ///
    /// - Parameter file: the current one; `nil` for a new app.
    /// - Returns: whether the answer is such words.
    func isReply(changing file: String?) -> Bool {
        guard case .prose(let words) = outcome, !words.isEmpty else { return false }
        // A patch of the file, or a page where a component was asked for.
        let tries: Set<String> = file == nil ? ["html", "vue", "svelte", "php"] : ["diff", "patch"]
        return tries.isDisjoint(with: skippedLanguages)
    }
}

/// The file of an answer.
package struct AnswerFile: Sendable, Equatable {
    package var text: String
    package var defaultExport: DefaultExport
    /// Whether the answer ended in the middle of it: nothing closed it, and something is still open in its code.
    package var isCut: Bool
    /// Whether it reads like a piece and not like a file: no default export, but words around it.
    package var isFragment: Bool

    /// Whether the bundler will find a default export, as far as the words tell.
    package var hasDefaultExport: Bool { defaultExport != .none }
}
