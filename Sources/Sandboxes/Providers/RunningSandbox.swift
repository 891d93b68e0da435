internal import Glibc
internal import Synchronization

/// One running app: its processes, its groups, its folders, and what becomes of them.
final class RunningSandbox: Sandbox {
    let appID: String
    let endpoint: SandboxEndpoint
    /// The user it runs as.
    let uid: UInt32
    private let folders: SandboxFolders
    private let cgroup: Cgroup?
    /// Whether the started process is bubblewrap, whose one child is the first process inside.
    private let isContainer: Bool
    private let configuration: SandboxConfiguration
    private let client: RelayClient
    private let threads: BlockingThreads
    private let state = Mutex(State())

    private struct State {
        var child: ChildProcess?
        /// The first process inside, whose end is the end of all inside (pid_namespaces(7)).
        var inner: Descriptor?
        var isStopping = false
        var isMeasuring = false
        /// Why we killed it, when it was not `stop`.
        var reason: String?
        var exit: SandboxExit?
        var waiting: [CheckedContinuation<SandboxExit, Never>] = []
    }

    init(
        appID: String,
        uid: UInt32,
        folders: SandboxFolders,
        cgroup: Cgroup?,
        isContainer: Bool,
        configuration: SandboxConfiguration,
        threads: BlockingThreads
    ) {
        self.appID = appID
        self.uid = uid
        self.folders = folders
        self.cgroup = cgroup
        self.isContainer = isContainer
        self.configuration = configuration
        self.threads = threads
        endpoint = SandboxEndpoint(socketPath: folders.socketPath, ownerUID: uid)
        client = RelayClient(endpoint: endpoint)
    }

    // MARK: Asking

    func edit(files: [String: String], checksNames: Bool) async throws -> EditOutcome {
        try AppFiles.check(files)
        return try await asking {
            try await client.edit(files: files, checksNames: checksNames, timeout: configuration.editTimeout)
        }
    }

    func heartbeat() async throws {
        try await asking { try await client.heartbeat(timeout: configuration.heartbeatTimeout) }
    }

    /// Waits for the first heartbeat.
    ///
    /// - Throws: `SandboxError`.
    func firstHeartbeat() async throws {
        let deadline = ContinuousClock.now + configuration.startTimeout
        while true {
            do {
                return try await asking { try await client.heartbeat(timeout: deadline - .now) }
            } catch SandboxError.died(let text) {
                if state.withLock({ $0.exit != nil }) { throw SandboxError.died(text) }
            }
            // There is no socket yet.
            guard ContinuousClock.now < deadline else {
                throw SandboxError.timeout("no heartbeat within \(configuration.startTimeout)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Asks, and says why it ended when that is the reason for a broken connection.
    private func asking<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch SandboxError.died(let text) {
            // The connection breaks a moment before the end is noticed.
            guard state.withLock({ $0.exit != nil }) || hasEnded else { throw SandboxError.died(text) }
            switch await exit() {
            case .died(let reason): throw SandboxError.died(reason)
            case .stopped: throw SandboxError.died("it was stopped")
            }
        }
    }

    /// Whether its process has ended, noticed or not.
    private var hasEnded: Bool {
        guard let child = state.withLock({ $0.child }) else { return false }
        var polled = pollfd(fd: child.descriptor.raw, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) == 1
    }

    /// Memory in use now, in bytes; `nil` where it is not counted.
    var memoryBytes: UInt64? { cgroup?.memoryBytes() }

    // MARK: Ending

    func exit() async -> SandboxExit {
        await withCheckedContinuation { waiter in
            let exit = state.withLock { state in
                if state.exit == nil { state.waiting.append(waiter) }
                return state.exit
            }
            if let exit { waiter.resume(returning: exit) }
        }
    }

    func stop() async {
        state.withLock { $0.isStopping = true }
        await threads.run { self.kill() }
        _ = await exit()
    }

    /// Kills all.
    ///
    /// Blocks for as long as that takes, or a second.
    private func kill() {
        let (child, inner) = state.withLock { ($0.child, $0.inner) }
        guard let child else { return }
        if isContainer, child.endContainer(inner: inner) { return }
        cgroup?.kill()
        child.kill()
    }

    /// Holds the dev server's socket, so that it can be mounted for somebody else.
    ///
    /// - Throws: `SandboxError`: `badAnswer` when what lies there is not the sandbox's own socket.
    func holdSocket() throws -> Descriptor {
        let socket = try folders.run.descriptor.holdBeneath("dev.sock")
        var status = stat()
        guard fstat(socket.raw, &status) == 0 else { throw SandboxError.last("stat dev.sock") }
        guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == uid else {
            throw SandboxError.badAnswer("its socket is not its own")
        }
        return socket
    }

    /// Takes note of the started process.
    ///
    /// Blocks for a moment.
    ///
    /// - Throws: `SandboxError.system` when the note cannot be written.
    func started(_ child: ChildProcess) throws {
        let isStopping = state.withLock { state in
            state.child = child
            return state.isStopping
        }
        if isStopping { kill() }
        guard let record = ProcessRecord(of: child.pid) else { return }
        try folders.home.writeNew(ProcessRecord.fileName, record.text)
    }

    /// Takes note of the process that is the first inside, to know later when all inside are gone.
    func holdInner() {
        guard isContainer, let child = state.withLock({ $0.child }) else { return }
        let inner = child.findInner()
        state.withLock { $0.inner = inner }
    }

    /// Ends a sandbox that has written too much.
    ///
    /// Blocks while it looks.
    func measure() {
        let isMine = state.withLock { state in
            if state.isMeasuring || state.exit != nil { return false }
            state.isMeasuring = true
            return true
        }
        guard isMine else { return }
        defer { state.withLock { $0.isMeasuring = false } }
        let size = folders.size(limits: configuration.limits)
        let limits = configuration.limits
        guard size.bytes > limits.folderBytes || size.entries > limits.folderEntries || size.isTooDeep else { return }
        state.withLock {
            $0.reason =
                "it wrote more than \(limits.folderBytes >> 20) MiB or \(limits.folderEntries) files, or too deep folders"
        }
        kill()
    }

    /// Clears away what is left after the end of its process.
    ///
    /// Blocks until that is done.
    ///
    /// - Parameters:
    ///   - status: how its process ended.
    ///   - release: called when all is cleared, before those who wait for the end hear of it.
    /// - Returns: what could not be cleared, for the log; `nil` when nothing is left.
    func clear(_ status: ChildProcess.Status, release: () -> Void) -> String? {
        let (child, inner, reason, isStopping) = state.withLock { ($0.child, $0.inner, $0.reason, $0.isStopping) }
        var remains: String?
        let memoryKills = cgroup?.memoryKills() ?? 0
        if let cgroup, !cgroup.killAndRemove(within: configuration.stopTimeout) {
            remains = "processes or control groups"
        }
        if let inner, !ProcessTable.waitForEnd(inner, within: configuration.stopTimeout) { remains = "processes" }
        do {
            try folders.run.removeTree("dev.sock")
            try folders.home.removeFile(ProcessRecord.fileName)
        } catch {
            remains = remains ?? "its socket or its note"
        }
        let exit: SandboxExit
        if isStopping {
            exit = .stopped
        } else if let reason {
            exit = .died(reason)
        } else if memoryKills > 0 {
            exit = .died("it was killed at its memory limit of \(configuration.limits.memoryBytes >> 20) MiB")
        } else {
            exit = .died(Self.text(of: status, output: child?.lastOutput ?? ""))
        }
        release()
        let waiting = state.withLock { state in
            state.exit = exit
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume(returning: exit) }
        return remains
    }

    private static func text(of status: ChildProcess.Status, output: String) -> String {
        let how =
            switch status {
            case .exited(let code): "it exited with status \(code)"
            case .signalled(let signal): "it was killed by signal \(signal)"
            }
        return output.isEmpty ? how : "\(how): \(output)"
    }
}
