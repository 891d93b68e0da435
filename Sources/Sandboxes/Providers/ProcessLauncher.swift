internal import Glibc

/// Runs the dev server as an ordinary process: same code, no isolation.
struct ProcessLauncher: Launcher {
    let configuration: SandboxConfiguration
    let isContainer = false

    func missing() -> [String] {
        configuration.toolchain.missing(needsBubblewrap: false)
    }

    func request(_ launch: Launch) throws -> SpawnRequest {
        try PackageCopy(configuration.toolchain.modules).make(in: launch.sandboxes)
        _ = try launch.folders.home.makeFolder("tmp")
        var request = SpawnRequest(
            program: CanonicalPath.of(configuration.toolchain.bun),
            arguments: ["--no-install", "--no-macros", launch.home + "/template/server/main.ts"]
        )
        request.directory = launch.folders.app.descriptor
        request.environment = [
            "PATH=/usr/bin:/bin", "HOME=\(launch.home)/tmp", "TMPDIR=\(launch.home)/tmp", "LANG=C.UTF-8",
            "VIBE_TAILWIND=\(CanonicalPath.of(configuration.toolchain.tailwind))",
            "VIBE_PARSER=\(CanonicalPath.of(configuration.toolchain.parser))",
            "VIBE_MODULES=\(CanonicalPath.of(configuration.dataFolder))/sandboxes/\(PackageCopy.name)",
        ]
        request.limits = [.init(resource: CInt(RLIMIT_CORE.rawValue), value: 0)]
        return request
    }
}

/// The packages again, beside the apps' folders, where an app finds them as its parent's: Bun's hot updates take a package
/// behind a symbolic link for another one.
struct PackageCopy {
    /// No app can have this name.
    static let name = "node_modules"
    private static let stampName = "vibe-stamp"
    private let source: String

    init(_ source: String) {
        self.source = CanonicalPath.of(source)
    }

    /// Links or copies all packages, unless that has been done.
    ///
    /// - Throws: `SandboxError.system`.
    func make(in sandboxes: Folder) throws {
        let from = Folder(try .open(source, O_RDONLY | O_DIRECTORY))
        var status = stat()
        guard fstat(from.descriptor.raw, &status) == 0 else { throw SandboxError.last("stat \(source)") }
        let stamp = "\(status.st_dev) \(status.st_ino) \(status.st_mtim.tv_sec)\n"
        if let held = try? sandboxes.descriptor.openBeneath("\(Self.name)/\(Self.stampName)", O_RDONLY),
            try held.read(limit: 256).elementsEqual(stamp.utf8)
        {
            return
        }
        try sandboxes.removeTree(Self.name)
        let copy = try sandboxes.makeFolder(Self.name)
        try copy.linkIn(from)
        try copy.writeNew(Self.stampName, stamp)
    }
}

extension Folder {
    /// Links what lies in `source` into this folder, or copies it where that is not possible.
    ///
    /// - Throws: `SandboxError.system`.
    fileprivate func linkIn(_ source: Folder) throws {
        for entry in try source.entries() {
            if entry.kind == .folder {
                try makeFolder(entry.name).linkIn(source.folder(entry.name))
            } else if linkat(source.descriptor.raw, entry.bytes, descriptor.raw, entry.bytes, 0) != 0 {
                guard errno == EXDEV || errno == EPERM || errno == EMLINK else {
                    throw SandboxError.last("link \(entry.name)")
                }
                try copy(entry, from: source)
            }
        }
    }
}
