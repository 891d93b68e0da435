/// Scheme, host and port of a page (RFC 6454), compared as a whole.
package struct WebOrigin: Sendable, Hashable {
    /// `http` or `https`.
    package let scheme: String
    package let host: String
    /// Never `nil`: the scheme's own port where none was written.
    package let port: Int

    package init(scheme: String, authority: Authority) {
        self.scheme = scheme
        self.host = authority.host
        self.port = authority.port ?? Self.defaultPort(of: scheme)
    }

    /// Reads an `Origin` header in the one spelling that browsers send (RFC 6454 §6.2).
    ///
    /// `nil` for `null`, a path, user information, upper case, a trailing dot, and schemes other than `http` and `https`.
    package init?(header: String) {
        guard let origin = WebOrigin(url: header), origin.text == header || origin.textWithPort == header else {
            return nil
        }
        self = origin
    }

    /// Reads `http://host[:port]` with nothing behind it but one slash at most, in any case.
    package init?(url: String) {
        let bytes = Array(url.utf8)
        guard let separator = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[separator...].starts(with: "://".utf8)
        else { return nil }
        let scheme = String(decoding: bytes[..<separator], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        var rest = bytes[(separator + 3)...]
        if rest.last == UInt8(ascii: "/") { rest.removeLast() }
        guard let authority = Authority(parsing: String(decoding: rest, as: UTF8.self)) else { return nil }
        self.init(scheme: scheme, authority: authority)
    }

    /// As browsers write it: without the scheme's own port.
    package var text: String { port == Self.defaultPort(of: scheme) ? "\(scheme)://\(host)" : textWithPort }

    /// The same page's WebSocket origin, for `connect-src`.
    package var webSocketText: String { (scheme == "https" ? "wss" : "ws") + text.dropFirst(scheme.utf8.count) }

    /// Whether browsers know it for this machine's own, and so trust it without encryption.
    package var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "127.0.0.1" || host == "[::1]"
    }

    private var textWithPort: String { "\(scheme)://\(host):\(port)" }

    private static func defaultPort(of scheme: String) -> Int { scheme == "https" ? 443 : 80 }
}
