internal import CSandbox
internal import Glibc

extension SandboxEndpoint {
    /// Connects and makes sure that it is the sandbox who listens: the path must be a socket (no link, no FIFO) of the
    /// sandbox's own user, and the process behind it must run as that user.
    ///
    /// - Returns: a connected, non-blocking descriptor, which the caller owns (`ClientBootstrap.withConnectedSocket`).
    /// - Throws: `SandboxError.badAnswer` when another listens, `.died` when nobody does, else `.system`.
    package func connect() throws -> CInt {
        var status = stat()
        guard lstat(socketPath, &status) == 0 else {
            if errno == ENOENT { throw SandboxError.died("the dev server does not listen") }
            throw SandboxError.last("stat socket")
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SandboxError.badAnswer("what lies in the socket's place is no socket")
        }
        if let ownerUID, status.st_uid != ownerUID {
            throw SandboxError.badAnswer("the socket belongs to another user")
        }
        let descriptor = vibe_connect_unix(socketPath)
        guard descriptor >= 0 else {
            if errno == ECONNREFUSED || errno == ENOENT { throw SandboxError.died("the dev server does not listen") }
            throw SandboxError.last("connect")
        }
        if let ownerUID, vibe_peer_uid(descriptor) != Int64(ownerUID) {
            close(descriptor)
            throw SandboxError.badAnswer("another user listens on the socket")
        }
        return descriptor
    }
}
