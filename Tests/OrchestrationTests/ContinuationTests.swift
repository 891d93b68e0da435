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
            "```tsx\n  const [count, setCount] = use", "Sure:\n```tsx\n  const [count, setCount] = use",
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

    @Test("a line that was begun begins again, however little of it there was", arguments: [4, 7, 10, 16])
    func begunAgain(written: Int) {
        let line = "      <button className='a' onClick={save}>Save</button>\n"
        let head = "```tsx\nexport default function App() {\n  return (\n    <div>\n" + line
        let tail = "    </div>\n  )\n}\n```\n"
        let first = head + line.prefix(6 + written)
        let file = (head + line + tail).dropFirst(7).dropLast(4)
        for rest in [line + tail, String(line.dropFirst(6)) + tail, "```tsx\n" + line + tail] {
            #expect(Self.text(Self.read(first, [rest])) == String(file), "\(written) \(rest)")
        }
    }

    @Test(
        "what a file repeats is kept, wherever the cut is",
        arguments: [
            "const map = [\n" + String(repeating: "  [1, 0, 0, 0, 0, 0, 0, 0, 0, 1],\n", count: 8) + "]\n",
            "const rows = [\n" + String(repeating: "  { id: 1, name: 'alpha', value: 100, active: true },\n", count: 12)
                + "]\n",
            "const map = `\n" + String(repeating: "#..........#..........#\n", count: 10) + "`\n",
            "const zeros = [" + String(repeating: "0, ", count: 60) + "]\nconst laugh = '"
                + String(repeating: "ha", count: 40)
                + "'\n",
            "const cells = <>\n"
                + String(repeating: "  <div className=\"cell\">\n    <b>one</b>\n    <i>two</i>\n  </div>\n", count: 6)
                + "</>\n",
            "const table = <table>" + String(repeating: "<tr><td>a</td><td>b</td></tr>\n", count: 8) + "</table>\n",
            "const lines = <p>" + String(repeating: "one<br />", count: 12) + "</p>\n",
        ]
    )
    func repeating(part: String) {
        let file = part + "export default function App() {\n  return <p>hi</p>\n}\n"
        let answer = Array("```tsx\n\(file)```\n".utf8)
        for cut in 8..<answer.count {
            let first = String(decoding: answer[..<cut], as: UTF8.self)
            let rest = String(decoding: answer[cut...], as: UTF8.self)
            #expect(Self.text(Self.read(first, [rest])) == file, "cut at \(cut)")
        }
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
