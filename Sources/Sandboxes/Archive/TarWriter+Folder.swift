internal import CSandbox
internal import Glibc

extension TarWriter {
    /// Folders within folders that are looked into.
    private static let depthLimit = 32
    /// Names of one archive.
    private static let entryLimit = 100_000

    /// Adds what lies in a folder to which an app may be writing: plain files and folders.
    ///
    /// Symbolic links, sockets, pipes and devices are left out, and so is what is named or nested so that the format does not
    /// take it. Nothing is opened by a path: each name is opened below its held folder, and never through a link.
    ///
    /// - Parameters:
    ///   - folder: whose content is added.
    ///   - path: what it is called in the archive.
    /// - Throws: `Failure`, `SandboxError`.
    mutating func add(_ folder: Folder, as path: [UInt8]) throws {
        var waiting = [(folder: folder, path: path, depth: 0)]
        var seen = 0
        while let (folder, path, depth) = waiting.popLast() {
            guard let entries = try? folder.entries(limit: Self.entryLimit - seen) else { continue }
            seen += entries.count
            for entry in entries.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
                let name = entry.bytes.dropLast().map { UInt8(bitPattern: $0) }
                let inner = path + [UInt8(ascii: "/")] + name
                switch entry.kind {
                case .folder where depth < Self.depthLimit:
                    guard let opened = Self.open(entry, in: folder, O_DIRECTORY), let status = Self.status(opened),
                        try addFolder(inner, modified: status.st_mtim.tv_sec)
                    else { continue }
                    waiting.append((Folder(opened), inner, depth + 1))
                case .file:
                    // A pipe that was put in its place since must not hold us up.
                    guard let opened = Self.open(entry, in: folder, O_NONBLOCK), let status = Self.status(opened),
                        status.st_mode & S_IFMT == S_IFREG
                    else { continue }
                    _ = try addFile(
                        inner,
                        size: UInt64(max(0, status.st_size)),
                        modified: status.st_mtim.tv_sec,
                        read: { try opened.read(limit: $0) }
                    )
                case .folder, .other: continue
                }
            }
        }
    }

    /// `nil` when it has gone, or is something else by now.
    private static func open(_ entry: Folder.Entry, in folder: Folder, _ flags: CInt) -> Descriptor? {
        let raw = vibe_open_beneath(
            folder.descriptor.raw,
            entry.bytes,
            O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags,
            0
        )
        return raw >= 0 ? Descriptor(raw) : nil
    }

    private static func status(_ descriptor: Descriptor) -> stat? {
        var status = stat()
        return fstat(descriptor.raw, &status) == 0 ? status : nil
    }
}
