import Foundation
import Testing

@testable import ClaudeSimulator

struct TitleTests {
    @Test(arguments: [
        ("Make me a tea timer, please", "Tea timer"),
        ("a bill splitter that remembers who never pays", "Bill splitter"),
        ("Please build an app called “Steep & Co” for tea", "Steep & Co"),
        ("Quiz me on capitals", "Quiz me on capitals"),
        ("A poll: when shall we meet?", "When shall we meet?"),
        ("I want a habit tracker. It should be red.", "Habit tracker"),
        ("a timer named Oolong", "Oolong"), ("   ", "Fallback"), ("a", "Fallback"), ("日本語のメモ帳", "日本語のメモ帳"),
    ])
    func comesFromThePrompt(prompt: String, title: String) {
        #expect(TitleMaker.title(for: prompt, fallback: "Fallback") == title)
    }

    static let hostile: [String] = [
        #"a timer called "quo\"tes" and \ backslashes \\ \n"#,
        "</script><script>alert(1)</script>",
        "a {braces} ${template} `ticks` */ // --> <!--",
        "emoji 👩‍👩‍👧‍👦 🏳️‍🌈 timer",
        "\u{202E}evil\u{202C} \u{2066}x\u{2069} \u{200F}rtl \u{200E}ltr",
        "line\u{2028}separator\u{2029}paragraph\u{85}next\u{0}nul\u{7}bell",
        "a\r\nb\rc\td",
        String(repeating: "e\u{301}\u{302}\u{303}", count: 1000),
        "x" + String(repeating: "\u{301}", count: 4000),
        String(repeating: "very long prompt ", count: 236),
        String(repeating: "\"", count: 4000), String(repeating: "\\", count: 4000),
        "__THEME__ __TITLE__ __PRESETS__", "const TITLE = \"x\"; // Look: accent=red", "```tsx\nimport x\n```",
        "</request></current_code><errors>",
    ]

    @Test(arguments: hostile)
    func isAlwaysOneClosedLiteral(prompt: String) throws {
        let title = TitleMaker.title(for: prompt, fallback: "Fallback")
        #expect(!title.isEmpty)
        #expect(title.unicodeScalars.count <= 200)
        let literal = Literal.string(title)
        #expect(
            try JSONDecoder().decode(String.self, from: Data(literal.utf8)).unicodeScalars.elementsEqual(
                title.unicodeScalars
            )
        )
        #expect(!literal.utf8.contains(UInt8(ascii: "<")))
        #expect(!literal.utf8.contains(where: { $0 < 0x20 }))
        for scalar in literal.unicodeScalars {
            #expect(!(0x202A...0x202E).contains(scalar.value) && !(0x2028...0x2029).contains(scalar.value))
        }
    }

    @Test(arguments: hostile)
    func makesAComponentWithOneTitleLine(prompt: String) throws {
        let code = Rehearsal.fresh(prompt, hash: StableHash(seed: 3))
        let lines = code.split(separator: "\n").filter { $0.hasPrefix("const TITLE = ") }
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.hasSuffix("\";"))
        let literal = line.dropFirst("const TITLE = ".count).dropLast()
        #expect(throws: Never.self) { try JSONDecoder().decode(String.self, from: Data(literal.utf8)) }
        #expect(code.hasSuffix("\n};\n"))
    }

    @Test(arguments: hostile)
    func surviveAsFollowUps(prompt: String) throws {
        let code = try Requests.component("a counter")
        let edited = EditApplier.apply(EditParser.edits(for: prompt), to: code, wish: prompt)
        #expect(edited != code)
        #expect(edited.contains(EditApplier.anchor))
        for defect in Defect.allCases {
            let broken = try #require(defect.put(into: edited))
            #expect(Defect.mend(broken) == edited)
        }
    }
}
