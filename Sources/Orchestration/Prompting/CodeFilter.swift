/// Keeps the file of a streamed answer and drops what is around it: prose, fences, closing remarks.
///
/// The first code fence is the file; fences of other languages (a shell command, a JSON file) are skipped. Without a fence the
/// file begins with the first line that reads like code. What a stream has shown cannot be taken back, so a later fence never
/// replaces an earlier one, even when only the later one holds a default export: that is left to a repair.
///
/// Feeding is incremental. Held back is the current line until the file begins, then at most three blanks and a fence at the
/// beginning of a line. Any cutting of the answer gives the same file.
package struct CodeFilter: Sendable {
    private enum State: Sendable, Equatable {
        /// Before the file; whole lines are looked at.
        case searching
        /// Inside a fence that is not the file.
        case skipping(Fence)
        /// Inside the file, which has no fence when `nil`.
        case inFile(Fence?)
        /// A fence began where there was none around the file: its line tells whether the file ends or begins again.
        case fenceInFile
        /// Behind the file.
        case done
    }

    private var state = State.searching
    /// What is held back of the current line.
    private var held: [UInt8] = []
    /// Whether the current line of the file may still turn out to be a fence.
    private var mayBeFence = true
    private var scanner = DefaultExportScanner()

    package init() {}

    /// Takes one more piece of the answer.
    ///
    /// - Parameter delta: cut anywhere.
    /// - Returns: what is now known to belong to the file.
    package mutating func feed(_ delta: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(delta.utf8.count)
        for byte in delta.utf8 {
            if state == .done { break }
            take(byte, into: &output)
        }
        return emit(output)
    }

    /// Ends the answer.
    ///
    /// - Returns: what was still held back of the file, and whether the file as a whole has a default export.
    package mutating func finish() -> (rest: String, hasDefaultExport: Bool) {
        var output: [UInt8] = []
        switch state {
        case .searching where CodeLine.beginsCode(held): output = held
        case .inFile: output = held
        default: break
        }
        held = []
        state = .done
        let rest = emit(output)
        return (rest, scanner.finish())
    }

    private mutating func emit(_ bytes: [UInt8]) -> String {
        scanner.feed(bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8, into output: inout [UInt8]) {
        switch state {
        case .searching: search(byte, into: &output)
        case .skipping(let fence): skip(byte, fence)
        case .inFile(let fence): pass(byte, fence, into: &output)
        case .fenceInFile: judgeFence(byte)
        case .done: break
        }
    }

    private mutating func search(_ byte: UInt8, into output: inout [UInt8]) {
        held.append(byte)
        guard byte == 0x0A else { return }
        defer { held = [] }
        if let opening = CodeLine.opening(held) {
            state = opening.isComponent ? .inFile(opening.fence) : .skipping(opening.fence)
        } else if CodeLine.beginsCode(held) {
            output += held
            state = .inFile(nil)
        }
    }

    private mutating func skip(_ byte: UInt8, _ fence: Fence) {
        held.append(byte)
        guard byte == 0x0A else { return }
        if fence.isClosed(by: held) { state = .searching }
        held = []
    }

    private mutating func pass(_ byte: UInt8, _ fence: Fence?, into output: inout [UInt8]) {
        guard mayBeFence else {
            output.append(byte)
            mayBeFence = byte == 0x0A
            return
        }
        held.append(byte)
        switch Fence.progress(of: held, closing: fence) {
        case .undecided: return
        case .complete:
            guard fence == nil else {
                held = []
                state = .done
                return
            }
            state = .fenceInFile
        case .no:
            output += held
            held = []
            mayBeFence = byte == 0x0A
        }
    }

    private mutating func judgeFence(_ byte: UInt8) {
        held.append(byte)
        guard byte == 0x0A else { return }
        if let opening = CodeLine.opening(held), opening.isComponent, opening.hasLanguage {
            // What came before was a remark written as a comment; the file goes on inside the fence.
            state = .inFile(opening.fence)
        } else {
            state = .done
        }
        held = []
        mayBeFence = true
    }
}
