internal import Glibc

/// Writes a tar file (POSIX.1-1988 "ustar", IEEE Std 1003.1 pax §"ustar Interchange Format") of plain files and folders.
///
/// Bound to one thread; blocks.
struct TarWriter {
    /// Why an archive was not written.
    enum Failure: Error, Equatable {
        /// It would hold more bytes than it may.
        case tooLarge
    }

    private static let blockBytes = 512
    /// Bytes of a name, and of the folders before it.
    private static let nameBytes = 100
    private static let prefixBytes = 155

    private let file: Descriptor
    private let limit: UInt64
    /// Bytes written so far.
    private(set) var bytes: UInt64 = 0

    /// - Parameters:
    ///   - file: appended to.
    ///   - limit: bytes that the archive may hold, its end included.
    init(file: Descriptor, limit: UInt64) {
        self.file = file
        self.limit = limit
    }

    /// Adds a folder.
    ///
    /// - Returns: false when its path is too long for the format; then nothing was added.
    /// - Throws: `Failure`, `SandboxError`.
    mutating func addFolder(_ path: [UInt8], modified: Int) throws -> Bool {
        guard let header = Self.header(path + [UInt8(ascii: "/")], size: 0, mode: 0o755, type: "5", modified: modified)
        else { return false }
        try write(header)
        return true
    }

    /// Adds a file of exactly `size` bytes: what `read` gives beyond is left out, what it lacks is filled with zeros.
    ///
    /// - Parameters:
    ///   - path: in the archive.
    ///   - size: in bytes.
    ///   - modified: seconds since 1970.
    ///   - read: gives the next bytes, at most so many; empty at the end.
    /// - Returns: false when its path is too long for the format; then nothing was added.
    /// - Throws: `Failure`, `SandboxError`, what `read` throws.
    mutating func addFile(
        _ path: [UInt8],
        size: UInt64,
        modified: Int,
        read: (Int) throws -> [UInt8]
    ) throws -> Bool {
        // Before a byte of it is read: a file may say that it is as large as it likes.
        guard size <= limit, bytes + size <= limit else { throw Failure.tooLarge }
        guard let header = Self.header(path, size: size, mode: 0o644, type: "0", modified: modified) else {
            return false
        }
        try write(header)
        var rest = size
        while rest > 0 {
            let chunk = try read(Int(min(rest, 64 << 10)))
            guard !chunk.isEmpty else { break }
            try write(chunk)
            rest -= UInt64(chunk.count)
        }
        while rest > 0 {
            let count = min(rest, 64 << 10)
            try write([UInt8](repeating: 0, count: Int(count)))
            rest -= count
        }
        let over = Int(size % UInt64(Self.blockBytes))
        if over > 0 { try write([UInt8](repeating: 0, count: Self.blockBytes - over)) }
        return true
    }

    /// Ends the archive.
    mutating func finish() throws {
        try write([UInt8](repeating: 0, count: 2 * Self.blockBytes))
    }

    private mutating func write(_ block: [UInt8]) throws {
        guard bytes + UInt64(block.count) <= limit else { throw Failure.tooLarge }
        try file.write(block, operation: "write snapshot")
        bytes += UInt64(block.count)
    }

    /// `nil` when the path does not fit.
    static func header(_ path: [UInt8], size: UInt64, mode: Int, type: Unicode.Scalar, modified: Int) -> [UInt8]? {
        guard let (prefix, name) = split(path), size < 1 << 33 else { return nil }
        var block = [UInt8](repeating: 0, count: blockBytes)
        func put(_ bytes: [UInt8], at offset: Int) {
            block.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        }
        func octal(_ value: UInt64, _ digits: Int) -> [UInt8] {
            let text = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, digits - text.utf8.count)) + text).utf8)
        }
        put(name, at: 0)
        put(octal(UInt64(mode), 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(size, 11), at: 124)
        put(octal(UInt64(min(max(0, modified), 0o77_777_777_777)), 11), at: 136)
        put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148)
        put([UInt8(ascii: type)], at: 156)
        put(Array("ustar\u{0}00".utf8), at: 257)
        put(prefix, at: 345)
        let sum = block.reduce(UInt64(0)) { $0 + UInt64($1) }
        put(octal(sum, 6) + [0, UInt8(ascii: " ")], at: 148)
        return block
    }

    /// Cuts a path at a slash so that both halves fit.
    private static func split(_ path: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        if path.count <= nameBytes { return ([], path) }
        // A folder's own slash at the end is no place to cut.
        for index in path.indices.dropLast() where path[index] == UInt8(ascii: "/") {
            let name = path[(index + 1)...]
            if name.count <= nameBytes, index <= prefixBytes { return (Array(path[..<index]), Array(name)) }
        }
        return nil
    }
}
