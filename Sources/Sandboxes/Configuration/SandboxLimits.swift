/// What one sandbox may use at most.
package struct SandboxLimits: Sendable, Equatable {
    /// Memory of all its processes, page cache and temporary files included; no swap.
    package var memoryBytes: UInt64 = 512 << 20
    /// Processes and threads.
    ///
    /// Bun makes about 20 threads, and Tailwind's command line as many again during an edit.
    package var tasks: UInt64 = 128
    /// Share of the processors when they are short, where an ordinary process has 1024.
    package var cpuShares: UInt64 = 256
    /// Whether nobody waits for it: then it only gets processor time that others, the server among them, leave.
    package var isBackground = false
    /// Processor time in percent of one core.
    package var cpuPercent: UInt64 = 150
    /// Size of one file.
    package var fileBytes: UInt64 = 64 << 20
    /// Open descriptors of one process.
    package var openFiles: UInt64 = 256
    /// Size of the temporary folder, which is memory.
    package var temporaryBytes: UInt64 = 64 << 20
    /// Size of all that it writes to disk; a sandbox that exceeds it is ended.
    package var folderBytes: UInt64 = 128 << 20
    /// Files and folders that it writes to disk; a sandbox that exceeds it is ended.
    package var folderEntries = 4096

    package init() {}

    /// For a browser that takes one picture: much memory and many threads, and of the processors what others leave.
    package static var browser: SandboxLimits {
        var limits = SandboxLimits()
        limits.memoryBytes = 1 << 30
        limits.tasks = 512
        limits.isBackground = true
        limits.cpuPercent = 100
        limits.openFiles = 1024
        limits.temporaryBytes = 256 << 20
        return limits
    }
}
