extension AnswerParser {
    /// Takes a byte of what may be a closing tag.
    ///
    /// - Parameters:
    ///   - byte: the next one.
    ///   - isGlued: whether the tag follows code on the same line.
    mutating func passTag(_ byte: UInt8, isGlued: Bool) {
        held.append(byte)
        let text = held.drop { $0 == 0x20 }
        let isAtEnd = block.scanner.isAtTopLevel && block.scanner.hasCode
        switch text.first {
        case UInt8(ascii: ":"), UInt8(ascii: "]"):
            let end = text.first == UInt8(ascii: ":") ? ":::" : "]]>"
            guard isAtEnd, end.utf8.starts(with: text) else { return release() }
            if text.count == 3 { endBehindTag() }
        default:
            guard text.count < 2 || text.dropFirst().first == UInt8(ascii: "/") else { return release() }
            guard byte == UInt8(ascii: ">") else {
                if byte <= 0x20 || text.count > 26 { release() }
                return
            }
            guard let tag = WrapperTag(text) else { return release() }
            if tag.isThought, !isGlued {
                let end = offset
                self.end()
                endThoughts(at: end)
            } else if block.bounds == .tag(tag.name) || (tag.isWrapper && isAtEnd) {
                endBehindTag()
            } else {
                release()
            }
        }
    }

    /// Gives what is held to the file: it was no tag.
    private mutating func release() {
        gate.phase = .open
        let line = held
        held.removeAll(keepingCapacity: true)
        for byte in line { emit(byte) }
    }

    /// Ends the block.
    mutating func end() {
        block.finish()
        ended.append(block)
        held.removeAll(keepingCapacity: true)
        state = document.map { .skipping($0) } ?? .outside
    }

    /// Ends the block at a fence; the rest of its line is still to come.
    mutating func endBehindFence() {
        let line = held
        let isFence = if case .fence = block.bounds { true } else { false }
        let hadCode = block.scanner.hasCode
        end()
        held = line
        // Where no fence is open and no code came, this one opens the file.
        state = isFence || hadCode ? .behindFence : .outside
    }

    /// Ends the block at the closing tag of a wrapper.
    mutating func endBehindTag() {
        let isFence = if case .fence = block.bounds { true } else { false }
        end()
        if isFence { state = .behindFile }
    }

    /// Ends the block at a line of prose, which is held.
    mutating func endByProse() {
        let line = held
        let isFence = if case .fence = block.bounds { true } else { false }
        block.endedByProse = true
        end()
        held = line
        if isFence { state = .behindFile }
    }
}
