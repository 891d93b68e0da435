import Testing

@testable import Orchestration

@Suite struct PromptingCodeFilterTests {
    private func filter(_ pieces: [String]) -> (file: String, hasDefaultExport: Bool) {
        var filter = CodeFilter()
        var file = ""
        for piece in pieces { file += filter.feed(piece) }
        let (rest, hasDefaultExport) = filter.finish()
        return (file + rest, hasDefaultExport)
    }

    private static let file = """
        import { useState } from 'react';

        export default function App() {
            const [text, setText] = useState("héllo 👩‍👩‍👧‍👦 \u{2028}");
            return <p className="x">Don't `panic`</p>;
        }

        """

    @Test(arguments: [
        file, "```tsx\n\(file)```", "```tsx\n\(file)```\n", "```\n\(file)```\n\nThat is it!",
        "~~~jsx\n\(file)~~~\nDone.",
        "Sure! Here is the app:\n\n```tsx\n\(file)```\nIt has a button.\n```css\np {}\n```\n",
        "Here it is: ```tsx\n\(file)```", "   ```typescript title=\"App.tsx\"\n\(file)   ```  \n",
        "````tsx\n\(file)````",
        "Sure!\n\n\(file)", "\(file)```\nA remark.", "```tsx\n\(file)``` This app has a button.",
        "First install it:\n```bash\nnpm install react\n```\nThen:\n```tsx\n\(file)```\n",
        "```json\n{\"a\": 1}\n```\n\n```tsx\n\(file)```\n",
    ])
    func keepsTheFileAndNothingElse(answer: String) {
        let result = filter([answer])
        #expect(result.file == Self.file)
        #expect(result.hasDefaultExport)
    }

    @Test func keepsACommentBeforeAFence() {
        #expect(filter(["// The app\n```tsx\n\(Self.file)```\nBye"]).file == "// The app\n" + Self.file)
    }

    @Test func takesTheFirstCodeFence() {
        let result = filter(["```tsx\nconst a = 1;\n```\n```tsx\nexport default a;\n```\n"])
        #expect(result.file == "const a = 1;\n")
        #expect(!result.hasDefaultExport)
    }

    @Test func keepsAnswersThatStopInTheMiddle() {
        #expect(
            filter(["```tsx\nimport React from 'react';\nexport def"]).file == "import React from 'react';\nexport def"
        )
        #expect(filter(["import React from 'react'"]).file == "import React from 'react'")
        #expect(filter(["```tsx\nlet a;\n``"]).file == "let a;\n``")
        #expect(filter(["```tsx\nlet a;\n```"]).file == "let a;\n")
        #expect(filter(["```tsx\n"]).file == "")
    }

    @Test(arguments: [
        "", "I cannot do that.", "Import taxes are high.\nImported goods, too.", "const is a keyword.", "A class act\n",
        "Functions are fun.\nfunction follows form", "type faster, they said", "exporting goods", "let it be\n",
        "```bash\nls\n```\n", "Use `import React from 'react'` for that.",
    ])
    func findsNoFileInProse(answer: String) {
        let result = filter([answer])
        #expect(result.file == "")
        #expect(!result.hasDefaultExport)
    }

    @Test(arguments: [
        "import React, { useState } from \"react\"", "import React from 'react'", "import './a'", "import{a} from 'a'",
        "import * as d3 from 'd3'", "import type { A } from 'a'", "export default App", "export const a = 1",
        "const a = 1",
        "const { a } = b", "let x: number = 1", "function App() {", "function App<T>() {", "async function a() {",
        "class A {",
        "interface Props {", "type A = string", "'use client'", "\"use client\";", "// src/LLMComponent.tsx",
        "/* app */",
        "/** App */",
    ])
    func knowsHowAFileBegins(line: String) {
        #expect(filter(["Of course.\n\(line)\nrest\n"]).file == "\(line)\nrest\n")
    }

    @Test func keepsBackticksInsideLines() {
        let file =
            "const a = `x`;\nconst b = \"```\";\n    ```not a fence, indented by four\n``two\nexport default a;\n"
        #expect(filter(["```tsx\n\(file)```"]).file == file)
    }

    @Test func keepsLineEndsAsTheyAre() {
        #expect(
            filter(["```tsx\r\nlet a\r\n\r\nexport default a\r\n```\r\nBye"]).file
                == "let a\r\n\r\nexport default a\r\n"
        )
    }

    @Test func holdsBackNoMoreThanItMust() {
        var filter = CodeFilter()
        #expect(filter.feed("```tsx\n") == "")
        #expect(filter.feed("const") == "const")
        #expect(filter.feed(" a = 1;\n") == " a = 1;\n")
        #expect(filter.feed("  ") == "")
        #expect(filter.feed("b") == "  b")
        #expect(filter.feed("\n``") == "\n")
        #expect(filter.feed("x") == "``x")
        #expect(filter.feed("\n```") == "\n")
        #expect(filter.feed("\nBye") == "")
        #expect(filter.finish().rest == "")
    }

    @Test(arguments: 0..<300)
    func givesTheSameFileHoweverItIsCut(seed: UInt64) {
        var generator = Seeded(state: seed)
        let lines = [
            "Sure!", "```tsx", "```", "``", "~~~", "   ```", "    ```", "```bash", "```jsx App", "Here: ```tsx",
            "import a from 'a'",
            "export default a", "const é = '👩‍👩‍👧‍👦'", "// x", "", " ", "``` bye", "````", "e\u{301}\u{301}", "\u{301}```",
            "{`}", "`a`",
        ]
        let ends = ["\n", "\n", "\n", "\r\n", "\r"]
        var answer = ""
        for _ in 0..<Int.random(in: 1...14, using: &generator) {
            answer += lines.randomElement(using: &generator) ?? ""
            answer += ends.randomElement(using: &generator) ?? ""
        }
        let whole = filter([answer])
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
            let cut = filter(pieces)
            #expect(Array(cut.file.utf8) == Array(whole.file.utf8))
            #expect(cut.hasDefaultExport == whole.hasDefaultExport)
        }
    }

    // MARK: Default export

    private func hasDefaultExport(_ code: String) -> Bool {
        var scanner = DefaultExportScanner()
        for byte in code.utf8 { scanner.feed([byte]) }
        return scanner.finish()
    }

    @Test(arguments: [
        "export default App", "export default function App() {}", "export  default class {}", "export\ndefault 1",
        "export/* x */default 1", "const a = 1; export { a as default }", "export { a, b as default };",
        "export { default } from './a'", "let s = 'it';\nexport default s", "<p>Don't</p>\nexport default a",
        "const r = /[`/]/g;\nexport default r", "const t = `a ${`b ${'}'}`} c`;\nexport default t",
        "const t = `a ${ {a: {}} } c`;\nexport default t", "// it's\nexport default a", "/* ` */ export default a",
        "const a = b / c; const d = e / f;\nexport default a", "<p>5 o`clock</p>\nexport default a",
        "a = <br/>\nexport default a",
        "const a = 'x\\'y';\nexport default a",
    ])
    func findsADefaultExport(code: String) {
        #expect(hasDefaultExport(code))
    }

    @Test(arguments: [
        "", "export const a = 1", "// export default a", "/* export default a */", "const a = 'export default b'",
        "const a = \"export default b\"", "const a = `\n  export default b\n`", "exports default", "export defaults",
        "import { default as a } from 'a'", "export { default as a } from 'a'", "switch (a) { default: export }",
        "const a = `${b}\nexport default c\n`", "/export default/", "const a = { export: 1, default: 2 }",
        "export { a }",
    ])
    func findsNoDefaultExport(code: String) {
        #expect(!hasDefaultExport(code))
    }
}
