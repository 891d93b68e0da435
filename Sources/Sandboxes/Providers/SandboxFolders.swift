internal import Glibc

/// The folders of one app, all held open: `DATA/sandboxes/{app}/{template,app,run}`.
struct SandboxFolders: Sendable {
    /// The app's own folder, which only the server writes to.
    let home: Folder
    /// The template's code, a copy that only the server writes to.
    let template: Folder
    /// What the sandbox may write to.
    let app: Folder
    /// Where its socket lies; it may write here too.
    let run: Folder

    /// Makes them anew: nothing of an earlier run is trusted, or left.
    ///
    /// - Parameters:
    ///   - sandboxes: the folder of all apps' folders.
    ///   - appID: names the app's folder.
    ///   - source: the template.
    ///   - files: the app's own files, over the template's starter.
    ///   - owner: the user who may write to `app` and `run`.
    /// - Throws: `SandboxError`.
    init(
        in sandboxes: Folder,
        appID: String,
        template source: Folder,
        files: [String: String]?,
        owner: UInt32
    ) throws {
        home = try sandboxes.makeFolder(appID)
        for entry in try home.entries() { try home.removeTree(entry.name) }
        template = try home.makeFolder("template")
        try template.copyIn(source)
        run = try home.makeFolder("run", mode: 0o700)
        app = try home.makeFolder("app", mode: 0o700)

        // Written as ours and given away at the end: until then nobody can put a link in the way.
        try app.copyIn(source.folder("starter"))
        for (path, text) in files ?? [:] {
            if path == AppFiles.componentPath { try app.folder("src").removeFile("LLMComponent.tsx") }
            try app.writeNew(path, text)
        }
        try app.giveTree(to: owner)
        try run.giveTree(to: owner)
    }

    /// The socket, by a path that is short and cannot be swapped.
    var socketPath: String { "/proc/self/fd/\(run.descriptor.raw)/dev.sock" }

    /// What the sandbox has written.
    func size(limits: SandboxLimits) -> Folder.Size {
        let limit = Folder.Size(bytes: limits.folderBytes, entries: limits.folderEntries)
        var sum = app.size(limit: limit)
        let other = run.size(limit: limit)
        sum.bytes += other.bytes
        sum.entries += other.entries
        sum.isTooDeep = sum.isTooDeep || other.isTooDeep
        return sum
    }
}

extension Folder {
    /// Changes the owner of a tree that only the server can write to yet.
    ///
    /// - Throws: `SandboxError.system`.
    fileprivate func giveTree(to owner: UInt32) throws {
        if owner == geteuid() { return }
        for entry in try entries() {
            if entry.kind == .folder {
                try folder(entry.name).giveTree(to: owner)
            } else if fchownat(descriptor.raw, entry.bytes, owner, owner, AT_SYMLINK_NOFOLLOW) != 0 {
                throw SandboxError.last("chown \(entry.name)")
            }
        }
        guard fchown(descriptor.raw, owner, owner) == 0 else { throw SandboxError.last("chown") }
    }
}
