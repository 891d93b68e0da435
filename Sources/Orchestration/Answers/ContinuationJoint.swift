/// Joins the rest of an answer to the part that was cut at the token limit.
///
/// The model is asked to go on exactly where it stopped. What it does beyond that is taken off: words and a fence before the code,
/// and the last lines said once more. Only what is sure is taken off, as a character that is lost here is lost for good: a line
/// that comes twice is left to the bundler. Some of the rest's beginning is held back until that is decided.
struct ContinuationJoint: Sendable {
    /// What to do with a piece of the rest.
    enum Piece: Sendable, Equatable {
        /// It follows the answer so far.
        case rest(String)
        /// The model has begun the whole answer anew.
        case anew(String)
    }

    /// Bytes of the rest that are held back at most.
    static let maximumHeld = 512
    /// Bytes that the rest has in common with the beginning of the file when it is the whole file again.
    static let bytesOfABeginning = 80
    /// Bytes of a line, blanks not counted, from which it is not by chance that the rest begins with it.
    static let bytesOfALine = 10
    /// The same of whole lines before the cut, of which there must be two.
    static let bytesOfLines = 40

    private let answer: [UInt8]
    private let reader: AnswerReader
    private var held: [UInt8] = []
    private var isDecided = false

    /// Begins to join.
    ///
    /// - Parameters:
    ///   - answer: all that came before the cut.
    ///   - reader: what has read it.
    init(behind answer: String, reader: AnswerReader) {
        self.answer = Array(answer.utf8)
        self.reader = reader
    }

    /// Takes the next piece of the rest.
    mutating func feed(_ delta: String) -> Piece {
        guard !isDecided else { return .rest(delta) }
        held += Array(delta.utf8)
        return held.count < Self.maximumHeld ? .rest("") : decide()
    }

    /// Ends the rest.
    mutating func finish() -> Piece { isDecided ? .rest("") : decide() }

    private mutating func decide() -> Piece {
        isDecided = true
        let rest = withoutOpening(held[...])
        let isAnew = zip(rest, reader.fileSoFar).prefix { $0 == $1 }.count >= Self.bytesOfABeginning
        guard !isAnew else { return .anew(String(decoding: held, as: UTF8.self)) }
        return .rest(String(decoding: rest.dropFirst(repeated(by: rest)), as: UTF8.self))
    }

    /// Takes off a fence that names a component's language, and a line or two of words before it, unless they belong to a text
    /// in the file.
    private func withoutOpening(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var lines = rest
        var reader = reader
        for _ in 0..<3 {
            guard reader.isInsideCode, let end = lines.firstIndex(of: 0x0A) else { return rest }
            let line = Array(lines[...end])
            lines = lines[(end + 1)...]
            if let opening = FenceOpening(line), opening.kind == .component, opening.codeStart == nil { return lines }
            _ = reader.feed(String(decoding: line, as: UTF8.self))
            guard line.allSatisfy({ $0 <= 0x20 }) || ProseLine.judge(line) == .prose else { return rest }
        }
        return rest
    }

    /// How many bytes of the rest's beginning say again what stands before the cut, from the beginning of a line.
    private func repeated(by rest: ArraySlice<UInt8>) -> Int {
        let tail = answer.suffix(Self.maximumHeld)
        let longest = min(tail.count, rest.count)
        guard longest >= Self.bytesOfALine else { return 0 }
        for count in stride(from: longest, through: Self.bytesOfALine, by: -1) {
            let overlap = tail.suffix(count)
            guard isAtLineStart(overlap.startIndex), rest.starts(with: overlap), isMeant(overlap) else { continue }
            return count
        }
        return 0
    }

    /// Whether there are only blanks between the beginning of the line and a place in the answer.
    private func isAtLineStart(_ index: Int) -> Bool {
        guard let last = answer[..<index].last(where: { $0 == 0x0A || $0 > 0x20 }) else { return true }
        return last == 0x0A
    }

    /// Whether it is not by chance that the rest begins as the answer ends.
    private func isMeant(_ overlap: ArraySlice<UInt8>) -> Bool {
        let isWhole = overlap.last == 0x0A
        let weight = overlap.reduce(0) { $0 + ($1 > 0x20 ? 1 : 0) }
        guard weight >= (isWhole ? Self.bytesOfLines : Self.bytesOfALine) else { return false }
        if isWhole, overlap.dropLast().lastIndex(of: 0x0A) == nil { return false }
        // What stands there more than once may well come once more.
        return answer.firstRange(of: overlap)?.lowerBound == overlap.startIndex
    }
}
