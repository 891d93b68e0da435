internal import COpenSSL

/// The key of an opening handshake and the proof that it was understood (RFC 6455 §4.2.2).
enum HandshakeKey {
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Whether a key is the canonical base64 of 16 bytes: 22 characters whose last four bits are zero, and `==`.
    static func isValid(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, bytes[22] == UInt8(ascii: "="), bytes[23] == UInt8(ascii: "=") else { return false }
        let isAlphabet = bytes[..<22].allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
        // A, Q, g and w are 0, 16, 32 and 48: only the two upper bits of the last character belong to the key.
        return isAlphabet && "AQgw".utf8.contains(bytes[21])
    }

    /// The base64 of the SHA-1 of the key and the protocol's GUID; `nil` if OpenSSL refuses the digest.
    static func accept(for key: String) -> String? {
        let input = Array((key + suffix).utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        guard EVP_Digest(input, input.count, &digest, nil, EVP_sha1(), nil) == 1 else { return nil }
        // 28 characters and the terminating zero that OpenSSL writes.
        var encoded = [UInt8](repeating: 0, count: 29)
        let count = EVP_EncodeBlock(&encoded, digest, 20)
        return String(decoding: encoded.prefix(Int(count)), as: UTF8.self)
    }
}
