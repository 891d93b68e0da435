internal import COpenSSL
internal import NIOCore

/// Checks JSON Web Tokens that are signed with HMAC and SHA-256 (RFC 7519, RFC 7518 §3.2) and one secret.
///
/// The algorithm is this one whatever a token says of itself; a header that names another, or `crit`, is refused.
package struct HMACTokenVerifier: TokenVerifier {
    /// Bytes of a token, before anything of it is read.
    package static let maximumBytes = 8_192

    private let secret: [UInt8]
    private let now: @Sendable () -> UInt64

    /// - Parameters:
    ///   - secret: its bytes are the key; not empty.
    ///   - now: seconds since 1970, UTC.
    package init(secret: String, now: @escaping @Sendable () -> UInt64) {
        precondition(!secret.isEmpty, "an empty secret would accept everybody's tokens")
        self.secret = Array(secret.utf8)
        self.now = now
    }

    package func connection(_ token: String) throws(TokenError) -> ConnectionClaims {
        let claims = try claims(of: token)
        guard let user = claims.text("sub", default: "") else { throw .invalid }
        var result = ConnectionClaims(user: user, expiry: try expiry(of: claims))
        if let info = claims["info"] {
            guard let object = try? info.object() else { throw .invalid }
            result.name = object["name"]?.string
        }
        if let channels = claims["channels"] {
            guard let names = channels.strings else { throw .invalid }
            result.channels = names
        }
        return result
    }

    package func subscription(_ token: String) throws(TokenError) -> SubscriptionClaims {
        let claims = try claims(of: token)
        guard let user = claims.text("sub", default: ""), let channel = claims["channel"]?.string else {
            throw .invalid
        }
        return SubscriptionClaims(user: user, channel: channel, expiry: try expiry(of: claims))
    }

    /// The claims of a token whose signature is right.
    private func claims(of token: String) throws(TokenError) -> JSONObject {
        guard token.utf8.count <= Self.maximumBytes else { throw .invalid }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3,
            let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .invalid }
        let signed = Array(token.utf8.prefix(parts[0].count + 1 + parts[1].count))
        guard let expected = Self.hmac(signed, key: secret), signature.count == expected.count,
            CRYPTO_memcmp(signature, expected, expected.count) == 0
        else { throw .invalid }
        guard let head = try? JSONObject(ByteBuffer(bytes: header)), head["alg"]?.string == "HS256",
            head["crit"] == nil, let claims = try? JSONObject(ByteBuffer(bytes: payload))
        else { throw .invalid }
        return claims
    }

    /// How long the claims are still good (RFC 7519 §4.1.4, §4.1.5).
    private func expiry(of claims: JSONObject) throws(TokenError) -> Expiry? {
        let now = now()
        if let value = claims["nbf"] {
            guard let notBefore = value.unsignedInteger, notBefore <= now else { throw .invalid }
        }
        guard let value = claims["exp"] else { return nil }
        guard let end = value.unsignedInteger, end <= UInt64(Int64.max) else { throw .invalid }
        guard end > now else { throw .expired }
        return Expiry(seconds: UInt32(min(end - now, Self.maximumSeconds)))
    }

    /// A year: what is good for longer is asked about again then.
    private static let maximumSeconds: UInt64 = 31_536_000

    private static func hmac(_ message: [UInt8], key: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &digest, &length) != nil else {
            return nil
        }
        return Array(digest.prefix(Int(length)))
    }
}

extension JSONObject {
    /// A text member: what is missing is `missing`; `nil` for another kind.
    fileprivate func text(_ key: StaticString, default missing: String) -> String? {
        guard let value = self[key] else { return missing }
        return value.string
    }
}
