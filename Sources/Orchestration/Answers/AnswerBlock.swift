/// A piece of an answer that may be the file.
struct AnswerBlock: Sendable {
    /// What ends a block.
    enum Bounds: Sendable, Equatable {
        case fence(Fence)
        /// The closing tag of this name.
        case tag(String)
        /// Nothing: the file stands between prose.
        case none
    }

    /// A line with a fence that was taken for a part of the source, as in a template.
    struct Mark: Sendable, Equatable {
        /// Where the line begins in the answer.
        var offset: Int
        /// Whether there is nothing else on the line, so that it may be the end of the block.
        var isBare: Bool
    }

    /// Counts from 1.
    var number = 0
    var bounds = Bounds.none
    /// Blanks at the beginning of each line that are not the file's.
    var indentation = 0
    var isQuoted = false
    var name = SourceName.component
    /// Whether its first line is still to be seen.
    var isBeginning = true
    /// Whether a language, or its first line, says that it is code.
    var isKnownCode = true
    /// Whether it stands inside a document, or was only thought of.
    var isDraft = false
    var text: [UInt8] = []
    var scanner = SourceScanner()
    var lines = 0
    /// As it turned out at the block's end.
    private var finalExport: DefaultExport?
    var marks: [Mark] = []
    /// Whether prose ended it.
    var endedByProse = false
    /// Whether the answer ended before it was closed.
    var isOpenEnded = false
    /// Whether its code stops in the middle.
    var isCut = false

    /// Takes a byte of the file.
    ///
    /// - Parameters:
    ///   - byte: the next one.
    ///   - meaning: what the scanner is told of it: a blank for a backtick of a fence inside a template.
    mutating func append(_ byte: UInt8, as meaning: UInt8? = nil) {
        text.append(byte)
        scanner.take(meaning ?? byte)
        if byte == 0x0A { lines += 1 }
    }

    /// What it exports by default, as far as it was read.
    var export: DefaultExport { finalExport ?? scanner.exports.found }

    /// Ends the block.
    mutating func finish() { finalExport = scanner.finish() }

    /// Whether it is not to be shown before it turned out to be a file.
    var isQuiet: Bool {
        if export == .value { return isDraft || name == .foreign || (bounds == .none && !scanner.hasCode) }
        return isDraft || name == .foreign || !isKnownCode || !scanner.hasCode
    }

    /// The fence line that ends a block whose template or comment never ends: the last bare one that does not close a fence
    /// opened inside.
    var lastLooseMark: Int? {
        var isOpen = false
        var last: Int?
        for mark in marks {
            if !mark.isBare {
                isOpen = true
            } else if isOpen {
                isOpen = false
            } else {
                last = mark.offset
            }
        }
        return last
    }

    /// Whether it can be the file at all.
    var isCandidate: Bool {
        guard scanner.hasCode, name != .foreign || export != .none else { return false }
        guard export == .none else { return true }
        if bounds == .none, endedByProse { return lines >= 8 }
        return isKnownCode
    }

    /// How good a file it is; the greatest is the one that counts.
    var rank: Rank {
        return Rank(
            isFinal: !isDraft,
            export: name == .foreign ? min(export, .object) : export,
            isComponent: name == .component,
            isBounded: bounds != .none,
            weight: export == .none ? text.count : number
        )
    }

    /// Compares what counts most first.
    struct Rank: Sendable, Comparable {
        var isFinal: Bool
        var export: DefaultExport
        var isComponent: Bool
        var isBounded: Bool
        /// Its size without a default export; its place among the blocks with one.
        var weight: Int

        static func < (left: Self, right: Self) -> Bool {
            if left.isFinal != right.isFinal { return right.isFinal }
            if left.export != right.export { return left.export < right.export }
            if left.isComponent != right.isComponent { return right.isComponent }
            if left.isBounded != right.isBounded { return right.isBounded }
            return left.weight < right.weight
        }
    }
}
