internal import Glibc
internal import Logging
internal import Synchronization

/// What the providers share: folders, users, limits, and the list of what runs.
final class SandboxHost: Sendable {
    let configuration: SandboxConfiguration
    let logger: Logger
    let cgroups: CgroupHierarchies
    private let launcher: any Launcher
    let supervisor: Supervisor
    let threads = BlockingThreads(count: 4)
    let sandboxes: Folder
    private let state: Mutex<State>

    private struct State {
        /// One user a sandbox; `nil` when all run as one.
        var uids: UIDAllocator?
        /// By app; `nil` while its start is under way.
        var running: [String: RunningSandbox?] = [:]
        var isShutDown = false
    }

    /// - Throws: `SandboxError`.
    init(_ configuration: SandboxConfiguration, launcher: any Launcher, uids: UIDRange?, logger: Logger) throws {
        self.configuration = configuration
        self.launcher = launcher
        self.logger = logger
        sandboxes = try Folder.openMaking(configuration.dataFolder + "/sandboxes")
        let dataFolder = CanonicalPath.of(configuration.dataFolder)
        cgroups = CgroupHierarchies.find(
            dataFolder: dataFolder,
            mountInfo: Files.read("/proc/self/mountinfo") ?? ""
        )
        supervisor = try Supervisor()
        // Another server of this machine, with a data folder of its own, begins elsewhere in the range.
        state = Mutex(State(uids: uids.map { UIDAllocator($0, startingFrom: CgroupHierarchies.hash(dataFolder)) }))
        if !cgroups.lacking.isEmpty {
            logger.warning(
                "Control groups are not writable here: some limits of sandboxes cannot be kept",
                metadata: ["sandbox.lacking": "\(cgroups.lacking.joined(separator: ", "))"]
            )
        }
    }

    deinit {
        supervisor.end()
        threads.end()
    }

    func start(appID: String, files: [String: String]?) async throws -> RunningSandbox {
        guard AppFiles.isAllowedAppID(appID) else { throw SandboxError.refused("the app id is not allowed") }
        if let files { try AppFiles.check(files) }
        let missing = launcher.missing()
        guard missing.isEmpty else { throw SandboxError.unavailable(missing.joined(separator: "; ")) }
        let uid = try reserve(appID)
        let sandbox: RunningSandbox
        do {
            sandbox = try await launch(appID: appID, files: files, uid: uid)
        } catch {
            release(appID, uid: uid)
            throw error
        }
        do {
            try await sandbox.firstHeartbeat()
        } catch {
            await sandbox.stop()
            throw error
        }
        await threads.run { sandbox.holdInner() }
        return sandbox
    }

    private func reserve(_ appID: String) throws -> UInt32 {
        try state.withLock { state in
            guard !state.isShutDown else { throw SandboxError.unavailable("the server is stopping") }
            guard state.running[appID] == nil else { throw SandboxError.refused("the app runs already") }
            guard state.running.count < configuration.maximumSandboxes else { throw SandboxError.full }
            var uid = geteuid()
            if state.uids != nil {
                guard let own = state.uids?.take() else { throw SandboxError.full }
                uid = own
            }
            state.running[appID] = .some(nil)
            return uid
        }
    }

    /// The app's sandbox, when it runs.
    func running(_ appID: String) -> RunningSandbox? {
        state.withLock { $0.running[appID] ?? nil }
    }

    /// A user for something that is no app; our own where all are one.
    ///
    /// - Throws: `SandboxError`.
    func takeUID() throws -> UInt32 {
        try state.withLock { state in
            guard !state.isShutDown else { throw SandboxError.unavailable("the server is stopping") }
            guard state.uids != nil else { return geteuid() }
            guard let uid = state.uids?.take() else { throw SandboxError.full }
            return uid
        }
    }

    /// Takes back what `takeUID` gave; all that ran as this user has ended.
    func giveBackUID(_ uid: UInt32) {
        state.withLock { $0.uids?.giveBack(uid) }
    }

    private func release(_ appID: String, uid: UInt32) {
        state.withLock { state in
            state.running[appID] = nil
            state.uids?.giveBack(uid)
        }
    }

    private func launch(appID: String, files: [String: String]?, uid: UInt32) async throws -> RunningSandbox {
        let prepared = try await threads.run { [self] in try prepare(appID: appID, files: files, uid: uid) }
        let sandbox = prepared.sandbox
        let isShutDown = state.withLock { state in
            state.running[appID] = sandbox
            return state.isShutDown
        }
        do {
            if isShutDown { throw SandboxError.unavailable("the server is stopping") }
            let child = try await supervisor.start(
                prepared.request,
                observer: Supervisor.Observer(
                    tick: { [threads] in threads.submit { sandbox.measure() } },
                    ended: { [self] status in threads.submit { self.ended(sandbox, status) } }
                )
            )
            do {
                try await threads.run { try sandbox.started(child) }
            } catch {
                await sandbox.stop()
                throw error
            }
            return sandbox
        } catch {
            await threads.run { _ = prepared.cgroup?.remove() }
            throw error
        }
    }

    private struct Prepared: Sendable {
        var sandbox: RunningSandbox
        var cgroup: Cgroup?
        var request: SpawnRequest
    }

    /// Makes folders and groups.
    ///
    /// Blocks.
    private func prepare(appID: String, files: [String: String]?, uid: UInt32) throws -> Prepared {
        let template = Folder(try .open(configuration.templateFolder, O_RDONLY | O_DIRECTORY))
        let folders = try SandboxFolders(in: sandboxes, appID: appID, template: template, files: files, owner: uid)
        let launch = Launch(
            folders: folders,
            home: CanonicalPath.of(configuration.dataFolder) + "/sandboxes/" + appID,
            sandboxes: sandboxes,
            uid: uid,
            isOwnUID: uid != geteuid(),
            areTasksCounted: cgroups.has("pids")
        )
        var request = try launcher.request(launch)
        let cgroup = cgroups.all.isEmpty ? nil : try Cgroup(cgroups, name: appID, limits: configuration.limits)
        do {
            request.cgroups = try cgroup?.openToJoin() ?? []
        } catch {
            cgroup?.remove()
            throw error
        }
        let sandbox = RunningSandbox(
            appID: appID,
            uid: uid,
            folders: folders,
            cgroup: cgroup,
            isContainer: launcher.isContainer,
            configuration: configuration,
            threads: threads
        )
        return Prepared(sandbox: sandbox, cgroup: cgroup, request: request)
    }

    private func ended(_ sandbox: RunningSandbox, _ status: ChildProcess.Status) {
        // The place is free before those who wait for the end hear of it, so that they may start the app anew.
        let remains = sandbox.clear(status) { self.release(sandbox.appID, uid: sandbox.uid) }
        if let remains {
            logger.error(
                "A sandbox left something behind",
                metadata: ["app.id": "\(sandbox.appID)", "left": "\(remains)"]
            )
        }
    }

    func remove(appID: String) async throws {
        guard AppFiles.isAllowedAppID(appID) else { throw SandboxError.refused("the app id is not allowed") }
        guard state.withLock({ $0.running[appID] == nil }) else { throw SandboxError.refused("the app runs") }
        try await threads.run { [sandboxes] in try sandboxes.removeTree(appID) }
    }

    func shutdown() async {
        let running = state.withLock { state in
            state.isShutDown = true
            return state.running.values.compactMap { $0 }
        }
        await withTaskGroup { group in
            for sandbox in running { group.addTask { await sandbox.stop() } }
        }
        supervisor.end()
    }

    /// Ends what a killed server left: processes that are still in its groups, the groups, stale sockets.
    func cleanUp() async throws {
        let names = state.withLock { Set($0.running.keys) }
        try await threads.run { [self] in
            for cgroup in Cgroup.existing(cgroups) where !names.contains(cgroup.name) {
                logger.notice("Clearing a sandbox of an earlier run", metadata: ["app.id": "\(cgroup.name)"])
                guard cgroup.killAndRemove(within: configuration.stopTimeout) else {
                    throw SandboxError.timeout("processes of the earlier sandbox \(cgroup.name) do not end")
                }
            }
            for entry in try sandboxes.entries() where entry.kind == .folder && !names.contains(entry.name) {
                guard let home = try? sandboxes.folder(entry.name) else { continue }
                if let file = try? home.descriptor.openBeneath(ProcessRecord.fileName, O_RDONLY | O_NOFOLLOW),
                    let record = ProcessRecord(String(decoding: try file.read(limit: 256), as: UTF8.self)),
                    !record.killIfAlive(within: configuration.stopTimeout)
                {
                    throw SandboxError.timeout("a process of the earlier sandbox \(entry.name) does not end")
                }
                try home.removeFile(ProcessRecord.fileName)
                try? home.folder("run").removeTree("dev.sock")
            }
        }
    }
}

/// Everything a launcher needs to know about one start.
struct Launch: Sendable {
    var folders: SandboxFolders
    /// The path of the app's own folder.
    var home: String
    /// The folder that holds all apps'.
    var sandboxes: Folder
    var uid: UInt32
    /// Whether `uid` is another than the server's, and nobody else's.
    var isOwnUID: Bool
    /// Whether a control group limits its processes.
    var areTasksCounted: Bool
}

/// How a provider runs the dev server.
protocol Launcher: Sendable {
    /// Whether the program makes a container, with one child that is the first process inside.
    var isContainer: Bool { get }
    /// What is not installed, each with its mend.
    func missing() -> [String]
    /// The program to run; groups are added by the caller. Blocks.
    func request(_ launch: Launch) throws -> SpawnRequest
}

/// Paths without symbolic links.
enum CanonicalPath {
    /// The canonical form of a path that exists, or the path itself.
    static func of(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
