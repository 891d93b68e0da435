import Testing

@testable import VibeServer

@Suite struct StyleTests {
    @Test(arguments: [
        ("/* a */ b {\n  c: d;\n}\n", "b {c:d;}"),
        ("a::before { content: '/*  no */'; }", "a::before {content:'/*  no */';}"),
        (#"a { content: "\"/*"; }"#, #"a {content:"\"/*";}"#),
        ("a b,\n  c > d :is(e) { f: g h; }", "a b,c > d :is(e) {f:g h;}"), ("a{}/* open", "a{}"), ("/**/a{}", "a{}"),
        ("/*/a/*/b{}", "b{}"),
    ])
    func sheetsLoseTheirComments(source: String, expected: String) {
        #expect(String(decoding: StyleText.stripped(Array(source.utf8)), as: UTF8.self) == expected)
    }
}
