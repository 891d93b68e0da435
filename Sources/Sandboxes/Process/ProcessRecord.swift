internal import CSandbox
internal import Glibc

/// The note by which a later server recognises a process of an earlier one where there are no control groups.
///
/// A process id alone may be another process's by then; with its start time and the boot it is one process only.
struct ProcessRecord: Sendable, Equatable {
    static let fileName = "process"

    var pid: pid_t
    var startTime: UInt64
    var boot: String

    /// Of a process that runs now; `nil` when it does not.
    init?(of pid: pid_t) {
        guard let startTime = ProcessTable.startTime(of: pid) else { return nil }
        self.pid = pid
        self.startTime = startTime
        self.boot = ProcessRecord.presentBoot
    }

    /// Reads what `text` wrote.
    init?(_ text: String) {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 3, let pid = pid_t(fields[0]), pid > 1, let startTime = UInt64(fields[1]) else {
            return nil
        }
        self.pid = pid
        self.startTime = startTime
        self.boot = String(fields[2])
    }

    var text: String { "\(pid) \(startTime) \(boot)\n" }

    private static var presentBoot: String {
        (Files.read("/proc/sys/kernel/random/boot_id") ?? "unknown").filter { !$0.isWhitespace }
    }

    /// Kills the process and its group, if it is still the one that was noted, and waits for its end.
    ///
    /// Blocks.
    ///
    /// - Returns: false when it does not end in time.
    func killIfAlive(within limit: Duration) -> Bool {
        // Held first and compared then: whatever number it has after that, the descriptor is this process.
        guard let process = ProcessTable.open(pid), ProcessRecord(of: pid) == self else { return true }
        let inner = ProcessTable.children(of: pid).compactMap { ProcessTable.open($0) }
        kill(-pid, SIGKILL)
        kill(pid, SIGKILL)
        return ([process] + inner).allSatisfy { ProcessTable.waitForEnd($0, within: limit) }
    }
}
