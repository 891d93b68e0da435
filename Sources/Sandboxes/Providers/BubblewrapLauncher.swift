internal import Glibc

/// Runs the dev server in a bubblewrap container: no network, a read-only system, one folder to write to, limits.
struct BubblewrapLauncher: Launcher {
    let configuration: SandboxConfiguration
    let isContainer = true
    /// Over this folder the mounts for bubblewrap are made, seen by the child alone.
    private static let stage = "/tmp"

    /// Something that a sandbox sees, and where.
    private struct Source {
        var name: String
        var path: String
        var descriptor: Descriptor
        var isFolder: Bool
        var inside: String
        var isWritable = false
    }

    func missing() -> [String] {
        configuration.toolchain.missing(needsBubblewrap: true)
    }

    func request(_ launch: Launch) throws -> SpawnRequest {
        let sources = try sources(launch)
        // As root, sources are handed over by descriptor: the sandbox's user need not be able to reach their paths, and no
        // path can be swapped meanwhile. Otherwise it is our own user, and the paths are ours.
        let isStaged = launch.isOwnUID
        var binds: [String] = []
        for source in sources {
            let path = isStaged ? Self.stage + "/" + source.name : source.path
            binds += [source.isWritable ? "--bind" : "--ro-bind", path, source.inside]
        }
        var request = SpawnRequest(
            program: configuration.toolchain.bubblewrap,
            arguments: arguments(binds: binds) + Self.command
        )
        request.limits = limits(launch)
        request.filtersSystemCalls = true
        if isStaged {
            request.uid = launch.uid
            request.stage = Self.stage
            request.mounts = sources.map { .init(source: $0.descriptor, name: $0.name, isFolder: $0.isFolder) }
        }
        return request
    }

    private func sources(_ launch: Launch) throws -> [Source] {
        let toolchain = configuration.toolchain
        func readOnly(_ name: String, _ path: String, _ inside: String, isFolder: Bool) throws -> Source {
            let path = CanonicalPath.of(path)
            let flags = isFolder ? O_RDONLY | O_DIRECTORY : O_RDONLY
            return Source(
                name: name,
                path: path,
                descriptor: try .open(path, flags),
                isFolder: isFolder,
                inside: inside
            )
        }
        func folder(_ name: String, _ folder: Folder, isWritable: Bool = false) -> Source {
            Source(
                name: name,
                path: launch.home + "/" + name,
                descriptor: folder.descriptor,
                isFolder: true,
                inside: "/" + name,
                isWritable: isWritable
            )
        }
        return [
            try readOnly("bun", toolchain.bun, "/opt/vibe/bun", isFolder: false),
            try readOnly("tailwindcss", toolchain.tailwind, "/opt/vibe/tailwindcss", isFolder: false),
            try readOnly("node_modules", toolchain.modules, "/node_modules", isFolder: true),
            folder("template", launch.folders.template),
            folder("app", launch.folders.app, isWritable: true),
            folder("run", launch.folders.run, isWritable: true),
        ]
    }

    /// What runs inside.
    private static let command = ["/opt/vibe/bun", "--no-install", "--no-macros", "/template/server/main.ts"]

    /// bubblewrap's own arguments.
    ///
    /// All mount points lie in its fresh root, none in a tree that an app can write to: 0.8 follows symbolic links when
    /// it makes them.
    private func arguments(binds: [String]) -> [String] {
        var all = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"]
        all += ["--cap-drop", "ALL", "--hostname", "sandbox", "--clearenv"]
        let variables = [
            ("PATH", "/usr/bin:/bin"), ("HOME", "/tmp"), ("TMPDIR", "/tmp"), ("LANG", "C.UTF-8"),
            ("VIBE_TAILWIND", "/opt/vibe/tailwindcss"),
        ]
        for (name, value) in variables { all += ["--setenv", name, value] }
        all += ["--ro-bind", "/usr", "/usr"]
        for name in ["bin", "sbin", "lib", "lib64"] { all += ["--symlink", "usr/" + name, "/" + name] }
        all += ["--proc", "/proc", "--dev", "/dev"]
        all += ["--size", "\(configuration.limits.temporaryBytes)", "--tmpfs", "/tmp"]
        all += binds
        all += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/app", "--"]
        return all
    }

    private func limits(_ launch: Launch) -> [SpawnRequest.Limit] {
        let limits = configuration.limits
        var all: [SpawnRequest.Limit] = [
            .init(resource: CInt(RLIMIT_FSIZE.rawValue), value: limits.fileBytes),
            .init(resource: CInt(RLIMIT_NOFILE.rawValue), value: limits.openFiles),
            .init(resource: CInt(RLIMIT_CORE.rawValue), value: 0),
            .init(resource: CInt(__RLIMIT_MEMLOCK.rawValue), value: 64 << 10),
            .init(resource: CInt(__RLIMIT_MSGQUEUE.rawValue), value: 0),
        ]
        // Counted by user, so only a stopgap: where groups count, another server with the same users would be counted too.
        if launch.isOwnUID && !launch.areTasksCounted {
            all.append(.init(resource: CInt(__RLIMIT_NPROC.rawValue), value: limits.tasks))
        }
        return all
    }
}
