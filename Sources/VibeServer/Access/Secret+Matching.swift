internal import COpenSSL
internal import Claude

extension Secret {
    /// Compares in a time that does not depend on the texts: by their SHA-256 digests.
    func matches(_ candidate: String) -> Bool {
        let own = Self.digest(reveal())
        let other = Self.digest(candidate)
        guard own.count == other.count, !own.isEmpty else { return false }
        return CRYPTO_memcmp(own, other, own.count) == 0
    }

    private static func digest(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1, length == 32 else { return [] }
        return digest
    }
}
