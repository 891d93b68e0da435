/// Reads a streamed answer: shows the file as it comes, and knows at the end which one counts.
///
/// Candidates are blocks of component languages or of none, wrappers around a component, and code without any fence. The last
/// with a default export counts, else the largest. The first that reads like code is shown as it comes. A wrong choice is taken
/// back once while the answer still runs, as soon as a later block is the better one, so that the file can be watched; later
/// ones wait for the end. So an answer is restarted at most twice, and once or never unless it holds three files.
///
/// The texts appended since the last restart are the file, exactly. Any cutting of the answer gives the same file, the same
/// outcome and the same restarts. The work is linear in the answer's length.
package struct AnswerReader: Sendable {
    /// What to do with the code that is shown.
    package enum Action: Sendable, Equatable {
        /// More of the file.
        case append(String)
        /// What was shown was the wrong choice: the file begins anew.
        case restart
    }

    /// The block that is shown.
    private struct Shown: Sendable {
        var number = 0
        var rank: AnswerBlock.Rank
        var lines = 0
        var isOpen = true
    }

    /// Lines from which a block is taken for the file before its default export is seen.
    static let linesOfAFile = 40
    /// How often an answer is read anew at most.
    private static let maximumReadings = 4

    private var parser = AnswerParser()
    private var answer: [UInt8] = []
    private var shown: Shown?
    private var shownText: [UInt8] = []
    /// The best block of those that have ended.
    private var best: AnswerBlock?
    private var hasRestarted = false
    private var actions: [Action] = []
    private var pending: [UInt8] = []
    /// Bytes looked at in earlier readings.
    private var earlierWork = 0

    /// Bytes looked at, in all readings.
    var work: Int { earlierWork + parser.work }

    /// The file that is shown, as far as it came.
    var fileSoFar: [UInt8] { shownText }

    /// Whether the next byte belongs to a file's code, outside of strings, templates and comments.
    var isInsideCode: Bool {
        let block = parser.block
        return parser.isInside && !block.scanner.isInsideText && (block.bounds != .none || block.scanner.hasCode)
    }

    /// Begins to read.
    package init() {}

    /// Takes one more piece of the answer.
    ///
    /// - Parameter delta: cut anywhere.
    /// - Returns: what is now known of the file; empty when nothing is.
    package mutating func feed(_ delta: String) -> [Action] {
        for byte in delta.utf8 {
            answer.append(byte)
            parser.take(byte)
            if byte == 0x0A || !parser.ended.isEmpty { follow() }
        }
        if parser.isInside { show() }
        return takeActions()
    }

    /// Ends the answer.
    ///
    /// - Returns: what is left to do with the code that is shown, and what the answer is.
    package mutating func finish() -> (actions: [Action], answer: Answer) {
        parser.finish()
        follow()
        readAgain()
        let file = best.map { Array($0.text) } ?? []
        if file.starts(with: shownText) {
            append(file.dropFirst(shownText.count))
        } else {
            restart()
            append(file[...])
        }
        return (takeActions(), result)
    }

    private var result: Answer {
        let remarks = String(decoding: parser.prose, as: UTF8.self).withoutBlanksAround
        guard let block = best else {
            return Answer(outcome: .prose(spoken), remarks: remarks, skippedLanguages: parser.skippedLanguages)
        }
        let found = block.export
        let file = AnswerFile(
            text: String(decoding: block.text, as: UTF8.self),
            defaultExport: found,
            isCut: block.isCut,
            isFragment: found == .none && !block.isOpenEnded && !remarks.isEmpty
        )
        return Answer(
            outcome: .file(file),
            remarks: remarks,
            skippedLanguages: parser.skippedLanguages,
            words: file.isFragment ? spoken : ""
        )
    }

    /// The answer without thoughts.
    private var spoken: String {
        var bytes: [UInt8] = []
        var start = 0
        for thought in parser.thoughts where thought.lowerBound >= start {
            bytes += answer[start..<thought.lowerBound]
            start = thought.upperBound
        }
        bytes += answer[start...]
        return String(decoding: AnswerParser.withoutMarks(bytes[...]), as: UTF8.self).withoutBlanksAround
    }

    // MARK: What is shown

    /// Follows the parser at the end of a line or of a block.
    private mutating func follow() {
        if !parser.ended.isEmpty {
            let blocks = parser.ended
            parser.ended.removeAll(keepingCapacity: true)
            for block in blocks { end(block) }
        }
        guard parser.isInside, !hasRestarted, shown?.number != parser.block.number, !parser.block.isQuiet else {
            return
        }
        consider(parser.block)
    }

    private mutating func end(_ block: AnswerBlock) {
        consider(block)
        show(block)
        if shown?.number == block.number {
            shown = Shown(number: block.number, rank: rank(block), lines: block.lines, isOpen: false)
        }
        keep(block)
    }

    private mutating func keep(_ block: AnswerBlock) {
        guard block.isCandidate else { return }
        if let best, rank(best) > rank(block) { return }
        best = block
    }

    /// Chooses a block to be shown, if it is better than the one that is.
    private mutating func consider(_ block: AnswerBlock) {
        guard let current = shown else {
            if !block.isQuiet { shown = Shown(number: block.number, rank: rank(block)) }
            return
        }
        guard current.number != block.number else { return }
        var shownRank = current.rank
        shownRank.isFinal = shownRank.isFinal && current.number > parser.lastDraft
        let rank = rank(block)
        guard !hasRestarted, !block.isQuiet, rank > shownRank else { return }
        let isSure =
            rank.export == .value || rank.isFinal != shownRank.isFinal
            || (shownRank.export == .none && block.lines > max(Self.linesOfAFile, 2 * current.lines))
        guard isSure else { return }
        hasRestarted = true
        restart()
        shown = Shown(number: block.number, rank: rank, lines: block.lines)
    }

    private func rank(_ block: AnswerBlock) -> AnswerBlock.Rank {
        var rank = block.rank
        rank.isFinal = rank.isFinal && block.number > parser.lastDraft
        return rank
    }

    private mutating func show() {
        if shown == nil { consider(parser.block) }
        show(parser.block)
    }

    private mutating func show(_ block: AnswerBlock) {
        guard let shown, shown.isOpen, shown.number == block.number else { return }
        append(block.text[shownText.count...])
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        shownText += bytes
        pending += bytes
    }

    private mutating func restart() {
        shownText.removeAll()
        pending.removeAll()
        // What was appended in the same step was never seen.
        actions = [.restart]
    }

    private mutating func takeActions() -> [Action] {
        if !pending.isEmpty { actions.append(.append(String(decoding: pending, as: UTF8.self))) }
        pending.removeAll(keepingCapacity: true)
        defer { actions.removeAll() }
        return actions
    }

    // MARK: Reading anew

    /// Reads the answer once more where the first reading came to no end: thoughts that never end, a fence that was taken for
    /// a part of a template.
    private mutating func readAgain() {
        var hints = AnswerParser.Hints()
        for _ in 1..<Self.maximumReadings {
            if case .thinking = parser.state, best == nil || best?.export == DefaultExport.none {
                hints.ignoresThoughts = true
            } else if parser.block.isOpenEnded, let mark = parser.block.lastLooseMark,
                hints.closings.insert(mark).inserted
            {
                // The block ends there.
            } else {
                return
            }
            earlierWork += parser.work
            best = nil
            parser = AnswerParser(hints: hints)
            for byte in answer { parser.take(byte) }
            parser.finish()
            for block in parser.ended { keep(block) }
            parser.ended.removeAll()
        }
    }
}

extension String {
    /// Without blanks and line ends around.
    fileprivate var withoutBlanksAround: String {
        let bytes = utf8
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
        else {
            return ""
        }
        return String(self[first...last])
    }
}
