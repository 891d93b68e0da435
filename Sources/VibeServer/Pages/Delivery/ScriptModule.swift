/// One of our modules, read for bundling: what it imports and exports, and its text without either.
///
/// Of the language's forms only those that our modules use are known: `import { a, b as c } from './file.js'` before everything
/// else, and `export` before a class, function or constant.
struct ScriptModule: Sendable {
    struct Import: Sendable {
        /// As `a,b:c`, the pattern that takes the names from the module's object.
        let names: String
        /// The file's name, in the same folder.
        let file: String
    }

    let imports: [Import]
    let exports: [String]
    /// Without comments, imports and the word `export`; empty, or ends in a line's end or a sign that needs none.
    let body: String

    /// `nil` for a module with a form that is not known.
    init?(_ source: [UInt8]) {
        let lines = ScriptScanner.lines(of: source)
        var imports: [Import] = []
        var exports: [String] = []
        var body = ""
        var statement = ""
        for line in lines {
            let text = String(decoding: line.text, as: UTF8.self)
            let word = line.isTopLevel ? text.prefix { $0.isLetter } : ""
            if !statement.isEmpty || (body.isEmpty && word == "import") {
                statement += text
                guard text.hasSuffix(";") else { continue }
                guard let found = Self.read(statement) else { return nil }
                imports.append(found)
                statement = ""
            } else if word == "import" || word == "await" {
                return nil
            } else if word == "export" {
                if text == "export{};" || text == "export{}" { continue }
                let rest = line.source.dropFirst("export ".utf8.count)
                guard text.hasPrefix("export "), let name = Self.declared(rest) else { return nil }
                exports.append(name)
                body += rest
            } else {
                body += line.source
            }
        }
        guard statement.isEmpty else { return nil }
        self.imports = imports
        self.exports = exports
        self.body = body
    }

    /// Reads a statement that was joined to one line.
    private static func read(_ statement: String) -> Import? {
        let start = "import{"
        guard statement.hasPrefix(start), let close = statement.utf8.firstIndex(of: UInt8(ascii: "}")) else {
            return nil
        }
        let rest = statement[statement.utf8.index(after: close)...]
        let from = "from'./"
        guard rest.hasPrefix(from), rest.hasSuffix(".js';") else { return nil }
        let file = String(rest.dropFirst(from.utf8.count).dropLast(2))
        guard !file.utf8.contains(UInt8(ascii: "/")), !file.utf8.contains(UInt8(ascii: "'")) else { return nil }
        let names = statement[..<close].dropFirst(start.utf8.count).split(separator: ",")
        var pattern: [String] = []
        for name in names {
            let words = name.split(separator: " ")
            switch words.count {
            case 0: continue
            case 1: pattern.append(String(words[0]))
            case 3 where words[1] == "as": pattern.append("\(words[0]):\(words[2])")
            default: return nil
            }
        }
        return Import(names: pattern.joined(separator: ","), file: file)
    }

    /// The name that a declaration gives: one that is never given another value.
    private static func declared(_ text: Substring) -> String? {
        for start in ["async function ", "function ", "class ", "const "] where text.hasPrefix(start) {
            let name = text.dropFirst(start.utf8.count).prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
            return name.isEmpty ? nil : String(name)
        }
        return nil
    }
}
