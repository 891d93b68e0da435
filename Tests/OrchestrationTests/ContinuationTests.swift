import Foundation
import Testing

@testable import Orchestration

@Suite("Answers in two pieces")
struct ContinuationTests {
    private static let file = """
        import { useState } from 'react'

        export default function App() {
          const [count, setCount] = useState(0)
          const text = `
        ~~~
        ${count}`
          return <button onClick={() => setCount(count + 1)}>It's {count}{text}</button>
        }

        """

    private static func read(_ first: String, _ rest: [String]) -> Answer {
        var reply = CodeReply()
        _ = reply.feed(first)
        reply.beginContinuation()
        for piece in rest { _ = reply.feed(piece) }
        _ = reply.finish()
        return reply.answer
    }

    private static func text(_ answer: Answer) -> String? {
        if case .file(let file) = answer.outcome { file.text } else { nil }
    }

    @Test("an exact rest gives the file of the whole, wherever the cut is")
    func everyCut() {
        for item in AnswerCase.all where item.answer.utf8.count < 6_000 {
            let scalars = Array(item.answer.unicodeScalars)
            var reader = AnswerReader()
            _ = reader.feed(item.answer)
            let whole = reader.finish().answer
            for cut in stride(from: 1, to: scalars.count, by: 17) {
                var first = String.UnicodeScalarView()
                first.append(contentsOf: scalars[..<cut])
                var rest = String.UnicodeScalarView()
                rest.append(contentsOf: scalars[cut...])
                let joined = Self.read(String(first), [String(rest)])
                guard joined != whole else { continue }
                Issue.record("\(item.name) cut at \(cut)")
                break
            }
        }
    }

    @Test(
        "a fence, words and lines said again are taken off",
        arguments: [
            "```tsx\n", "Here is the rest:\n\n```tsx\n", "Continuing:\n```typescript\n",
            "  const [count, setCount] = use", "const [count, setCount] = use",
            "export default function App() {\n  const [count, setCount] = use",
            "```tsx\n  const [count, setCount] = use",
        ]
    )
    func repeated(opening: String) throws {
        let answer = "```tsx\n\(Self.file)```\n"
        let cut = try #require(answer.range(of: "useState(0)")).lowerBound
        let first = String(answer[..<answer.index(cut, offsetBy: 3)])
        let rest = opening + answer[answer.index(cut, offsetBy: 3)...]
        #expect(Self.text(Self.read(first, [rest])) == Self.file)
        #expect(Self.text(Self.read(first, rest.scalarPieces)) == Self.file)
    }

    @Test("the whole file once more takes the place of what was cut")
    func anew() {
        let answer = "```tsx\n\(Self.file)```\n"
        #expect(Self.text(Self.read(String(answer.prefix(150)), [Self.file])) == Self.file)
        #expect(Self.text(Self.read(String(answer.prefix(150)), ["Sorry:\n" + answer])) == Self.file)
    }

    @Test("in a template a fence is the template's, and a short line may come twice")
    func kept() {
        let file = "const text = `\n```tsx\nlet a\n```\n`\nconst b = [1,\n1,\n1]\nexport default () => text + b\n"
        let answer = "~~~tsx\n\(file)~~~\n"
        for cut in 1..<answer.utf8.count {
            let first = String(decoding: Array(answer.utf8)[..<cut], as: UTF8.self)
            let rest = String(decoding: Array(answer.utf8)[cut...], as: UTF8.self)
            #expect(Self.text(Self.read(first, [rest])) == file, "cut at \(cut)")
        }
    }
}
