internal import Glibc

/// Holds a data folder for this process: an advisory lock that the kernel drops when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Blocks until the lock is free, for at most `patience`.
    ///
    /// A killed server's lock may outlive it for a moment: a child that it had just forked holds it until it executes its program.
    ///
    /// - Throws: `CatalogueError.locked` when another process holds it, `unusable` when the file cannot be made.
    init(folder: String, patience: Duration = .seconds(2)) throws(CatalogueError) {
        let path = folder + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CatalogueError.unusable("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EWOULDBLOCK || code == EINTR, ContinuousClock.now < end {
                usleep(10_000)
                continue
            }
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
