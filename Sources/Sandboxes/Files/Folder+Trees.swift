internal import CSandbox
internal import Glibc

extension Folder {
    /// Removes a whole tree directly in this folder; none is no error.
    ///
    /// An app may have nested it deeper than any stack or path is long, so it is made flat: each folder within is moved up
    /// to the top and emptied in turn. Nothing that may still write to the tree may run.
    ///
    /// - Throws: `SandboxError.system`.
    func removeTree(_ name: String) throws {
        guard let status = status(name) else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try removeFile(name) }
        let top = try openToEmpty(name)
        var number = 0
        while case let entries = try top.entries(limit: 1024), !entries.isEmpty {
            for entry in entries where try !top.unlink(entry) {
                let folder = try top.openToEmpty(entry)
                while case let inner = try folder.entries(limit: 1024), !inner.isEmpty {
                    for each in inner where try !folder.unlink(each) {
                        repeat { number += 1 } while top.status("removed.\(number)") != nil
                        guard renameat(folder.descriptor.raw, each.bytes, top.descriptor.raw, "removed.\(number)") == 0
                        else { throw SandboxError.last("rename \(each.name)") }
                    }
                }
                guard unlinkat(top.descriptor.raw, entry.bytes, AT_REMOVEDIR) == 0 else {
                    throw SandboxError.last("rmdir \(entry.name)")
                }
            }
        }
        guard unlinkat(descriptor.raw, name, AT_REMOVEDIR) == 0 else { throw SandboxError.last("rmdir \(name)") }
    }

    /// Removes a file, link, socket or device; false when it is a folder.
    private func unlink(_ entry: Entry) throws -> Bool {
        if entry.kind == .folder { return false }
        if unlinkat(descriptor.raw, entry.bytes, 0) == 0 || errno == ENOENT { return true }
        throw SandboxError.last("unlink \(entry.name)")
    }

    private func openToEmpty(_ name: String) throws -> Folder {
        try openToEmpty(Entry(bytes: Array(name.utf8CString), kind: .folder))
    }

    private func openToEmpty(_ entry: Entry) throws -> Folder {
        // Its mode may keep us out when we are not root.
        if geteuid() != 0, fchmodat(descriptor.raw, entry.bytes, 0o700, 0) != 0 {
            throw SandboxError.last("chmod \(entry.name)")
        }
        let raw = vibe_open_beneath(
            descriptor.raw,
            entry.bytes,
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
            0
        )
        guard raw >= 0 else { throw SandboxError.last("open \(entry.name)") }
        return Folder(Descriptor(raw))
    }

    /// How much a tree holds.
    struct Size: Sendable, Equatable {
        var bytes: UInt64 = 0
        var entries = 0
        /// Whether it is nested deeper than is looked at.
        var isTooDeep = false
    }

    /// Adds up what this tree holds, and stops as soon as that is more than `limit`.
    ///
    /// Something may be writing to it.
    func size(limit: Size) -> Size {
        var sum = Size()
        var waiting = [(folder: self, depth: 0)]
        while let (folder, depth) = waiting.popLast() {
            guard let entries = try? folder.entries(limit: limit.entries - sum.entries + 1) else { continue }
            for entry in entries {
                sum.entries += 1
                var status = stat()
                guard fstatat(folder.descriptor.raw, entry.bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                sum.bytes += UInt64(max(0, status.st_blocks)) * 512
                if sum.bytes > limit.bytes || sum.entries > limit.entries { return sum }
                guard entry.kind == .folder else { continue }
                guard depth < 32 else {
                    sum.isTooDeep = true
                    return sum
                }
                let raw = vibe_open_beneath(
                    folder.descriptor.raw,
                    entry.bytes,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
                    0
                )
                if raw >= 0 { waiting.append((Folder(Descriptor(raw)), depth + 1)) }
            }
        }
        return sum
    }
}
