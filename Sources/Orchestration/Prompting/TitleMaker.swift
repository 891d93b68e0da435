/// Makes an app's first title from its first prompt.
package enum TitleMaker {
    /// Characters of a title at most.
    package static let maximumCharacters = 60

    /// A short title, never empty: `Untitled app` when the prompt holds nothing to show.
    package static func title(from prompt: String) -> String {
        String(prompt.prefix(maximumCharacters))
    }
}
