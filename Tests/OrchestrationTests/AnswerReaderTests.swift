import Testing

@testable import Orchestration

@Suite struct AnswerReaderTests {
    private static let file = "export default function App() {\n  return <p>Don't</p>;\n}\n"

    @Test func showsTheFileAsItComes() {
        var reader = AnswerReader()
        #expect(reader.feed("Sure:\n```tsx\n").isEmpty)
        #expect(reader.feed("const").isEmpty)
        #expect(reader.feed(" a = `x`;") == [.append("const a = `x`;")])
        #expect(reader.feed("\n") == [.append("\n")])
        #expect(reader.feed("  ").isEmpty)
        #expect(reader.feed("b") == [.append("  b")])
        #expect(reader.feed("\n``") == [.append("\n")])
        #expect(reader.feed("`\nBye").isEmpty)
        let end = reader.finish()
        #expect(end.actions.isEmpty)
        #expect(end.answer.remarks == "Sure:\n\nBye" || end.answer.remarks == "Sure:\nBye")
    }

    @Test func holdsNoMoreThanALineBackOfAFile() {
        var reader = AnswerReader()
        var shown = 0
        var taken = 0
        _ = reader.feed("```tsx\n")
        for piece in (Self.file + Self.file).scalarPieces {
            taken += 1
            for case .append(let text) in reader.feed(piece) { shown += text.unicodeScalars.count }
            #expect(taken - shown <= 40)
        }
    }

    @Test func takesAWrongChoiceBackWhileTheAnswerRuns() {
        var reader = AnswerReader()
        #expect(reader.feed("```ts\ntype A = string;\n```\n") == [.append("type A = string;\n")])
        let actions = reader.feed("```tsx\n" + Self.file)
        #expect(actions == [.restart, .append(Self.file)])
        #expect(reader.feed("```\n").isEmpty)
        #expect(reader.finish().actions.isEmpty)
    }

    @Test func restartsAtMostTwice() {
        let blocks = (0..<9).map { "```tsx\nexport default function App\($0)() {\n  return null;\n}\n```\n" }
        let read = ReadAnswer(blocks)
        #expect(read.restarts == 2)
        #expect(String(decoding: read.code, as: UTF8.self).contains("App8"))
    }

    @Test func withdrawsWhatWasNoFile() {
        let words = "import { a } from 'b'\nis the line you need; without it nothing works.\n"
        let read = ReadAnswer(words.scalarPieces)
        #expect(read.code.isEmpty)
        guard case .prose(let text) = read.answer.outcome else {
            Issue.record("no prose")
            return
        }
        #expect(text + "\n" == words)
    }

    @Test func tellsWhatIsSaidAroundTheFile() {
        let answer = ReadAnswer(["<think>hm</think>\nSure!\n```tsx\n\(Self.file)```\n```css\np {}\n```\nDone."]).answer
        #expect(answer.remarks == "Sure!\nDone.")
        #expect(answer.skippedLanguages == ["css"])
    }

    @Test(arguments: 0..<400)
    func givesTheSameHoweverItIsCut(seed: UInt64) {
        var generator = Seeded(state: seed)
        let lines = [
            "Sure!", "```tsx", "```", "``", "~~~", "   ```", "    ```", "```bash", "```jsx App", "Here: ```tsx",
            "> ```tsx",
            "> x", "import a from 'a'", "export default a", "const é = '👩‍👩‍👧‍👦'", "// x", "", " ", "``` bye", "````",
            "e\u{301}\u{301}",
            "\u{301}```", "{`}", "`a`", "const t = `", "`;", "/*", "*/", "<think>", "</think>", "<file path=\"a.tsx\">",
            "</file>",
            "x</file>", "}```", "\u{FEFF}import b", "src/App.tsx", "{path=a.tsx}", "```md", "```json", "<p>it's",
            "</p>", "});",
            "- a", "1. ```tsx", "function App() {", "}", "That's it.", ":::", "]]>", "${", "…",
            "<boltAction type=\"shell\">",
            "</boltAction>", "// ... existing code",
        ]
        let ends = ["\n", "\n", "\n", "\n", "\r\n", "\r", ""]
        var answer = ""
        for _ in 0..<Int.random(in: 1...18, using: &generator) {
            answer += lines.randomElement(using: &generator) ?? ""
            answer += ends.randomElement(using: &generator) ?? ""
        }
        let whole = ReadAnswer([answer])
        if case .file(let file) = whole.answer.outcome {
            #expect(Array(file.text.utf8) == whole.code)
        } else {
            #expect(whole.code.isEmpty)
        }
        #expect(whole.restarts <= 2)
        let scalars = Array(answer.unicodeScalars)
        for longest in [1, 3, 40] {
            var pieces: [String] = []
            var index = 0
            while index < scalars.count {
                let count = min(Int.random(in: 1...longest, using: &generator), scalars.count - index)
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: scalars[index..<(index + count)])
                pieces.append(String(piece))
                index += count
            }
            let cut = ReadAnswer(pieces)
            #expect(cut.code == whole.code)
            #expect(cut.answer == whole.answer)
            #expect(cut.restarts == whole.restarts)
        }
    }

    @Test(arguments: [
        "`", "<", "\n", "${", "'", "\"", "{", "(", "</", "~", " ", "> ", "```\n", "```tsx\n", "<think>", "</think>\n",
        "`\n```\n",
        "```tsx\n```\n", "/*", "A\n", "```tsx\nlet a = `\n```\n",
    ])
    func worksNoMoreOnALongerAnswer(unit: String) {
        for beginning in ["", "```tsx\n", "```tsx\nconst a = `", "<think>\n"] {
            for count in [100, 1_000] {
                let answer = beginning + String(repeating: unit, count: count)
                var reader = AnswerReader()
                _ = reader.feed(answer)
                _ = reader.finish()
                // Four readings at most, and few looks at each byte.
                #expect(reader.work <= 4 * 4 * answer.utf8.count + 24_000)
            }
        }
    }
}
