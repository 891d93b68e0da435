/// A `Host` header or the authority of an origin, in canonical form (RFC 3986 §3.2, RFC 9110 §7.2).
package struct Authority: Sendable, Hashable {
    /// Lower-case ASCII without a trailing dot; an IPv6 literal keeps its brackets.
    package let host: String
    /// As written; `nil` when the scheme's own port is meant.
    package let port: Int?

    package init(host: String, port: Int?) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port` or `[v6]:port` as bytes; `nil` for user information, empty labels, or anything that is no name.
    package init?(parsing text: String) {
        var bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 260 else { return nil }
        var port: Int?
        let hostEnd: Int
        if bytes[0] == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = close + 1
        } else {
            hostEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        }
        if hostEnd < bytes.endIndex {
            guard bytes[hostEnd] == UInt8(ascii: ":"), let parsed = Self.port(bytes[(hostEnd + 1)...]) else {
                return nil
            }
            port = parsed
        }
        bytes.removeSubrange(hostEnd...)
        guard let host = bytes.first == UInt8(ascii: "[") ? Self.literal(bytes) : Self.name(bytes) else { return nil }
        self.host = host
        self.port = port
    }

    /// `host` or `host:port`.
    package var text: String { port.map { "\(host):\($0)" } ?? host }

    private static func port(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...5).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return (1...65_535).contains(value) ? value : nil
    }

    /// An IPv6 literal: hexadecimal digits, colons and dots between brackets.
    private static func literal(_ bytes: [UInt8]) -> String? {
        let inner = bytes.dropFirst().dropLast().map(lowercased)
        guard (2...45).contains(inner.count) else { return nil }
        for byte in inner {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: ":"),
                UInt8(ascii: "."):
                continue
            default: return nil
            }
        }
        return "[" + String(decoding: inner, as: UTF8.self) + "]"
    }

    /// A DNS name or IPv4 address; one trailing dot is dropped (RFC 1034 §3.1).
    private static func name(_ bytes: [UInt8]) -> String? {
        var bytes = bytes.map(lowercased)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        guard (1...253).contains(bytes.count) else { return nil }
        var previous = UInt8(ascii: ".")
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                break
            case UInt8(ascii: ".") where previous != UInt8(ascii: "."):
                break
            default: return nil
            }
            previous = byte
        }
        return previous == UInt8(ascii: ".") ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
