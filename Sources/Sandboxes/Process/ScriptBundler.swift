internal import FoundationEssentials
internal import Glibc
internal import NIOPosix

/// Makes small scripts for browsers of modules with `bun build`: each entry becomes one file with all that it imports.
///
/// Bun runs outside of any sandbox here: this is for the server's own pages, never for what an app wrote.
package struct ScriptBundler: Sendable {
    /// Bun's executable.
    package var bun: String
    /// How long Bun may take until it is killed.
    package var timeLimit = Duration.seconds(10)
    /// How long a script may become, in bytes.
    package var maximumBytes = 4 << 20

    package init(bun: String) {
        self.bun = bun
    }

    /// Bundles all entries, or none.
    ///
    /// The same modules give the same scripts.
    ///
    /// - Parameter entries: the modules' absolute paths, no two with the same file name.
    /// - Returns: the scripts by the entries' paths.
    /// - Throws: `SandboxError`: `unavailable` without Bun, `timeout`, `died` with Bun's words about what is wrong, `system`.
    package func bundle(_ entries: [String]) async throws -> [String: [UInt8]] {
        guard !entries.isEmpty else { return [:] }
        guard access(bun, X_OK) == 0 else {
            throw SandboxError.unavailable("\(bun) is missing: run scripts/setup-toolchain")
        }
        let folder = try Self.makeFolder()
        let result: Result<[String: [UInt8]], any Error>
        do {
            try await run(entries, folder)
            result = .success(
                try await NIOThreadPool.singleton.runIfActive { try read(entries, folder) }
            )
        } catch {
            result = .failure(error)
        }
        // A folder that stays is the system's to clear.
        try? await NIOThreadPool.singleton.runIfActive { try FileManager.default.removeItem(atPath: folder) }
        return try result.get()
    }

    private func run(_ entries: [String], _ folder: String) async throws {
        var request = SpawnRequest(
            program: bun,
            arguments: [
                "build", "--minify", "--target=browser", "--entry-naming=[name].[ext]", "--outdir=" + folder,
            ] + entries
        )
        // No settings of Bun's from where the server happens to have been started.
        request.directory = try Descriptor.open(folder, O_RDONLY | O_DIRECTORY)
        request.limits = [
            .init(resource: CInt(RLIMIT_FSIZE.rawValue), value: UInt64(maximumBytes)),
            .init(resource: CInt(RLIMIT_CORE.rawValue), value: 0),
        ]
        let begin = ContinuousClock.now
        let (status, output) = try await Supervisor.runOnce(request, within: timeLimit)
        try Task.checkCancellation()
        guard status != .exited(0) else { return }
        if begin.duration(to: .now) >= timeLimit { throw SandboxError.timeout("no scripts within \(timeLimit)") }
        throw SandboxError.died(output.isEmpty ? "\(status)" : output)
    }

    private func read(_ entries: [String], _ folder: String) throws -> [String: [UInt8]] {
        var scripts: [String: [UInt8]] = [:]
        for entry in entries {
            let name = entry.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? entry
            scripts[entry] = try Descriptor.open(folder + "/" + name, O_RDONLY).read(limit: maximumBytes)
        }
        return scripts
    }

    private static func makeFolder() throws -> String {
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((temporary + "/vibe-scripts.XXXXXX").utf8CString)
        return try template.withUnsafeMutableBufferPointer { template in
            guard let base = template.baseAddress, let made = mkdtemp(base) else { throw SandboxError.last("mkdtemp") }
            return String(cString: made)
        }
    }
}
