import Foundation
import Testing

/// The tables of `protocol/README.md` that are held equal to the code: those behind `<!-- table: NAME -->`.
struct ProtocolTables {
    private let text: String

    init() throws {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        text = try String(contentsOf: root.appending(path: "protocol/README.md"), encoding: .utf8)
    }

    /// The cells of each row, without the head; marks of code are taken off.
    func rows(_ name: String) throws -> [[String]] {
        let mark = "<!-- table: \(name) -->\n"
        let start = try #require(text.range(of: mark), "no table \(name)").upperBound
        let lines = text[start...].split(separator: "\n", omittingEmptySubsequences: false)
        return lines.dropFirst(2).prefix { $0.hasPrefix("|") }.map { line in
            // A bar that is escaped belongs to its cell.
            line.replacing("\\|", with: "\u{1}").split(separator: "|").map { cell in
                cell.replacing("\u{1}", with: "|").replacing("`", with: "").trimmingCharacters(in: .whitespaces)
            }
        }
    }

    func column(_ name: String, _ index: Int = 0) throws -> [String] {
        try rows(name).map { $0[index] }
    }
}
