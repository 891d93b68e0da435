internal import Glibc

/// Runs the dev server in a bubblewrap container: no network, a read-only system, one folder to write to, limits.
struct BubblewrapLauncher: Launcher {
    let configuration: SandboxConfiguration
    let isContainer = true
    /// Over this folder the mounts for bubblewrap are made, seen by the child alone.
    private static let stage = "/tmp"
    /// Where it is seen inside, if there is one.
    private static let parser = "/opt/vibe/acorn.mjs"

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
            arguments: BubblewrapArguments.isolation(
                variables: [("VIBE_TAILWIND", "/opt/vibe/tailwindcss"), ("VIBE_PARSER", Self.parser)],
                temporaryBytes: configuration.limits.temporaryBytes,
                binds: binds,
                folder: "/app"
            ) + Self.command
        )
        request.limits = configuration.limits.ofProcess(countsTasks: launch.isOwnUID && !launch.areTasksCounted)
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
        var sources = [
            try readOnly("bun", toolchain.bun, "/opt/vibe/bun", isFolder: false),
            try readOnly("tailwindcss", toolchain.tailwind, "/opt/vibe/tailwindcss", isFolder: false),
            try readOnly("node_modules", toolchain.modules, "/node_modules", isFolder: true),
            folder("template", launch.folders.template),
            folder("app", launch.folders.app, isWritable: true),
            folder("run", launch.folders.run, isWritable: true),
        ]
        if toolchain.hasParser {
            sources.append(try readOnly("acorn.mjs", toolchain.parser, Self.parser, isFolder: false))
        }
        return sources
    }

    /// What runs inside.
    private static let command = ["/opt/vibe/bun", "--no-install", "--no-macros", "/template/server/main.ts"]
}
