internal import COpenSSL

/// A text that must not be shown: it prints as `***`.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that needs it.
    package let value: String

    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }

    /// Compares in a time that does not depend on the texts: by their SHA-256 digests.
    package func matches(_ candidate: String) -> Bool {
        let own = Self.digest(value)
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
