internal import CSandbox
internal import Glibc

/// What /proc says about processes.
enum ProcessTable {
    /// The direct children of a process.
    static func children(of pid: pid_t) -> [pid_t] {
        (Files.read("/proc/\(pid)/task/\(pid)/children") ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    /// A descriptor by which its end can be waited for, or `nil` when it has ended.
    static func open(_ pid: pid_t) -> Descriptor? {
        let raw = vibe_pidfd_open(pid)
        return raw >= 0 ? Descriptor(raw) : nil
    }

    /// Sends SIGKILL to the process that the descriptor stands for, or to nobody when it has ended.
    static func kill(_ process: Descriptor) {
        vibe_pidfd_kill(process.raw)
    }

    /// Blocks until it has ended; false when that takes longer.
    static func waitForEnd(_ process: Descriptor, within limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            let left = deadline - .now
            guard left > .zero else { return false }
            var polled = pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            if poll(&polled, 1, CInt(clamping: milliseconds + 1)) == 1 { return true }
        }
    }

    /// When a process was started, in clock ticks since the machine was: with its number it names one process only.
    static func startTime(of pid: pid_t) -> UInt64? {
        // The name, in parentheses, may hold anything (proc(5)); what follows is after the last parenthesis.
        guard let text = Files.read("/proc/\(pid)/stat"), let end = text.utf8.lastIndex(of: UInt8(ascii: ")")) else {
            return nil
        }
        let fields = text[end...].dropFirst(2).split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }
}
