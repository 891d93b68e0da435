import Testing

@testable import Orchestration

@Suite struct SourceScannerTests {
    private func scan(_ code: String) -> SourceScanner {
        var scanner = SourceScanner()
        for byte in code.utf8 { scanner.take(byte) }
        return scanner
    }

    private func export(of code: String) -> DefaultExport {
        var scanner = scan(code)
        return scanner.finish()
    }

    @Test(arguments: [
        "export default App", "export default function App() {}", "export  default class {}", "export\ndefault 1",
        "export/* x */default 1", "const a = 1; export { a as default }", "export { a, b as default };",
        "export { default } from './a'", "let s = 'it';\nexport default s", "<p>Don't</p>\nexport default a",
        "const r = /[`/]/g;\nexport default r", "const t = `a ${`b ${'}'}`} c`;\nexport default t",
        "const t = `a ${ {a: {}} } c`;\nexport default t", "// it's\nexport default a", "/* ` */ export default a",
        "const a = b / c; const d = e / f;\nexport default a", "<p>5 o`clock</p>\nexport default a",
        "a = <br/>\nexport default a", "const a = 'x\\'y';\nexport default a", "export default memo(App)",
        "const a = `\nexport default b\n", "return /`/.test(a);\nexport default a",
        "a = (<p>it's {b} `</p>);export default a",
    ])
    func findsADefaultExport(code: String) {
        #expect(export(of: code) == .value)
    }

    @Test(arguments: [
        "", "export const a = 1", "// export default a", "/* export default a */", "const a = 'export default b'",
        "const a = \"export default b\"", "const a = `\n  export default b\n`", "exports default", "export defaults",
        "import { default as a } from 'a'", "export { default as a } from 'a'", "switch (a) { default: export }",
        "const a = `${b}\nexport default c\n`", "/export default/", "const a = { export: 1, default: 2 }",
        "export { a }", "<p>export default a</p>", "a = <p title=\"export default a\" />",
    ])
    func findsNoDefaultExport(code: String) {
        #expect(export(of: code) == .none)
    }

    @Test(arguments: ["export default { a: 1 }", "export default defineConfig({})", "export default\n{}"])
    func tellsObjectsFromComponents(code: String) {
        #expect(export(of: code) == .object)
    }

    @Test(arguments: [
        "const a = `", "const a = `${", "const a = `${b}", "/* ", "const a = `${`", "const a = `${'}'", "<p title=\"",
        "const a = `${{}",
    ])
    func knowsThatAFenceWouldBeText(code: String) {
        #expect(scan(code).isInsideText)
    }

    @Test(arguments: [
        "", "const a = ``;", "<p>it's", "const a = 'it", "/`/", "return /`/", "const a = (b) => /[`]/g", "// `\n",
        "{/* ` */}\n",
        "<p>5 o`clock", "<a href='`'>", "a = b < c ? '`' : d;", "const f = <T,>(a: T) => '`';",
        "type F = <T>(a: T) => '`';",
        "const f = <T extends U>(a: T) => '`';", "useState<Map<string, number>>('`')", "it's\n",
    ])
    func knowsThatAFenceWouldBeNone(code: String) {
        #expect(!scan(code + "\n").isInsideText)
    }

    @Test(arguments: [
        "const a = <p>it's {b ? <i>`</i> : <b />} // no comment</p>;", "function A() { return <><p/>a</>; }",
        "const a = <S<{ a: string }> b={<i c={1} />} d=\"it's\" {...e}>f</S>;",
        "const a = [1, 2].map((b) => (b < 3 ? b : 0));",
        "const f = <T,>(a: T): Array<T> => [a];", "type F = <Key>(a: Key) => void;\nconst g: F = () => {};\n",
        "class A<B extends C> extends D<B> { e = <p>it's</p>; }", "const a = `${b.map((c) => `${c}`).join('}')}`;",
        "const a = x / y; const b = (x) / 2; const c = /[/`'\"]/.test(d);", "if (a) { b } else { c }",
        "const a = 'it\\\n's';",
        "const a = <p /* it's */ b='c' // `\n/>;", "const a = { b: <p>{'{'}</p> };",
    ])
    func findsBackToTheTopLevel(code: String) {
        let scanner = scan(code + "\n")
        #expect(scanner.isAtTopLevel, "\(scanner.state) \(scanner.frames)")
    }

    @Test func givesUpWhereNothingIsClosed() {
        let scanner = scan(String(repeating: "{", count: 20_000))
        #expect(scanner.isLost)
        #expect(scanner.frames.count <= SourceScanner.maximumDepth)
    }
}
