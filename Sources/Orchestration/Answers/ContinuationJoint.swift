/// Joins the rest of an answer to the part that was cut at the token limit.
///
/// The model is asked to go on exactly where it stopped. What it does beyond that is taken off: words and a fence before the code,
/// and the line of the cut begun once more, or some lines before it. Only what is sure is taken off, as a character that is lost
/// here is lost for good: a whole line that comes twice is left to the bundler. Some of the rest's beginning is held back until
/// that is decided.
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
    /// Bytes, blanks not counted, from which it is not by chance that the rest begins with the line of the cut.
    static let bytesOfALine = 24
    /// The same where the cut is inside a word.
    static let bytesOfAWord = 4

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
    ///
    /// Only the line in which the cut is tells: where it begins again, code does not go on by itself. Whole lines may well come
    /// twice, so a cut at a line's end is taken as it is.
    private func repeated(by rest: ArraySlice<UInt8>) -> Int {
        let tail = answer.suffix(Self.maximumHeld)
        let line = tail.lastIndex(of: 0x0A).map { tail[($0 + 1)...] } ?? tail
        let shortest = line.drop { $0 <= 0x20 }.count
        let longest = min(tail.count, rest.count)
        guard shortest > 0, longest >= shortest else { return 0 }
        for count in stride(from: longest, through: shortest, by: -1) {
            let overlap = tail.suffix(count)
            guard isAtLineStart(overlap.startIndex), rest.starts(with: overlap) else { continue }
            return isMeant(overlap, isOneLine: count <= line.count) && !rest.dropFirst(count).starts(with: overlap)
                ? count : 0
        }
        return 0
    }

    /// Whether there are only blanks between the beginning of the line and a place in the answer.
    private func isAtLineStart(_ index: Int) -> Bool {
        guard let last = answer[..<index].last(where: { $0 == 0x0A || $0 > 0x20 }) else { return true }
        return last == 0x0A
    }

    /// Whether it is not by chance that the rest begins as the answer ends.
    private func isMeant(_ overlap: ArraySlice<UInt8>, isOneLine: Bool) -> Bool {
        let weight = overlap.reduce(0) { $0 + ($1 > 0x20 ? 1 : 0) }
        let isInsideWord = overlap.last.map(Self.isWord) ?? false && overlap.contains(where: Self.isLetter)
        let least = !isInsideWord ? Self.bytesOfALine : isOneLine ? Self.bytesOfAWord : 2 * Self.bytesOfAWord
        return weight >= least && !Self.isPeriodic(Array(overlap.drop { $0 <= 0x20 }))
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    /// Whether a text is a shorter one again and again: then it may well go on like that.
    private static func isPeriodic(_ text: [UInt8]) -> Bool {
        guard text.count > 1 else { return false }
        return (1...(text.count / 2)).contains { period in
            text.count.isMultiple(of: period) && text.dropFirst(period).elementsEqual(text.dropLast(period))
        }
    }
}
