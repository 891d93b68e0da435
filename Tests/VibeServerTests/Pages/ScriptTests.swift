import Testing

@testable import VibeServer

@Suite struct ScriptTests {
    private func stripped(_ source: String) -> String {
        ScriptScanner.lines(of: Array(source.utf8)).map { String(decoding: $0.text, as: UTF8.self) }
            .joined(separator: "\n")
    }

    @Test(arguments: [
        ("a; // b", "a;"), ("/** x */\n  a;\n\n  b;", "a;\nb;"), ("a /* b */ c", "a c"), ("a/* b */c", "a c"),
        ("a /* b\n */ c", "a\nc"), ("'// no' + \"/* no */\"", "'// no'+\"/* no */\""),
        (#"'it\'s  // no'"#, #"'it\'s  // no'"#), ("`a // b\n  c`  // d", "`a // b\n  c`"),
        ("`${x /* y */ + `${'}'} // no`} // in`", "`${x+`${'}'} // no`} // in`"), ("`\n\n  x`;", "`\n\n  x`;"),
        ("a = b / c / d; // e", "a=b/c/d;"), (#"x.replace(/\/\/[/"' ]/g, '') // y"#, #"x.replace(/\/\/[/"' ]/g,'')"#),
        ("return / a'/.test(b) // c", "return/ a'/.test(b)"), ("(a) / 2 // '", "(a)/2"),
        ("a[0] / b['c'] // d", "a[0]/b['c']"), ("a / /b/", "a/ /b/"), ("a + ++b - -c", "a+ ++b- -c"),
        ("a < !--b && c-- > 0", "a< !--b&&c-- >0"), ("1 .toFixed()", "1 .toFixed()"),
        ("case 'a': return {b}", "case'a':return{b}"),
        ("/* open", ""), ("'open\nb // c", "'open\nb"), ("`open // c", "`open // c"),
    ])
    func commentsGoAndTextStays(source: String, expected: String) {
        #expect(stripped(source) == expected)
    }

    @Test func whatBeginsInsideOfBracketsOrTextIsNotTopLevel() {
        let source = "a({\nexport\n});\n`\nimport\n`;\nb"
        #expect(
            ScriptScanner.lines(of: Array(source.utf8)).map(\.isTopLevel) == [
                true, false, false, true, false, false, true,
            ]
        )
    }

    @Test func aModuleIsReadWithItsImportsAndExports() throws {
        let source = """
            // @ts-check
            import { a, b as c } from './one.js';
            import {
              d, // why
            } from './two.js';
            export const x = a;
            export class Y {}
            export async function z() {
              await c(`
            export const no  = 1;
            `);
            }
            export {};
            """
        let module = try #require(ScriptModule(Array(source.utf8)))
        #expect(module.imports.map(\.file) == ["one.js", "two.js"])
        #expect(module.imports.map(\.names) == ["a,b:c", "d"])
        #expect(module.exports == ["x", "Y", "z"])
        #expect(module.body.hasPrefix("const x=a;class Y{}\nasync function z(){await c(`\n"))
        #expect(module.body.contains("\nexport const no  = 1;\n"))
    }

    @Test(arguments: [
        "import a from './a.js';", "import * as a from './a.js';", "import './a.js';", "import { a } from 'a';",
        "import { a } from '../a.js';", "x();\nimport { a } from './a.js';", "export let a = 1;", "export default 1;",
        "export * from './a.js';", "export { a };", "await a();", "import { a }",
    ])
    func formsThatAreNotKnownAreNotBundled(source: String) {
        #expect(ScriptModule(Array(source.utf8)) == nil)
    }

    @Test func modulesRunInTheirOrder() throws {
        func module(_ text: String) throws -> ScriptModule { try #require(ScriptModule(Array(text.utf8))) }
        let modules = [
            "a.js": try module("import { b } from './b.js';\nimport { c as d } from './c.js';\nb(d);"),
            "b.js": try module("import { c } from './c.js';\nexport const b = c;"),
            "c.js": try module("export const c = 1;"),
            "round.js": try module("import { x } from './trip.js';\nexport const y = x;"),
            "trip.js": try module("import { y } from './round.js';\nexport const x = y;"),
            "torn.js": try module("import { z } from './none.js';"),
        ]
        let expected = """
            const $0=(()=>{
            const c=1;
            return{c}})();
            const $1=(()=>{
            const{c}=$0;
            const b=c;
            return{b}})();
            const $2=(()=>{
            const{b}=$1;
            const{c:d}=$0;
            b(d);
            return{}})();

            """
        #expect(ScriptBundle.make("a.js", modules) == expected)
        for entry in ["round.js", "torn.js", "none.js"] { #expect(ScriptBundle.make(entry, modules) == nil) }
    }

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
