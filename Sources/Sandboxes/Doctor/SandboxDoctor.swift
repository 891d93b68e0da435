internal import Glibc

/// One thing that sandboxes need, for `vibe doctor`.
package struct SandboxCheck: Sendable, Equatable {
    package var name: String
    package var isOK: Bool
    /// What was found.
    package var finding: String
    /// What to do about it; empty when it is well.
    package var mend: String

    static func ok(_ name: String, _ finding: String) -> SandboxCheck {
        SandboxCheck(name: name, isOK: true, finding: finding, mend: "")
    }

    static func bad(_ name: String, _ finding: String, mend: String) -> SandboxCheck {
        SandboxCheck(name: name, isOK: false, finding: finding, mend: mend)
    }
}

/// Looks whether sandboxes can run here, and how well they are held.
package enum SandboxDoctor {
    /// All checks, in the order in which they are worth mending.
    ///
    /// - Parameters:
    ///   - configuration: as the server would have it.
    ///   - isIsolated: whether the bubblewrap provider is meant (`VIBE_SANDBOX=bubblewrap`).
    /// - Returns: one check a line.
    package static func checks(_ configuration: SandboxConfiguration, isIsolated: Bool = true) async -> [SandboxCheck] {
        var found: [SandboxCheck] = []
        if isIsolated { found.append(await bubblewrap(configuration.toolchain.bubblewrap)) }
        let missing = configuration.toolchain.missing(needsBubblewrap: false)
        found.append(
            missing.isEmpty
                ? .ok("sandbox toolchain", "Bun, Tailwind and React are there")
                : .bad("sandbox toolchain", missing.joined(separator: "; "), mend: Toolchain.mend)
        )
        if missing.isEmpty { found.append(names(configuration.toolchain)) }
        if isIsolated { found.append(users(configuration.uids)) }
        found.append(limits(configuration))
        return found
    }

    private static func bubblewrap(_ path: String) async -> SandboxCheck {
        let name = "bubblewrap"
        guard access(path, X_OK) == 0 else {
            return .bad(name, "\(path) is missing", mend: Toolchain.bubblewrapMend(path))
        }
        // A container that holds nothing but the system: does the kernel let us have one?
        var request = SpawnRequest(
            program: path,
            arguments: ["--unshare-all", "--unshare-user", "--ro-bind", "/usr", "/usr"]
        )
        request.arguments += ["--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "/usr/bin/true"]
        do {
            let (status, output) = try await Supervisor.runOnce(request, within: .seconds(10))
            if status == .exited(0) { return .ok(name, "containers can be made") }
            return .bad(
                name,
                output,
                mend: "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces)"
            )
        } catch {
            return .bad(name, "\(error)", mend: "allow this user to start programs")
        }
    }

    private static func names(_ toolchain: Toolchain) -> SandboxCheck {
        let name = "names in code"
        guard !toolchain.hasParser else { return .ok(name, "are checked before a version is served") }
        return .bad(name, "\(toolchain.parser) is missing, so they are not checked", mend: Toolchain.mend)
    }

    private static func users(_ range: UIDRange) -> SandboxCheck {
        switch SandboxUsers.find(range) {
        case .own: .ok("sandbox users", "one user a sandbox, \(range.bounds.lowerBound)-\(range.bounds.upperBound)")
        case .shared(let reason):
            .bad(
                "sandbox users",
                "all sandboxes run as one user: \(reason)",
                mend: "start the server as root for one user a sandbox"
            )
        case .refused(let reason): .bad("sandbox users", reason, mend: "set VIBE_SANDBOX_UIDS")
        }
    }

    private static func limits(_ configuration: SandboxConfiguration) -> SandboxCheck {
        let lacking = CgroupHierarchies.find(
            dataFolder: CanonicalPath.of(configuration.dataFolder),
            mountInfo: Files.read("/proc/self/mountinfo") ?? ""
        ).lacking
        guard !lacking.isEmpty else { return .ok("sandbox limits", "memory, processes and processor time are limited") }
        return .bad(
            "sandbox limits",
            "cannot be limited here: \(lacking.joined(separator: ", "))",
            mend: "start the server as root, where /sys/fs/cgroup is writable"
        )
    }
}
