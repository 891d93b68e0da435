/// Code that an answer leaves out and that no repair can guess.
enum Gap: CaseIterable, Sendable {
    /// A comment in place of what the component does.
    case code
    /// A comment in place of what it shows.
    case elements
    /// A component of nothing.
    case all

    private static let component = "export default function App() {\n"
    private static let codeComment = "  // ... existing code\n"
    private static let elementsComment = "      {/* rest unchanged */}\n"
    private static let nothing = "export default function App() {}\n"

    /// The code with this gap; `nil` where it has no place for it.
    func put(into code: String) -> String? {
        switch self {
        case .code: return code.replacing(behind: Self.component, upTo: "  return (\n", with: Self.codeComment)
        case .elements:
            guard let opening = code.byteRange(of: "    <main "),
                let end = code.byteRange(of: ">\n", from: opening.upperBound)
            else { return nil }
            return code.replacing(from: end.upperBound, upTo: "    </main>\n", with: Self.elementsComment)
        case .all: return Self.nothing
        }
    }

    /// Whether any gap is in the code.
    static func isIn(_ code: String) -> Bool {
        code.hasBytes(codeComment) || code.hasBytes(elementsComment) || code == nothing
    }
}

extension RequestReading {
    /// The reading of a repair; where the code that failed has a gap, it is written anew from the last file that was good.
    func withoutGap(_ call: MessagesCall) -> RequestReading {
        guard hasErrors, let code, Gap.isIn(code) else { return self }
        var reading = self
        reading.hasErrors = false
        reading.code = nil
        let last = call.turns.last { $0.isUser }?.text ?? ""
        if let tag = last.between("<current_file", "</current_file"),
            let end = tag.utf8.firstIndex(of: UInt8(ascii: ">"))
        {
            let good = String(tag[tag.utf8.index(after: end)...]).trimmed + "\n"
            if !Gap.isIn(good) { reading.code = good }
        }
        return reading
    }
}

extension String {
    fileprivate func replacing(behind start: String, upTo end: String, with text: String) -> String? {
        byteRange(of: start).flatMap { replacing(from: $0.upperBound, upTo: end, with: text) }
    }

    fileprivate func replacing(from start: Index, upTo end: String, with text: String) -> String? {
        byteRange(of: end, from: start).map { self[..<start] + text + self[$0.lowerBound...] }
    }
}
