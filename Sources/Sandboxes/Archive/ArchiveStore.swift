internal import Glibc

/// Snapshots of apps' folders as tar files in `DATA/snapshots`, which only the server's user can read.
///
/// At most `ArchiveLimits.maximumCount` are kept: a new one that is whole takes the place of the oldest.
package final class ArchiveStore: Sendable {
    package let limits: ArchiveLimits
    private let folder: Folder
    private let sandboxes: Folder
    private let path: String
    /// One at a time.
    private let threads = BlockingThreads(count: 1)

    /// Opens the folder, making it if need be, and removes what was not finished.
    ///
    /// - Throws: `SandboxError`.
    package init(dataFolder: String, limits: ArchiveLimits = ArchiveLimits()) throws {
        self.limits = limits
        let data = try Folder.openMaking(dataFolder)
        folder = try data.makeFolder("snapshots", mode: 0o700)
        sandboxes = try data.makeFolder("sandboxes")
        path = dataFolder + "/snapshots"
        for entry in try folder.entries() where entry.name.hasSuffix(Self.partial) {
            try folder.removeFile(entry.name)
        }
    }

    deinit {
        threads.end()
    }

    private static let partial = ".partial"

    /// Writes a snapshot of what an app's sandbox may write to, or of `files` where it has no folder.
    ///
    /// - Parameters:
    ///   - id: names it; letters, digits and hyphens. Ids that were made later sort later.
    ///   - appID: the app.
    ///   - files: path to text.
    /// - Returns: its size in bytes.
    /// - Throws: `ArchiveError`, `SandboxError`; then nothing is left of it.
    package func store(id: String, appID: String, files: [String: String]) async throws -> UInt64 {
        guard Self.isAllowed(id), Self.isAllowed(appID) else {
            throw SandboxError.refused("a name that is not allowed")
        }
        return try await threads.run { [self] in
            do {
                let bytes = try write(Self.name(id), appID: appID, files: files)
                try? prune()
                return bytes
            } catch {
                try? folder.removeFile(Self.name(id) + Self.partial)
                switch error {
                case TarWriter.Failure.tooLarge: throw ArchiveError.tooLarge(limit: limits.maximumBytes)
                case SandboxError.system(_, ENOSPC, _), SandboxError.system(_, EDQUOT, _): throw ArchiveError.full
                default: throw error
                }
            }
        }
    }

    /// The path of a snapshot's file, made of our own folder and a checked id; `nil` when there is none.
    package func file(id: String) -> String? {
        guard Self.isAllowed(id), let status = folder.status(Self.name(id)), status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return path + "/" + Self.name(id)
    }

    private func write(_ name: String, appID: String, files: [String: String]) throws -> UInt64 {
        let file = try folder.descriptor.openBeneath(
            name + Self.partial,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
            mode: 0o600
        )
        var tar = TarWriter(file: file, limit: limits.maximumBytes)
        let root = Array(appID.utf8)
        _ = try tar.addFolder(root, modified: 0)
        if let app = try? sandboxes.folder(appID).folder("app") {
            try tar.add(app, as: root)
        } else {
            for (path, text) in files.sorted(by: { $0.key < $1.key }) where AppFiles.isAllowed(path) {
                var rest = Array(text.utf8)[...]
                _ = try tar.addFile(
                    root + [UInt8(ascii: "/")] + Array(path.utf8),
                    size: UInt64(rest.count),
                    modified: 0
                ) {
                    let chunk = rest.prefix($0)
                    rest = rest.dropFirst($0)
                    return Array(chunk)
                }
            }
        }
        try tar.finish()
        guard fsync(file.raw) == 0 else { throw SandboxError.last("fsync snapshot") }
        guard renameat(folder.descriptor.raw, name + Self.partial, folder.descriptor.raw, name) == 0 else {
            throw SandboxError.last("rename snapshot")
        }
        return tar.bytes
    }

    /// Removes the oldest beyond the limit.
    private func prune() throws {
        let names = try folder.entries().map(\.name).filter { $0.hasSuffix(".tar") }.sorted()
        for name in names.dropLast(limits.maximumCount) { try folder.removeFile(name) }
    }

    private static func name(_ id: String) -> String { id + ".tar" }

    private static func isAllowed(_ id: String) -> Bool { AppFiles.isAllowedAppID(id) }
}

/// How many snapshots are kept, and how large one may be.
package struct ArchiveLimits: Sendable {
    /// Snapshots of all apps (`VIBE_MAX_SNAPSHOTS`); 20 by default.
    package var maximumCount = 20
    /// Bytes of one (`VIBE_MAX_SNAPSHOT_MIB`); 64 MiB by default.
    package var maximumBytes: UInt64 = 64 << 20

    package init() {}
}

/// Why there is no snapshot.
package enum ArchiveError: Error, Sendable, Equatable {
    /// The folder holds more than a snapshot may.
    case tooLarge(limit: UInt64)
    /// The disk has no room.
    case full
}
