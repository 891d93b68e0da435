internal import CSandbox
internal import Glibc

/// An open descriptor that is closed when the last reference goes.
final class Descriptor: Sendable {
    let raw: CInt

    /// Takes over `raw`.
    init(_ raw: CInt) {
        self.raw = raw
    }

    deinit {
        close(raw)
    }

    /// Opens a path that we chose ourselves; never one that an app has a say in.
    ///
    /// - Throws: `SandboxError.system`.
    static func open(_ path: String, _ flags: CInt, mode: mode_t = 0) throws -> Descriptor {
        let raw = Glibc.open(path, flags | O_CLOEXEC, mode)
        guard raw >= 0 else { throw SandboxError.last("open \(path)") }
        return Descriptor(raw)
    }

    /// Opens a path below this directory without following a symbolic link or leaving it (openat2, RESOLVE_BENEATH).
    ///
    /// - Throws: `SandboxError.system`.
    func openBeneath(_ path: String, _ flags: CInt, mode: UInt32 = 0) throws -> Descriptor {
        let found = vibe_open_beneath(raw, path, flags | O_CLOEXEC, mode)
        guard found >= 0 else { throw SandboxError.last("open \(path)") }
        return Descriptor(found)
    }

    /// Holds what `path` itself is below this directory, a socket for instance, without opening it.
    ///
    /// - Throws: `SandboxError.system`.
    func holdBeneath(_ path: String) throws -> Descriptor {
        let found = vibe_hold_beneath(raw, path)
        guard found >= 0 else { throw SandboxError.last("hold \(path)") }
        return Descriptor(found)
    }

    /// Writes all bytes.
    ///
    /// - Throws: `SandboxError.system`.
    func write(_ bytes: [UInt8], operation: String = "write") throws {
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let count = Glibc.write(raw, rest.baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw SandboxError.last(operation)
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Reads to the end, but at most `limit` bytes.
    ///
    /// - Throws: `SandboxError.system`.
    func read(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit, 64 << 10))
        while bytes.count < limit {
            let count = Glibc.read(raw, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0 {
                if errno == EINTR { continue }
                throw SandboxError.last("read")
            }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }
}

extension SandboxError {
    /// The error that `errno` holds now.
    static func last(_ operation: String) -> SandboxError {
        .of(operation, errno)
    }

    /// An error number in words.
    static func of(_ operation: String, _ code: CInt) -> SandboxError {
        .system(operation: operation, code: code, message: String(cString: strerror(code)))
    }
}
