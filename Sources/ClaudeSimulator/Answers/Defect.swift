/// A syntax error that can be put into a component and taken out again.
enum Defect: CaseIterable, Sendable {
    /// The root element is never closed.
    case unclosedRoot
    /// The heading is closed by the wrong tag.
    case wrongClosingTag
    /// The title's string has no end.
    case openString
    /// The last brace of the file is missing.
    case missingBrace

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
