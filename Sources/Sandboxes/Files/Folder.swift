internal import CSandbox
internal import Glibc

/// A directory that is held open; everything happens relative to it, so no path above it matters any more.
struct Folder: Sendable {
    let descriptor: Descriptor

    init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }

    /// Opens a folder by a path that we chose ourselves, making it and those above it when they are missing.
    ///
    /// - Throws: `SandboxError.system`.
    static func openMaking(_ path: String) throws -> Folder {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made == "/" ? "" : "/") + String(part)
            if mkdir(made, 0o755) != 0 && errno != EEXIST { throw SandboxError.last("mkdir \(made)") }
        }
        return Folder(try .open(path, O_RDONLY | O_DIRECTORY))
    }

    /// Opens a folder directly in this one; a symbolic link is refused.
    ///
    /// - Throws: `SandboxError.system`.
    func folder(_ name: String) throws -> Folder {
        Folder(try descriptor.openBeneath(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
    }

    /// Makes a folder directly in this one and opens it; one that is there already is opened.
    ///
    /// - Throws: `SandboxError.system`.
    func makeFolder(_ name: String, mode: mode_t = 0o755, owner: UInt32? = nil) throws -> Folder {
        if mkdirat(descriptor.raw, name, mode) != 0 && errno != EEXIST { throw SandboxError.last("mkdir \(name)") }
        let made = try folder(name)
        // The mode again, as the umask may have taken from it.
        guard fchmod(made.descriptor.raw, mode) == 0 else { throw SandboxError.last("chmod \(name)") }
        if let owner, fchown(made.descriptor.raw, owner, owner) != 0 { throw SandboxError.last("chown \(name)") }
        return made
    }

    /// Writes a new file below this folder, making the folders on the way.
    ///
    /// - Throws: `SandboxError.system`, with EEXIST when it is there already.
    func writeNew(_ path: String, _ text: String, owner: UInt32? = nil) throws {
        var folder = self
        let parts = path.split(separator: "/").map(String.init)
        for part in parts.dropLast() { folder = try folder.makeFolder(part, owner: owner) }
        guard let name = parts.last else { throw SandboxError.refused("an empty path") }
        let file = try folder.descriptor.openBeneath(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
        try file.write(Array(text.utf8), operation: "write \(name)")
        guard fchmod(file.raw, 0o644) == 0 else { throw SandboxError.last("chmod \(name)") }
        if let owner, fchown(file.raw, owner, owner) != 0 { throw SandboxError.last("chown \(name)") }
    }

    /// Copies what lies in `source`, plain files and folders only, to this folder.
    ///
    /// - Throws: `SandboxError.system`.
    func copyIn(_ source: Folder) throws {
        for entry in try source.entries() {
            switch entry.kind {
            case .folder: try makeFolder(entry.name).copyIn(source.folder(entry.name))
            case .file: try copy(entry, from: source)
            case .other: break
            }
        }
    }

    /// Copies a file of `source` to a new one of the same name.
    ///
    /// - Throws: `SandboxError.system`.
    func copy(_ entry: Entry, from source: Folder) throws {
        let from = try source.descriptor.openBeneath(entry.name, O_RDONLY | O_NOFOLLOW)
        let to = try descriptor.openBeneath(entry.name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
        try to.write(from.read(limit: 64 << 20), operation: "write \(entry.name)")
        guard fchmod(to.raw, 0o644) == 0 else { throw SandboxError.last("chmod \(entry.name)") }
    }

    /// One name in a folder.
    struct Entry {
        enum Kind { case folder, file, other }
        /// As the system has it, with the final zero; an app may choose names that are no UTF-8.
        var bytes: [CChar]
        var kind: Kind
        /// For a person, and for names that we chose ourselves.
        var name: String { String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    }

    /// The names in this folder, at most `limit`.
    ///
    /// - Throws: `SandboxError.system`.
    func entries(limit: Int = .max) throws -> [Entry] {
        // A descriptor of its own: reading moves its position, and `closedir` closes it.
        let copy = openat(descriptor.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw SandboxError.last("open folder") }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw SandboxError.last("read folder")
        }
        defer { closedir(stream) }
        var found: [Entry] = []
        while found.count < limit, let entry = readdir(stream) {
            let type = entry.pointee.d_type
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if bytes == [46, 0] || bytes == [46, 46, 0] { continue }
            found.append(Entry(bytes: bytes, kind: kind(of: bytes, type: Int(type))))
        }
        return found
    }

    private func kind(of name: [CChar], type: Int) -> Entry.Kind {
        switch type {
        case Int(DT_DIR): return .folder
        case Int(DT_REG): return .file
        case Int(DT_UNKNOWN):
            var status = stat()
            guard fstatat(descriptor.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .other }
            return status.st_mode & S_IFMT == S_IFDIR ? .folder : status.st_mode & S_IFMT == S_IFREG ? .file : .other
        default: return .other
        }
    }

    /// What `name` itself is, not what a symbolic link of that name leads to; `nil` when there is none.
    func status(_ name: String) -> stat? {
        var status = stat()
        return fstatat(descriptor.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// Removes a file, link or socket directly in this folder; none is no error.
    ///
    /// - Throws: `SandboxError.system`.
    func removeFile(_ name: String) throws {
        if unlinkat(descriptor.raw, name, 0) != 0 && errno != ENOENT { throw SandboxError.last("unlink \(name)") }
    }
}
