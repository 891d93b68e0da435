internal import CSandbox
internal import Glibc

extension SandboxEndpoint {
    /// Connects and makes sure that it is the sandbox who listens.
    ///
    /// What lies at the path must be a socket itself (no link, no FIFO) of the sandbox's own user, and the process behind it
    /// must run as that user. When `ownerUID` is `nil`, that is the owner of the folder in which the socket lies: the server
    /// made that folder and gave it to the sandbox, who cannot give it away.
    ///
    /// - Returns: a connected, non-blocking descriptor, which the caller owns (`ClientBootstrap.withConnectedSocket`).
    /// - Throws: `SandboxError.badAnswer` when another listens, `.died` when nobody does, else `.system`.
    package func connect() throws -> CInt {
        // Held, so that what is looked at is what is connected to, whatever the app puts in its place meanwhile.
        let held = vibe_hold(socketPath)
        guard held >= 0 else {
            if errno == ENOENT { throw SandboxError.died("the dev server does not listen") }
            throw SandboxError.last("open socket")
        }
        defer { close(held) }
        var status = stat()
        guard fstat(held, &status) == 0 else { throw SandboxError.last("stat socket") }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SandboxError.badAnswer("what lies in the socket's place is no socket")
        }
        let owner = try ownerUID ?? folderOwner()
        guard status.st_uid == owner else { throw SandboxError.badAnswer("the socket belongs to another user") }
        let descriptor = vibe_connect_unix("/proc/self/fd/\(held)")
        guard descriptor >= 0 else {
            if errno == ECONNREFUSED || errno == ENOENT { throw SandboxError.died("the dev server does not listen") }
            throw SandboxError.last("connect")
        }
        guard vibe_peer_uid(descriptor) == Int64(owner) else {
            close(descriptor)
            throw SandboxError.badAnswer("another user listens on the socket")
        }
        return descriptor
    }

    private func folderOwner() throws -> UInt32 {
        guard let slash = socketPath.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            throw SandboxError.refused("the socket's path has no folder")
        }
        var status = stat()
        guard stat(String(socketPath[..<slash]), &status) == 0 else { throw SandboxError.last("stat folder") }
        return status.st_uid
    }
}
