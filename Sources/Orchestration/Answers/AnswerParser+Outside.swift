extension AnswerParser {
    private static let byteOrderMarks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0x8B], [0xE2, 0x81, 0xA0]]

    /// The bytes behind marks that cannot be seen: a byte order mark, a space without width.
    static func withoutMarks(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = line
        while let mark = byteOrderMarks.first(where: { rest.starts(with: $0) }) { rest = rest.dropFirst(mark.count) }
        return rest
    }

    /// Judges a line, or the rest of one behind a tag, outside of blocks.
    ///
    /// - Parameters:
    ///   - line: the piece to judge; its indices count from the line's beginning.
    ///   - start: where the line begins in the answer.
    mutating func judge(_ line: ArraySlice<UInt8>, at start: Int) {
        var rest = line
        while true {
            rest = Self.withoutMarks(rest)
            let text = rest.drop { $0 <= 0x20 }
            guard text.first == UInt8(ascii: "<") else { break }
            if let tag = WrapperTag(text) {
                if tag.isThought {
                    if tag.isClosing {
                        endThoughts(at: start + tag.end)
                        rest = text[tag.end...]
                        continue
                    } else if !hints.ignoresThoughts {
                        begin(thinkingFrom: start + text.startIndex, with: text[tag.end...], at: start)
                        return
                    }
                    thoughts.append((start + text.startIndex)..<(start + tag.end))
                    rest = text[tag.end...]
                    continue
                } else if tag.isWrapper {
                    rest = text[tag.end...]
                    guard enter(tag, with: rest, at: start) else { continue }
                    return
                }
            } else if text.starts(with: "<![CDATA[".utf8) {
                rest = text.dropFirst(9)
                continue
            }
            break
        }
        if let end = strayThought(in: rest) {
            endThoughts(at: start + end)
            judge(rest[end...], at: start)
            return
        }
        judgeText(rest, at: start)
    }

    /// Where a closing tag of thoughts ends that nothing opened.
    private func strayThought(in line: ArraySlice<UInt8>) -> Int? {
        // Between backticks the tag is only spoken of.
        guard line.contains(UInt8(ascii: "<")), !line.contains(Fence.backtick) else { return nil }
        return Self.closing(in: line, where: \.isThought)
    }

    /// All that came before a closing tag without an opening was thought.
    mutating func endThoughts(at end: Int) {
        guard (thoughts.last?.upperBound ?? 0) < end else { return }
        thoughts.append((thoughts.last?.upperBound ?? 0)..<end)
        lastDraft = block.number
        prose.removeAll()
    }

    private mutating func begin(thinkingFrom place: Int, with rest: ArraySlice<UInt8>, at start: Int) {
        if let end = Self.closing(in: rest, where: \.isThought) {
            thoughts.append(place..<(start + end))
            judge(rest[end...], at: start)
        } else {
            state = .thinking(from: place)
        }
    }

    /// Enters a wrapper around a file.
    ///
    /// - Returns: whether the rest of the line was taken in.
    private mutating func enter(_ tag: WrapperTag, with rest: ArraySlice<UInt8>, at start: Int) -> Bool {
        guard !tag.isClosing, let file = tag.file else { return false }
        guard file != .foreign else {
            if let end = Self.closing(in: rest, where: { $0.name == tag.name }) {
                judge(rest[end...], at: start)
            } else {
                state = .skippingTag(tag.name)
            }
            return true
        }
        open(bounds: .tag(tag.name), name: file, known: true)
        replay(rest)
        return true
    }

    private mutating func judgeText(_ line: ArraySlice<UInt8>, at start: Int) {
        let bytes = Array(line)
        if let opening = FenceOpening(bytes) {
            open(opening, at: start)
            if let code = opening.codeStart, state == .inside { replay(line[(line.startIndex + code)...]) }
        } else if ModuleLine.begins(bytes) {
            open(bounds: .none, name: announcedName ?? .component, known: true)
            block.isBeginning = false
            replay(line)
        } else {
            // Directives around an artifact, and their like, are nothing that is said.
            guard !bytes.starts(with: ":::".utf8), !bytes.starts(with: "]]>".utf8) else { return }
            say(line)
        }
    }

    /// Judges the rest of a line behind the fence that ended a block.
    mutating func judgeBehindFence(_ line: [UInt8], at start: Int) {
        // Marks that were counted already stand before the rest.
        guard line.contains(where: { $0 > 0x20 && $0 != Fence.backtick && $0 != Fence.tilde }) else { return }
        if let opening = FenceOpening(line), opening.isNamed {
            judge(line[...], at: start)
        } else {
            judge(line.drop { $0 == Fence.backtick || $0 == Fence.tilde || $0 <= 0x20 }, at: start)
        }
    }

    /// Opens a block, or passes over one of another language.
    mutating func open(_ opening: FenceOpening, at start: Int) {
        let announced = announcedName
        announcedName = nil
        nestedFences = 0
        guard opening.kind == .component || opening.kind == .bare else {
            if skippedLanguages.count < 16 { skippedLanguages.append(opening.language) }
            state = .skipping(opening)
            return
        }
        open(
            bounds: .fence(opening.fence),
            name: opening.name ?? announced ?? .component,
            known: opening.kind == .component
        )
        block.indentation = opening.indentation
        block.isQuoted = opening.isQuoted
    }

    /// Opens a block at the next byte.
    mutating func open(bounds: AnswerBlock.Bounds, name: SourceName, known: Bool) {
        let number = block.number + 1
        block = AnswerBlock()
        block.number = number
        block.bounds = bounds
        block.name = name
        block.isKnownCode = known
        announcedName = nil
        state = .inside
        beginLine()
    }
}
