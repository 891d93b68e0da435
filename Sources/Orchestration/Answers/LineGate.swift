/// Where the current line of a block stands: what of it is still held back, and why.
struct LineGate: Sendable {
    /// Why bytes are held back, or that they are not.
    enum Phase: Sendable, Equatable {
        /// At the line's beginning, before what each line of the block begins with.
        case prefix
        /// In blanks before what may be a fence.
        case blanks
        /// In a run of marks that may become a fence.
        case marks
        /// In what may be a closing tag.
        case tag
        /// In the first line of a block, or in the first words of a line that may be prose.
        case first
        case words
        /// At the beginning of a line inside a template, and in a run of backticks there.
        case text
        case textRun
        /// Bytes go through.
        case open
        /// In a run of backticks in the middle of a line.
        case run
        /// In blanks behind such a run that is long enough.
        case behindRun
        /// In what may be a closing tag in the middle of a line.
        case glued
    }

    var phase = Phase.prefix
    /// Blanks that were dropped as a part of the block's indentation.
    var dropped = 0
    /// Whether the quote's mark was seen.
    var hasQuoteMark = false
    var blanks = 0
    var marks = 0
    /// For lines inside a template: what was seen of a fence.
    var watch = FenceWatch()
}

/// Tells whether a line that goes through is a fence, without holding it back.
struct FenceWatch: Sendable {
    private var marks = 0
    private var isOver = false
    private var hasInfo = false

    /// Begins a line.
    init() {}

    /// Takes the next byte of the line.
    mutating func take(_ byte: UInt8, mark: UInt8) {
        guard !isOver else { return }
        if byte == mark {
            if hasInfo { isOver = true; marks = 0 } else { marks += 1 }
        } else if byte > 0x20 {
            if marks >= 3 { hasInfo = true } else { isOver = true; marks = 0 }
        } else if marks > 0, marks < 3 {
            isOver = true
            marks = 0
        }
    }

    /// What the whole line is.
    func result(length: Int) -> (isFence: Bool, isBare: Bool) {
        guard !isOver, marks >= 3 else { return (false, false) }
        return (hasInfo || marks >= length, !hasInfo)
    }
}
