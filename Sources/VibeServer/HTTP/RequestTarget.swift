internal import HTTPTypes
internal import Hummingbird

/// Reads where a request goes: its canonical `Host`, checked against an absolute-form target (RFC 9112 §3.2).
enum RequestTarget {
    /// - Throws: 400 for no `Host`, two of them, one that is no name, or an absolute target that names another host.
    static func authority(of head: HTTPRequest) throws(APIError) -> Authority {
        guard let host = head.authority, !head.headerFields.contains(.host) else {
            throw bad(.badHost)
        }
        guard let authority = Authority(parsing: host) else {
            throw bad(.badHost)
        }
        guard let path = head.path, path.utf8.first != UInt8(ascii: "/"), path != "*" else { return authority }
        guard let target = absolute(path), Authority(parsing: target.authority) == authority else {
            throw bad(.badTarget)
        }
        return authority
    }

    /// The target in origin form: `/path?query`.
    static func originForm(of head: HTTPRequest) -> String {
        guard let path = head.path else { return "/" }
        guard path.utf8.first != UInt8(ascii: "/"), let target = absolute(path) else { return path }
        return target.rest.utf8.first == UInt8(ascii: "/") ? target.rest : "/" + target.rest
    }

    private static func absolute(_ target: String) -> (authority: String, rest: String)? {
        let bytes = Array(target.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = bytes[(colon + 3)...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        return (String(decoding: rest[..<end], as: UTF8.self), String(decoding: rest[end...], as: UTF8.self))
    }

    private static func bad(_ code: RefusalCode) -> APIError {
        APIError(code, headers: [.connection: "close"])
    }
}
