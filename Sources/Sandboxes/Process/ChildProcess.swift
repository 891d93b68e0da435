internal import Glibc
internal import Synchronization

/// A started child, known by a descriptor, so that a signal can never reach another process of the same number.
final class ChildProcess: Sendable {
    /// How it ended.
    enum Status: Sendable, Equatable {
        case exited(CInt)
        case signalled(CInt)
    }

    let pid: pid_t
    let descriptor: Descriptor
    /// Reads what it writes; non-blocking.
    let output: Descriptor
    private let tail = Mutex<[UInt8]>([])
    private let isReaped = Mutex(false)
    private static let maximumTail = 4096

    init(pid: pid_t, descriptor: Descriptor, output: Descriptor) {
        self.pid = pid
        self.descriptor = descriptor
        self.output = output
    }

    /// The last lines of what it wrote.
    var lastOutput: String {
        String(decoding: tail.withLock { $0 }, as: UTF8.self)
    }

    /// Reads what waits, at most 64 KiB, and keeps the end of it.
    func drainOutput() {
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            let count = read(output.raw, buffer.baseAddress, buffer.count)
            guard count > 0 else { return }
            let new = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            tail.withLock { tail in
                tail.append(contentsOf: new.suffix(Self.maximumTail))
                tail.removeFirst(max(0, tail.count - Self.maximumTail))
            }
        }
    }

    /// Sends SIGKILL to it and to its process group; nothing once it is reaped, when its number may be another's.
    func kill() {
        isReaped.withLock { isReaped in
            if isReaped { return }
            Glibc.kill(-pid, SIGKILL)
            Glibc.kill(pid, SIGKILL)
        }
    }

    /// The first process inside, when this one is bubblewrap.
    func findInner() -> Descriptor? {
        ProcessTable.children(of: pid).first.flatMap { ProcessTable.open($0) }
    }

    /// Ends a container from within.
    ///
    /// The first process inside goes first: all others inside go with it, bubblewrap outside reaps it and ends by itself. So
    /// nothing is left to be reaped by the machine's first process, which in a container may not do that. Blocks for a second
    /// at most.
    ///
    /// - Parameter inner: the first process inside, where it is known.
    /// - Returns: whether all has ended.
    func endContainer(inner: Descriptor? = nil) -> Bool {
        // A process that is reaped has given its number away.
        let found = isReaped.withLock { $0 ? nil : inner ?? findInner() }
        guard let first = found else { return false }
        ProcessTable.kill(first)
        return ProcessTable.waitForEnd(descriptor, within: .seconds(1))
    }

    /// Reaps it, if it has ended; `nil` while it runs.
    func reap() -> Status? {
        isReaped.withLock { isReaped in
            var status: CInt = 0
            var result: pid_t
            repeat { result = waitpid(pid, &status, WNOHANG) } while result < 0 && errno == EINTR
            if result == 0 { return nil }
            isReaped = true
            // Somebody else reaped it: it is gone all the same.
            guard result == pid else { return .exited(-1) }
            let signal = status & 0x7f
            return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
        }
    }
}
