extension AnswerParser {
    /// The fence around the block.
    var fence: Fence? {
        if case .fence(let fence) = block.bounds { fence } else { nil }
    }

    /// Takes a byte of a block, at whatever place of its line.
    mutating func passInside(_ byte: UInt8) {
        switch gate.phase {
        case .open: passOpen(byte)
        case .prefix: passPrefix(byte)
        case .blanks: passBlanks(byte)
        case .marks: passMarks(byte)
        case .tag: passTag(byte, isGlued: false)
        case .text: passText(byte)
        case .textRun: passTextRun(byte)
        case .first: passFirst(byte)
        case .words: passWords(byte)
        case .run: passRun(byte)
        case .behindRun: passBehindRun(byte)
        case .glued: passTag(byte, isGlued: true)
        }
    }

    /// Ends the answer inside a block.
    mutating func finishInside() {
        switch gate.phase {
        case .marks: held.removeAll()
        case .run where gate.marks >= fence?.length ?? .max:
            end()
            return
        case .behindRun:
            end()
            return
        case .words:
            if ProseLine.judge(held + [0x0A]) == .prose {
                endByProse()
                return
            }
        case .first:
            if FirstLine.judge(held + [0x0A]) == .drop { held.removeAll() }
            knowFirst()
        case .textRun: emitTextRun(before: 0x0A)
        default: break
        }
        emitHeld()
        markLine()
        block.isOpenEnded = true
        block.isCut = !block.scanner.isAtTopLevel
        end()
    }

    // MARK: The middle of a line

    /// Takes a byte in the middle of a line.
    mutating func passOpen(_ byte: UInt8) {
        if byte == Fence.backtick, block.scanner.isInCode, fence?.mark == Fence.backtick {
            gate.phase = .run
            gate.marks = 1
            held.append(byte)
        } else if byte == UInt8(ascii: "<"), mayEndInTag, ");}".utf8.contains(block.scanner.previousByte) {
            gate.phase = .glued
            held.append(byte)
        } else {
            emit(byte)
        }
    }

    private var mayEndInTag: Bool { block.scanner.isAtTopLevel && block.scanner.hasCode }

    /// Gives a byte to the file; at a line's end the next one begins.
    mutating func emit(_ byte: UInt8, as meaning: UInt8? = nil) {
        gate.watch.take(byte, mark: fence?.mark ?? Fence.backtick)
        block.append(byte, as: meaning)
        guard byte == 0x0A else { return }
        markLine()
        beginLine()
    }

    /// Begins a line of the block.
    mutating func beginLine() {
        if !held.isEmpty { held.removeAll(keepingCapacity: true) }
        lineOffset = offset
        gate = LineGate()
    }

    /// Remembers a fence line that went through as a part of the source.
    mutating func markLine() {
        let line = gate.watch.result(length: fence?.length ?? 3)
        guard line.isFence, fence != nil else { return }
        block.marks.append(.init(offset: lineOffset, isBare: line.isBare))
    }

    /// Gives what is held to the file; the line goes on openly.
    mutating func emitHeld() {
        gate.phase = .open
        guard !held.isEmpty else { return }
        let bytes = held
        held.removeAll(keepingCapacity: true)
        for byte in bytes { emit(byte) }
    }

    /// Takes a byte behind backticks in the middle of a line.
    mutating func passRun(_ byte: UInt8) {
        let length = fence?.length ?? 3
        if byte == Fence.backtick {
            gate.marks += 1
            held.append(byte)
        } else if gate.marks < length {
            emitHeld()
            passOpen(byte)
        } else if isBehindOperator {
            // A template that begins with a fence.
            gate.phase = .open
            let marks = held.count
            held.removeAll(keepingCapacity: true)
            for index in 0..<marks { emit(Fence.backtick, as: index == 0 ? nil : 0x20) }
            passOpen(byte)
        } else {
            gate.phase = .behindRun
            passBehindRun(byte)
        }
    }

    /// Takes a byte behind a run of backticks that would end the block.
    mutating func passBehindRun(_ byte: UInt8) {
        held.append(byte)
        if byte == 0x0A {
            end()
        } else if byte > 0x20 {
            guard block.scanner.isAtTopLevel else {
                emitHeld()
                return
            }
            endBehindFence()
        }
    }
}
