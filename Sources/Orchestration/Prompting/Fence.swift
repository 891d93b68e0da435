/// The marks around a block of code in Markdown (CommonMark §4.5): at least three backticks or tildes.
struct Fence: Sendable, Equatable {
    /// A backtick or a tilde.
    var mark: UInt8
    /// Marks in a row, from 3.
    var length: Int

    static let backtick = UInt8(ascii: "`")
    static let tilde = UInt8(ascii: "~")

    /// What a line's beginning says about being a fence.
    enum Progress { case undecided, complete, no }

    /// Looks at the beginning of a line inside a file: up to three blanks, then the marks.
    ///
    /// A line of TypeScript does not begin with three backticks, so what follows them does not matter: models like to go on
    /// with a remark on the same line.
    ///
    /// - Parameters:
    ///   - line: the line so far.
    ///   - opening: the fence that is to be closed; `nil` looks for any.
    /// - Returns: `complete` at the last mark that is needed.
    static func progress(of line: [UInt8], closing opening: Fence?) -> Progress {
        let marks = line.drop { $0 == 0x20 }
        let blanks = line.count - marks.count
        guard blanks <= 3 else { return .no }
        guard let mark = marks.first else { return .undecided }
        guard mark == opening?.mark ?? backtick, marks.allSatisfy({ $0 == mark }) else { return .no }
        return marks.count >= opening?.length ?? 3 ? .complete : .undecided
    }

    /// Whether a whole line ends the block.
    func isClosed(by line: [UInt8]) -> Bool {
        let marks = line.drop { $0 == 0x20 }.prefix { $0 == mark }
        let behind = line.drop { $0 == 0x20 }.dropFirst(marks.count)
        return marks.count >= length && behind.allSatisfy { $0 <= 0x20 }
    }
}
