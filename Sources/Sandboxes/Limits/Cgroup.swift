internal import Glibc

/// The control groups of one sandbox: one in each hierarchy, all of the same name.
struct Cgroup: Sendable {
    /// What all background groups weigh together on each core, where an ordinary process has 1024: enough to get on with their
    /// work on a busy machine, too little to hold others up.
    private static let backgroundShares = 32

    private let hierarchies: CgroupHierarchies
    let name: String

    /// Makes the groups and sets their limits.
    ///
    /// - Throws: `SandboxError.system`; then nothing is left of it.
    init(_ hierarchies: CgroupHierarchies, name: String, limits: SandboxLimits) throws {
        let hierarchies = limits.isBackground ? hierarchies.background : hierarchies
        self.hierarchies = hierarchies
        self.name = name
        do {
            for hierarchy in hierarchies.all { try make(hierarchy, limits) }
        } catch {
            remove()
            throw error
        }
    }

    private init(existing name: String, _ hierarchies: CgroupHierarchies) {
        self.hierarchies = hierarchies
        self.name = name
    }

    private func parent(_ hierarchy: CgroupHierarchies.Hierarchy) -> String {
        hierarchy.path + "/" + hierarchies.parent
    }

    private func path(_ hierarchy: CgroupHierarchies.Hierarchy) -> String {
        parent(hierarchy) + "/" + name
    }

    private func make(_ hierarchy: CgroupHierarchies.Hierarchy, _ limits: SandboxLimits) throws {
        let group = path(hierarchy)
        var controllers: Set<String> = []
        if mkdir(parent(hierarchy), 0o755) != 0 && errno != EEXIST {
            throw SandboxError.last("make \(parent(hierarchy))")
        }
        if case .unified(let available) = hierarchy.kind {
            controllers = available.intersection(["memory", "pids", "cpu"])
            for each in controllers { try Files.write(parent(hierarchy) + "/cgroup.subtree_control", "+" + each) }
        }
        guard mkdir(group, 0o755) == 0 else { throw SandboxError.last("make \(group)") }
        switch hierarchy.kind {
        case .memory:
            try Files.write(group + "/memory.limit_in_bytes", "\(limits.memoryBytes)")
            let swap = group + "/memory.memsw.limit_in_bytes"
            if access(swap, F_OK) == 0 { try Files.write(swap, "\(limits.memoryBytes)") }
        case .pids:
            try Files.write(group + "/pids.max", "\(limits.tasks)")
        case .cpu:
            // All sandboxes together weigh as much as one busy process a core.
            let cores = max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
            let shares = cores * (limits.isBackground ? Self.backgroundShares : 1024)
            try Files.write(parent(hierarchy) + "/cpu.shares", "\(shares)")
            try Files.write(group + "/cpu.shares", "\(limits.cpuShares)")
            let quota = group + "/cpu.cfs_quota_us"
            if access(quota, F_OK) == 0 { try Files.write(quota, "\(limits.cpuPercent * 1000)") }
        case .unified:
            if controllers.contains("memory") {
                try Files.write(group + "/memory.max", "\(limits.memoryBytes)")
                try Files.write(group + "/memory.oom.group", "1")
                if access(group + "/memory.swap.max", F_OK) == 0 { try Files.write(group + "/memory.swap.max", "0") }
            }
            if controllers.contains("pids") { try Files.write(group + "/pids.max", "\(limits.tasks)") }
            if controllers.contains("cpu") {
                if limits.isBackground {
                    try Files.write(parent(hierarchy) + "/cpu.weight", "\(Self.backgroundShares * 100 / 1024)")
                }
                // The same share on version 2's scale, where 100 is an ordinary process.
                try Files.write(group + "/cpu.weight", "\(max(1, limits.cpuShares * 100 / 1024))")
                try Files.write(group + "/cpu.max", "\(limits.cpuPercent * 1000) 100000")
            }
        }
    }

    /// The files to which a process writes "0" to join.
    ///
    /// - Throws: `SandboxError.system`.
    func openToJoin() throws -> [Descriptor] {
        try hierarchies.all.map { try .open(path($0) + "/cgroup.procs", O_WRONLY) }
    }

    /// The processes that are in one of the groups.
    func processes() -> Set<pid_t> {
        var found: Set<pid_t> = []
        for hierarchy in hierarchies.all {
            let text = Files.read(path(hierarchy) + "/cgroup.procs") ?? ""
            found.formUnion(text.split(separator: "\n").compactMap { pid_t($0) })
        }
        found.remove(0)
        return found
    }

    /// Sends SIGKILL to every process in the groups.
    func kill() {
        for hierarchy in hierarchies.all {
            guard case .unified = hierarchy.kind else { continue }
            let file = path(hierarchy) + "/cgroup.kill"
            if access(file, W_OK) == 0, (try? Files.write(file, "1")) != nil { return }
        }
        for pid in processes() { Glibc.kill(pid, SIGKILL) }
    }

    /// How often a process was killed for memory.
    func memoryKills() -> Int {
        for hierarchy in hierarchies.all {
            let name: String
            switch hierarchy.kind {
            case .memory: name = "memory.oom_control"
            case .unified(let controllers) where controllers.contains("memory"): name = "memory.events"
            default: continue
            }
            for line in (Files.read(path(hierarchy) + "/" + name) ?? "").split(separator: "\n")
            where line.hasPrefix("oom_kill ") {
                return Int(line.dropFirst("oom_kill ".count)) ?? 0
            }
        }
        return 0
    }

    /// Memory in use now, in bytes, or `nil` where it is not counted.
    func memoryBytes() -> UInt64? {
        for hierarchy in hierarchies.all {
            let name: String
            switch hierarchy.kind {
            case .memory: name = "memory.usage_in_bytes"
            case .unified(let controllers) where controllers.contains("memory"): name = "memory.current"
            default: continue
            }
            return (Files.read(path(hierarchy) + "/" + name)?.split(separator: "\n").first).flatMap { UInt64($0) }
        }
        return nil
    }

    /// Removes the groups, and their parents when they were the last; false when processes are still in one.
    @discardableResult
    func remove() -> Bool {
        var isGone = true
        for hierarchy in hierarchies.all {
            if rmdir(path(hierarchy)) != 0 && errno != ENOENT { isGone = false }
            rmdir(parent(hierarchy))
        }
        return isGone
    }

    /// Kills, waits until all are reaped, and removes the groups.
    ///
    /// Blocks the thread.
    ///
    /// - Returns: whether all is gone.
    func killAndRemove(within limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit
        var pause: useconds_t = 500
        while true {
            if !processes().isEmpty { kill() }
            if remove() { return true }
            if ContinuousClock.now > deadline { return false }
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
    }

    /// The groups that a server of this data folder left behind.
    static func existing(_ hierarchies: CgroupHierarchies) -> [Cgroup] {
        [hierarchies, hierarchies.background].flatMap { hierarchies in
            var names: Set<String> = []
            for hierarchy in hierarchies.all {
                let parent = hierarchy.path + "/" + hierarchies.parent
                guard let folder = try? Descriptor.open(parent, O_RDONLY | O_DIRECTORY),
                    let entries = try? Folder(folder).entries()
                else { continue }
                names.formUnion(entries.filter { $0.kind == .folder }.map(\.name))
            }
            return names.sorted().map { Cgroup(existing: $0, hierarchies) }
        }
    }
}
