internal import Glibc
internal import Synchronization

/// Takes pictures with a Chromium in a bubblewrap container of its own: a user of its own, no network but a loopback interface
/// on which a forwarder offers the app's socket, a profile in memory, limits, and an end after `pictureTimeout`.
///
/// The browser's own sandbox is off (`--no-sandbox`): inside the container nobody can make namespaces. What breaks out of the
/// page has what the app's own sandbox has, its socket and its processor time, and one file for the picture.
final class BrowserCamera: StillCamera {
    private let host: SandboxHost
    private let browser: Browser
    private let serial = Mutex(0)
    /// Over this folder the mounts for bubblewrap are made, seen by the child alone.
    private static let stage = "/tmp"
    private static let pictureName = "picture"

    /// `nil` when there is no browser.
    init?(_ host: SandboxHost) {
        guard let browser = host.configuration.browser else { return nil }
        self.host = host
        self.browser = browser
    }

    /// Something that the browser's sandbox sees.
    private struct Source {
        var name: String
        var path: String
        var descriptor: Descriptor
        var isFolder = true
        var inside: String
        var isWritable = false
    }

    private struct Prepared: Sendable {
        var name: String
        var picture: Descriptor
        var cgroup: Cgroup?
        var request: SpawnRequest
    }

    func picture(appID: String) async throws -> [UInt8] {
        guard let sandbox = host.running(appID) else { throw SandboxError.died("the app does not run") }
        let uid = try host.takeUID()
        defer { host.giveBackUID(uid) }
        let name = serial.withLock { serial in
            serial += 1
            return "still.\(serial)"
        }
        let prepared: Prepared
        do {
            prepared = try await host.threads.run { [self] in try prepare(name, sandbox, uid) }
        } catch {
            await remove(name)
            throw error
        }
        let result: Result<[UInt8], any Error>
        do {
            result = .success(try await run(prepared))
        } catch {
            result = .failure(error)
        }
        await host.threads.run { [host] in
            _ = prepared.cgroup?.killAndRemove(within: host.configuration.stopTimeout)
        }
        await remove(name)
        return try result.get()
    }

    private func remove(_ name: String) async {
        // A folder that stays is cleared by the next start of the server.
        await host.threads.run { [host] in _ = try? host.sandboxes.removeTree(name) }
    }

    /// Makes the folder, the group and the command.
    ///
    /// Blocks.
    private func prepare(_ name: String, _ sandbox: RunningSandbox, _ uid: UInt32) throws -> Prepared {
        let configuration = host.configuration
        try host.sandboxes.removeTree(name)
        let home = try host.sandboxes.makeFolder(name)
        try home.writeNew(Self.pictureName, "", owner: uid == geteuid() ? nil : uid)
        let picture = try home.descriptor.openBeneath(Self.pictureName, O_RDONLY | O_NOFOLLOW)
        let isStaged = uid != geteuid()
        let sources = try sources(name, home, sandbox)
        var binds: [String] = []
        for source in sources {
            let path = isStaged ? Self.stage + "/" + source.name : source.path
            binds += [source.isWritable ? "--bind" : "--ro-bind", path, source.inside]
        }
        let limits = configuration.browserLimits
        let program = browser.ownFolder == nil ? browser.program : "/opt/browser/" + browser.name
        var request = SpawnRequest(
            program: configuration.toolchain.bubblewrap,
            arguments: BubblewrapArguments.isolation(
                temporaryBytes: limits.temporaryBytes,
                binds: binds,
                folder: "/tmp"
            )
                + ["/opt/vibe/bun", "--no-install", "--no-macros", "/still/capture.ts"]
                + [program, "/run/dev.sock", "/run/" + Self.pictureName]
        )
        request.limits = limits.ofProcess(countsTasks: isStaged && !host.cgroups.has("pids"))
        request.filtersSystemCalls = true
        if isStaged {
            request.uid = uid
            request.stage = Self.stage
            request.mounts = sources.map { .init(source: $0.descriptor, name: $0.name, isFolder: $0.isFolder) }
        }
        let cgroup = host.cgroups.all.isEmpty ? nil : try Cgroup(host.cgroups, name: name, limits: limits)
        do {
            request.cgroups = try cgroup?.openToJoin() ?? []
        } catch {
            cgroup?.remove()
            throw error
        }
        return Prepared(name: name, picture: picture, cgroup: cgroup, request: request)
    }

    private func sources(_ name: String, _ home: Folder, _ sandbox: RunningSandbox) throws -> [Source] {
        let configuration = host.configuration
        let sandboxes = CanonicalPath.of(configuration.dataFolder) + "/sandboxes"
        func readOnly(_ name: String, _ path: String, _ inside: String, isFolder: Bool = true) throws -> Source {
            let path = CanonicalPath.of(path)
            let descriptor = try Descriptor.open(path, isFolder ? O_RDONLY | O_DIRECTORY : O_RDONLY)
            return Source(name: name, path: path, descriptor: descriptor, isFolder: isFolder, inside: inside)
        }
        var all = [
            try readOnly("bun", configuration.toolchain.bun, "/opt/vibe/bun", isFolder: false),
            try readOnly("still", configuration.stillFolder, "/still"),
            Source(
                name: "dev.sock",
                path: "\(sandboxes)/\(sandbox.appID)/run/dev.sock",
                descriptor: try sandbox.holdSocket(),
                isFolder: false,
                inside: "/run/dev.sock"
            ),
            Source(
                name: Self.pictureName,
                path: "\(sandboxes)/\(name)/\(Self.pictureName)",
                descriptor: try home.descriptor.holdBeneath(Self.pictureName),
                isFolder: false,
                inside: "/run/" + Self.pictureName,
                isWritable: true
            ),
        ]
        if let folder = browser.ownFolder { all.append(try readOnly("browser", folder, "/opt/browser")) }
        for path in ["/etc/fonts", "/var/cache/fontconfig"] where access(path, R_OK) == 0 {
            all.append(try readOnly(path.replacing("/", with: "."), path, path))
        }
        return all
    }

    /// Runs the browser to its end, or ends it when its time is over or the task is cancelled.
    ///
    /// - Returns: the picture's bytes.
    private func run(_ prepared: Prepared) async throws -> [UInt8] {
        let limit = host.configuration.pictureTimeout
        let (ends, end) = AsyncStream.makeStream(of: ChildProcess.Status.self)
        let child = try await host.supervisor.start(
            prepared.request,
            observer: Supervisor.Observer(
                tick: {},
                ended: { status in
                    end.yield(status)
                    end.finish()
                }
            )
        )
        let cgroup = prepared.cgroup
        let (isLate, status) = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                // Cut short when the browser has ended in time, and when the task is cancelled from outside.
                let isLate = (try? await Task.sleep(for: limit)) != nil
                await host.threads.run { self.kill(child, cgroup) }
                return isLate
            }
            // Not cancelled with us: the end of what was killed is waited for.
            let waiting = Task { await ends.first { _ in true } }
            let status = await waiting.value
            group.cancelAll()
            return (await group.next() ?? false, status)
        }
        try Task.checkCancellation()
        if isLate { throw SandboxError.timeout("no picture within \(limit)") }
        return try await host.threads.run { [host] in
            guard status == .exited(0) else {
                if (prepared.cgroup?.memoryKills() ?? 0) > 0 { throw SandboxError.died("its memory was used up") }
                throw SandboxError.died(
                    child.lastOutput.split(separator: "\n").last.map(String.init) ?? "no picture was made"
                )
            }
            return try prepared.picture.read(limit: host.configuration.maximumPictureBytes + 1)
        }
    }

    /// Ends the browser and all that it started.
    ///
    /// Blocks for a second at most.
    private func kill(_ child: ChildProcess, _ cgroup: Cgroup?) {
        if child.endContainer() { return }
        cgroup?.kill()
        child.kill()
    }
}
