/// An error that can be put into a component and taken out again.
enum Defect: CaseIterable, Sendable {
    /// The root element is never closed.
    case unclosedRoot
    /// The heading is closed by the wrong tag.
    case wrongClosingTag
    /// The title's string has no end.
    case openString
    /// The last brace of the file is missing.
    case missingBrace
    /// React's `useState` is used and not imported.
    case undefinedName
    /// React 18 does not export what is imported.
    case missingExport
    /// A module is imported from the network.
    case remoteImport
    /// A module of Node is imported.
    case nodeImport

    /// Those that no bundler lets pass.
    static let ofSyntax: [Defect] = [.unclosedRoot, .wrongClosingTag, .openString, .missingBrace]

    private static let component = "export default function App() {\n"
    private static let title = "\nconst TITLE = "

    /// What such a defect imports, and the line in the component that uses it.
    private var foreignImport: (line: String, use: String)? {
        switch self {
        case .missingExport:
            ("import { useOptimistic } from \"react\";\n", "  const [hint] = useOptimistic(\"\");\n")
        case .remoteImport:
            ("import confetti from \"https://cdn.example/confetti.mjs\";\n", "  const celebrate = () => confetti();\n")
        case .nodeImport:
            (
                "import { readFileSync } from \"node:fs\";\n",
                "  const notes = () => readFileSync(\"notes.txt\", \"utf8\");\n"
            )
        default: nil
        }
    }

    private static let rootEnd = "\n      </div>\n    </main>\n  );\n}\n"
    private static let brokenRootEnd = "\n      </div>\n  );\n}\n"
    private static let titleStart = "const TITLE = \""

    /// The code with this defect; `nil` when it has no place for it.
    func put(into code: String) -> String? {
        switch self {
        case .unclosedRoot: return code.replacingFirst(Self.rootEnd, with: Self.brokenRootEnd)
        case .wrongClosingTag: return code.replacingFirst("{TITLE}</h1>", with: "{TITLE}</h2>")
        case .openString:
            guard let line = Self.titleLine(in: code), code[line].hasSuffix("\";") else { return nil }
            return code[..<line.lowerBound] + code[line].dropLast(2) + ";" + code[line.upperBound...]
        case .missingBrace:
            guard code.hasSuffix("\n};\n") else { return nil }
            return String(code.dropLast(3))
        case .undefinedName:
            guard code.hasBytes("useState(") else { return nil }
            return code.replacingFirst("import { useState } from \"react\";\n", with: "")
                ?? code.replacingFirst(", useState", with: "") ?? code.replacingFirst("useState, ", with: "")
        case .missingExport, .remoteImport, .nodeImport:
            guard let (line, use) = foreignImport else { return nil }
            return code.replacingFirst(Self.title, with: line + Self.title)?
                .replacingFirst(Self.component, with: Self.component + use)
        }
    }

    /// The code without this defect; `nil` when it does not have it.
    func taken(from code: String) -> String? {
        switch self {
        case .unclosedRoot: return code.replacingFirst(Self.brokenRootEnd, with: Self.rootEnd)
        case .wrongClosingTag: return code.replacingFirst("{TITLE}</h2>", with: "{TITLE}</h1>")
        case .openString:
            guard let line = Self.titleLine(in: code), Self.isOpen(code[line]), code[line].hasSuffix(";") else {
                return nil
            }
            return code[..<line.lowerBound] + code[line].dropLast() + "\";" + code[line.upperBound...]
        case .missingBrace:
            guard let theme = code.lastByteRange(of: "\nconst theme = {\n"),
                code.byteRange(of: "\n};", from: theme.upperBound) == nil
            else { return nil }
            return code + "};\n"
        case .undefinedName:
            guard code.hasBytes(" = useState("), !code.hasBytes("useState }"), !code.hasBytes("useState,") else {
                return nil
            }
            return code.replacingFirst(" } from \"react\";\n", with: ", useState } from \"react\";\n")
                ?? "import { useState } from \"react\";\n" + code
        case .missingExport, .remoteImport, .nodeImport:
            guard let (line, use) = foreignImport else { return nil }
            return code.replacingFirst(line, with: "")?.replacingFirst(use, with: "")
        }
    }

    /// The code with all defects of this kind taken out; `nil` when it has none.
    static func mend(_ code: String) -> String? {
        var mended: String?
        for defect in allCases {
            if let better = defect.taken(from: mended ?? code) { mended = better }
        }
        return mended
    }

    private static func titleLine(in code: String) -> Range<String.Index>? {
        guard let start = code.byteRange(of: titleStart)?.lowerBound,
            let end = code.utf8[start...].firstIndex(of: 0x0A)
        else { return nil }
        return start..<end
    }

    /// Whether the literal on the title's line is not closed by its own quote.
    private static func isOpen(_ line: Substring) -> Bool {
        var escaped = false
        for byte in line.utf8.dropFirst(titleStart.utf8.count) {
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\"") {
                return false
            }
        }
        return true
    }
}
