extension AnswerParser {
    // MARK: The beginning of a line inside a template

    /// Takes a byte before anything of the line but blanks was seen.
    mutating func passText(_ byte: UInt8) {
        if byte == Fence.backtick, case .template = block.scanner.state {
            gate.phase = .textRun
            held.append(byte)
        } else if byte == 0x20 || byte == 0x09 {
            emit(byte)
        } else {
            gate.phase = .open
            passOpen(byte)
        }
    }

    /// Takes a byte behind backticks at the beginning of such a line.
    mutating func passTextRun(_ byte: UInt8) {
        if byte == Fence.backtick {
            held.append(byte)
        } else {
            emitTextRun(before: byte)
            passOpen(byte)
        }
    }

    /// Gives a run of backticks inside a template to the file: three of them are a fence in its text, which no scanner of
    /// TypeScript would see, and a fourth before a mark ends the template.
    mutating func emitTextRun(before byte: UInt8) {
        let count = held.count
        held.removeAll(keepingCapacity: true)
        gate.phase = .open
        for index in 0..<count {
            let ends = count < 3 || (count > 3 && index == count - 1 && ";,)}].".utf8.contains(byte))
            emit(Fence.backtick, as: ends ? nil : 0x20)
        }
    }

    // MARK: The beginning of a line

    /// Takes a byte of what each line of the block begins with.
    mutating func passPrefix(_ byte: UInt8) {
        if block.isQuoted {
            if !gate.hasQuoteMark {
                if byte == 0x20, gate.dropped < 3 {
                    gate.dropped += 1
                    return
                }
                guard byte == UInt8(ascii: ">") else {
                    // The quote has ended, and the block with it.
                    end()
                    advance(byte)
                    return
                }
                gate.hasQuoteMark = true
                gate.dropped = -1
                return
            }
            if gate.dropped == -1 {
                gate.dropped = 0
                if byte == 0x20 { return }
            }
        }
        if gate.dropped < block.indentation, byte == 0x20 || byte == 0x09 {
            gate.dropped += 1
            return
        }
        begin(byte)
    }

    /// Begins the line proper.
    private mutating func begin(_ byte: UInt8) {
        if block.isBeginning {
            guard byte != 0x0A else { return beginLine() }
            gate.phase = .first
            passFirst(byte)
        } else if block.scanner.isInsideText, !hints.closings.contains(lineOffset) {
            gate.phase = .text
            passText(byte)
        } else {
            gate.phase = .blanks
            passBlanks(byte)
        }
    }

    /// Takes a byte behind blanks.
    mutating func passBlanks(_ byte: UInt8) {
        let mark = fence?.mark ?? Fence.backtick
        if byte == mark {
            gate.phase = .marks
            gate.marks = 1
            held.append(byte)
            countMarks()
        } else if byte == 0x20, gate.blanks < 3 {
            gate.blanks += 1
            held.append(byte)
        } else if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "]") {
            gate.phase = .tag
            passTag(byte, isGlued: false)
        } else if gate.blanks == 0, byte > 0x20, mayBeProse {
            gate.phase = .words
            passWords(byte)
        } else {
            emitHeld()
            passOpen(byte)
        }
    }

    /// Takes a byte behind marks that are too few for a fence.
    mutating func passMarks(_ byte: UInt8) {
        guard byte == fence?.mark ?? Fence.backtick else {
            emitHeld()
            passOpen(byte)
            return
        }
        held.append(byte)
        gate.marks += 1
        countMarks()
    }

    private mutating func countMarks() {
        if gate.marks >= fence?.length ?? 3 { endBehindFence() }
    }

    /// Whether the code so far wants an operand.
    var isBehindOperator: Bool { "=(,+-*/<&|?:[.".utf8.contains(block.scanner.previousByte) }

    private var mayBeProse: Bool {
        let scanner = block.scanner
        guard scanner.isAtTopLevel, scanner.hasCode, scanner.word.isEmpty else { return false }
        guard block.bounds == .none || scanner.exports.found != .none else { return false }
        return !isBehindOperator
    }

    /// Takes a byte of the first words at the top level, which may be prose.
    mutating func passWords(_ byte: UInt8) {
        held.append(byte)
        work += held.count
        switch ProseLine.judge(held) {
        case .undecided: if held.count > ProseLine.maximumBytes { emitHeld() }
        case .code: emitHeld()
        case .prose: endByProse()
        }
    }

    /// Takes a byte of the first line of the block.
    mutating func passFirst(_ byte: UInt8) {
        held.append(byte)
        work += held.count
        guard !isPartOfMark else { return }
        let line = Self.withoutMarks(held[...])
        if line.count < held.count { held = Array(line) }
        if held.count <= FirstLine.maximumBytes, !held.contains(where: { $0 > 0x20 }) {
            // Blank lines before the first one are not the file's.
            if byte == 0x0A { beginLine() }
            return
        }
        switch FirstLine.judge(held) {
        case .undecided: break
        case .drop:
            block.name = SourceName.first(in: held) ?? block.name
            beginLine()
        case .keep:
            guard block.isKnownCode || byte == 0x0A || held.count > FirstLine.maximumBytes || isFenceHeld else {
                return
            }
            knowFirst()
            block.isBeginning = false
            gate.phase = .blanks
            let line = held
            held.removeAll(keepingCapacity: true)
            replay(line)
        }
    }

    /// Sees whether the first line, which is held, is code, and which file it names.
    mutating func knowFirst() {
        if !block.isKnownCode { block.isKnownCode = CodeLine.beginsCode(held) }
        let text = held.drop { $0 <= 0x20 }
        guard ["//", "/*"].contains(where: { text.starts(with: $0.utf8) }), text.count <= 120 else { return }
        block.name = SourceName.first(in: text) ?? block.name
    }

    private var isFenceHeld: Bool {
        let text = held.drop { $0 <= 0x20 }
        return text.starts(with: "```".utf8) || text.starts(with: "~~~".utf8)
    }

    /// Whether what is held is the beginning of a mark that cannot be seen.
    private var isPartOfMark: Bool {
        guard let first = held.first, held.count < 3 else { return false }
        return first == 0xEF || first == 0xE2
    }
}
