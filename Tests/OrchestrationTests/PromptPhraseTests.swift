import Foundation
import Testing

/// Tests know a request to the model by its structure (its model, its tags), never by a phrase of the prompt: the words may be
/// changed without a test that waits for them.
@Suite("No test knows a request by a phrase of the prompt")
struct PromptPhraseTests {
    private static let root = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    /// Where the prompts are written.
    private static let prompts = ["SystemPrompts", "PromptBuilder", "PromptTurn"].map {
        root.appending(path: "Sources/Orchestration/Prompting/\($0).swift")
    }
    /// Tests of the prompts themselves.
    private static let exempt = [
        "PromptingPromptBuilderTests.swift", "PromptTurnTests.swift", "PromptPhraseTests.swift",
    ]
    /// Words in a row that make a phrase.
    private static let length = 3

    @Test func phrases() throws {
        let phrases = try Self.phrases()
        #expect(phrases.count > 200)
        let found = try Self.tests().flatMap { file in
            try Self.phrases(of: file).intersection(phrases).sorted().map { "\(file.lastPathComponent): \($0)" }
        }
        #expect(found.isEmpty)
    }

    @Test(
        "what tests once looked for would be found",
        arguments: ["may import only", "does not build", "you are changing"]
    )
    func knows(phrase: String) throws {
        #expect(try Self.phrases().contains(phrase))
    }

    private static func phrases() throws -> Set<String> {
        try prompts.reduce(into: []) { $0.formUnion(try phrases(of: $1)) }
    }

    /// All runs of words in the literals of a file.
    private static func phrases(of file: URL) throws -> Set<String> {
        var source = try String(contentsOf: file, encoding: .utf8)
        // What documents Python.
        if file.pathExtension == "py" { source = source.replacing(#/"""(?:[^"]|"(?!""))*"""/#, with: "") }
        return literals(of: source).reduce(into: []) { $0.formUnion(runs(of: words(of: $1))) }
    }

    /// What stands between quotes, without comments and titles of tests.
    private static func literals(of source: String) -> [String] {
        var literals: [String] = []
        var block: String?
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let code = line.trimmingCharacters(in: .whitespaces)
            if let text = block {
                block = code.hasPrefix("\"\"\"") ? nil : text + "\n" + code
                if block == nil { literals.append(text) }
            } else if code.hasSuffix("\"\"\"") {
                block = ""
            } else if !["//", "#", "@Test(\"", "@Suite(\""].contains(where: code.hasPrefix) {
                literals += line.matches(of: #/"((?:[^"\\]|\\.)*)"/#).map { String($0.output.1) }
            }
        }
        return literals
    }

    /// Lower-case words without the marks at their ends; an interpolation becomes a word that no text has.
    private static func words(of text: String) -> [String] {
        text.replacing(#/\\\([^)]*\)+/#, with: " \u{1} ").replacing("\\\n", with: " ").replacing("\\n", with: " ")
            .lowercased().split(whereSeparator: \.isWhitespace)
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ".,;:!?()`\"'<>")) }.filter { !$0.isEmpty }
    }

    /// Words in a row, as many as make a phrase.
    private static func runs(of words: [String]) -> [String] {
        guard words.count >= length else { return [] }
        return (0...(words.count - length)).compactMap { start in
            let run = words[start..<(start + length)]
            return run.contains("\u{1}") ? nil : run.joined(separator: " ")
        }
    }

    /// The tests of the product and of the server.
    private static func tests() throws -> [URL] {
        let folder = root.appending(path: "Tests")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return files.compactMap { $0 as? URL }.filter { file in
            ["swift", "py"].contains(file.pathExtension) && !exempt.contains(file.lastPathComponent)
        }
    }
}
