#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
internal import NIOCore

/// Holds an address before anything is started: the port is known, and two servers do not start on one.
///
/// A bound socket that does not listen; the server's own socket may bind the same address beside it (`SO_REUSEADDR`), which
/// fails while somebody else listens there. Closed when it goes.
final class PortReservation: Sendable {
    private let descriptor: CInt
    /// The port: the one asked for, or the one picked for 0.
    let port: Int

    /// - Throws: `ConfigurationError` when the address is taken or is not this machine's.
    init(host: String, port: Int) throws {
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw ConfigurationError("The listening address \(host) is not known here (VIBE_HOST).")
        }
        let family: CInt
        switch address {
        case .v4: family = AF_INET
        case .v6: family = AF_INET6
        case .unixDomainSocket:
            throw ConfigurationError("The listening address \(host) is not an IP address (VIBE_HOST).")
        }
        #if canImport(Glibc)
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw Self.failure("socket", host, port) }
        var reuse: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
        let bound = address.withSockAddr { pointer, size in
            bind(descriptor, pointer, socklen_t(size))
        }
        guard bound == 0 else {
            let error = Self.failure("bind", host, port)
            close(descriptor)
            throw error
        }
        do {
            self.port = try Self.port(of: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func port(of descriptor: CInt) throws -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard named == 0 else { throw failure("getsockname", "", 0) }
        // The port stands in network order behind the family, for IPv4 and IPv6 alike.
        return withUnsafeBytes(of: storage) {
            Int(UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        }
    }

    private static func failure(_ operation: String, _ host: String, _ port: Int) -> ConfigurationError {
        let code = errno
        if code == EADDRINUSE {
            return ConfigurationError("Port \(port) on \(host) is in use. Stop the other program or set VIBE_PORT.")
        }
        return ConfigurationError("Cannot listen on \(host):\(port): \(operation): \(String(cString: strerror(code))).")
    }
}
