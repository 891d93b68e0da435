internal import Glibc

/// Holds a data folder for this process: an advisory lock that the kernel drops when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `CatalogueError.locked` when another process holds it, `unusable` when the file cannot be made.
    init(folder: String) throws(CatalogueError) {
        let path = folder + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CatalogueError.unusable("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else {
                throw CatalogueError.unusable("cannot lock \(path): \(String(cString: strerror(code)))")
            }
            throw CatalogueError.locked("another server already uses the data folder \(folder)")
        }
    }

    deinit {
        close(descriptor)
    }
}
