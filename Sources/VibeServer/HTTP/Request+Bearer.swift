internal import HTTPTypes
internal import Hummingbird

extension Request {
    /// The token of `Authorization: Bearer`; the scheme's case does not count (RFC 9110 §11.1).
    var bearerToken: String? {
        guard let header = headers[.authorization] else { return nil }
        let parts = header.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, String(decoding: parts[0], as: UTF8.self).lowercased() == "bearer" else { return nil }
        return String(decoding: parts[1], as: UTF8.self)
    }
}
