/// Cuts an answer into prose, thoughts, blocks of other languages, and blocks that may be the file.
///
/// Fed byte by byte. Outside of a block whole lines are looked at; inside of one, bytes go through at once but for what may end
/// the block: blanks and marks at a line's beginning, a run of backticks, the beginning of a closing tag, the first words of a
/// line at the top level behind the default export.
struct AnswerParser: Sendable {
    /// What a second reading knows.
    struct Hints: Sendable, Equatable {
        /// Whether `<think>` begins nothing, because it never ends.
        var ignoresThoughts = false
        /// Fence lines, by their places in the answer, that end a block though its source seems to go on.
        var closings: Set<Int> = []
    }

    /// Where in the answer it is.
    enum State: Sendable, Equatable {
        case outside
        /// Until a closing tag; begun at a place in the answer.
        case thinking(from: Int)
        /// Inside a block of another language.
        case skipping(FenceOpening)
        /// Inside a wrapper around another file.
        case skippingTag(String)
        case inside
        /// On the rest of the line whose fence ended the block.
        case behindFence
        /// Behind the file, inside its fence.
        case behindFile
    }

    let hints: Hints
    var state = State.outside
    /// The block that is read, or the last one.
    var block = AnswerBlock()
    /// What is held back of the current line.
    var held: [UInt8] = []
    var gate = LineGate()
    /// Bytes taken in.
    var offset = 0
    /// Where the current line begins in the answer.
    var lineOffset = 0
    /// What is said outside of blocks and thoughts.
    var prose: [UInt8] = []
    /// Where thoughts stand in the answer.
    var thoughts: [Range<Int>] = []
    /// The file's name on the last line of prose.
    var announcedName: SourceName?
    /// The document that the block stands in.
    var document: FenceOpening?
    /// Blocks that are open inside a document of another language.
    var nestedFences = 0
    /// Blocks up to this number were thoughts: a closing tag came behind them.
    var lastDraft = 0
    /// Languages of the blocks that were passed over.
    var skippedLanguages: [String] = []
    /// Bytes looked at, those that were looked at again too.
    var work = 0
    /// Blocks that have ended and were not fetched yet.
    var ended: [AnswerBlock] = []

    /// Begins to read.
    init(hints: Hints = Hints()) { self.hints = hints }

    /// Whether a block is being read.
    var isInside: Bool { state == .inside }

    /// Takes the next byte of the answer.
    mutating func take(_ byte: UInt8) {
        offset += 1
        advance(byte)
    }

    /// Takes bytes once more that were held back: the last ones that were taken.
    mutating func replay(_ bytes: some Collection<UInt8>) {
        offset -= bytes.count
        for byte in bytes { take(byte) }
    }

    /// Takes a byte that is counted already.
    mutating func advance(_ byte: UInt8) {
        work += 1
        if state == .inside {
            passInside(byte)
            return
        }
        held.append(byte)
        if byte == 0x0A { endLine() }
    }

    /// Ends the answer.
    mutating func finish() {
        if state == .inside {
            finishInside()
        } else {
            endLine()
            if state == .inside { finishInside() }
        }
        if case .thinking(let start) = state { thoughts.append(start..<offset) }
    }

    /// Judges the whole line that is held, outside of a block.
    private mutating func endLine() {
        guard held.count > 2 || held.contains(where: { $0 > 0x20 }) else {
            if state == .outside { prose += held }
            held.removeAll(keepingCapacity: true)
            return
        }
        let line = held
        work += line.count
        held.removeAll(keepingCapacity: true)
        let start = offset - line.count
        switch state {
        case .outside: judge(line[...], at: start)
        case .thinking(let begin):
            guard let end = Self.closing(in: line[...], where: \.isThought) else { return }
            thoughts.append(begin..<(start + end))
            state = .outside
            judge(line[end...], at: start)
        case .skipping(let opening): skip(line, opening, at: start)
        case .skippingTag(let name):
            guard let end = Self.closing(in: line[...], where: { $0.name == name }) else { return }
            state = .outside
            judge(line[end...], at: start)
        case .behindFence:
            state = document.map { .skipping($0) } ?? .outside
            judgeBehindFence(line, at: start)
        case .behindFile:
            if let opening = FenceOpening(line) {
                state = .outside
                if opening.kind != .bare { judge(line[...], at: start) }
            } else {
                say(line[...])
            }
        case .inside: break
        }
    }

    /// Where the first closing tag of a kind ends in a line.
    static func closing(in line: ArraySlice<UInt8>, where matches: (WrapperTag) -> Bool) -> Int? {
        var rest = line
        while let less = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[less...]
            if rest.dropFirst().first == UInt8(ascii: "/"), let tag = WrapperTag(rest), matches(tag) { return tag.end }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// Takes in prose.
    mutating func say(_ line: ArraySlice<UInt8>) {
        prose += line
        if line.contains(where: { $0 > 0x20 }) { announcedName = Self.announced(line) }
    }

    /// The name of a file that stands alone on a line, as a heading does.
    private static func announced(_ line: ArraySlice<UInt8>) -> SourceName? {
        guard line.count <= 120, line.contains(UInt8(ascii: ".")) else { return nil }
        let words = line.split { $0 <= 0x20 }.map { word in
            word.drop { "*`#\"'(:".utf8.contains($0) }.prefix { !"*`\"'):".utf8.contains($0) }
        }.filter { !$0.isEmpty }
        guard words.count <= 3 else { return nil }
        return words.lazy.compactMap { SourceName($0) }.first
    }

    private mutating func skip(_ line: [UInt8], _ opening: FenceOpening, at start: Int) {
        let text = opening.isQuoted ? Array(line.drop { $0 <= 0x20 || $0 == UInt8(ascii: ">") }) : line
        if let other = FenceOpening(text), other.kind != .bare {
            if opening.kind == .document {
                guard other.kind == .component, nestedFences == 0 else {
                    nestedFences += 1
                    return
                }
                document = opening
                open(other, at: start)
                block.isDraft = true
            } else if other.kind == .component, other.fence.length >= opening.fence.length {
                // The block before was not closed.
                state = .outside
                judge(line[...], at: start)
            }
            return
        }
        guard opening.fence.isEnded(by: text) else { return }
        if nestedFences > 0 {
            nestedFences -= 1
        } else {
            document = nil
            state = .outside
        }
    }
}

extension Fence {
    /// Whether a whole line ends the block, however far it is indented.
    func isEnded(by line: some Collection<UInt8>) -> Bool {
        let text = line.drop { $0 <= 0x20 }
        let marks = text.prefix { $0 == mark }
        return marks.count >= length && text.dropFirst(marks.count).allSatisfy { $0 <= 0x20 }
    }
}
