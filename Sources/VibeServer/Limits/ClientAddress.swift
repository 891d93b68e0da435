internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What counts as one address: an IPv4 address, or the network of an IPv6 one, of which every subscriber has 2^64 addresses.
struct ClientAddress: Hashable, Sendable {
    private let isVersion4: Bool
    private let prefix: [UInt8]

    /// `nil` for sockets without an IP address.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        if let bytes = Self.bytes(of: text, family: AF_INET, count: 4) {
            isVersion4 = true
            prefix = bytes
        } else if let bytes = Self.bytes(of: text, family: AF_INET6, count: 16) {
            // ::ffff:a.b.c.d is an IPv4 address (RFC 4291 §2.5.5.2).
            isVersion4 = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            prefix = Array(isVersion4 ? bytes[12...] : bytes[..<8])
        } else {
            return nil
        }
    }

    private static func bytes(of text: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
