internal import COpenSSL
internal import struct Foundation.Date

/// Makes ids from OpenSSL's random bytes, in lower-case base32 (RFC 4648 §6).
package enum Identifier {
    /// The alphabet of RFC 4648 in the order of ASCII, so that texts sort as the numbers they stand for.
    private static let alphabet = Array("234567abcdefghijklmnopqrstuvwxyz".utf8)

    /// A new app id: `app-` and 16 characters, 80 random bits.
    package static func app() -> String {
        "app-" + random(characters: 16)
    }

    /// A new message id: `msg-`, the time in 10 characters, 10 random ones.
    ///
    /// Sorts by creation, to the millisecond.
    static func message(at date: Date) -> String {
        "msg-" + time(date) + random(characters: 10)
    }

    /// A new generation id, as `message(at:)` with `gen-`.
    static func generation(at date: Date) -> String {
        "gen-" + time(date) + random(characters: 10)
    }

    /// A new snapshot id, as `message(at:)` with `snap-`.
    static func snapshot(at date: Date) -> String {
        "snap-" + time(date) + random(characters: 10)
    }

    /// Whether a text has the form of an app id.
    package static func isApp(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count == 20 && text.utf8.starts(with: "app-".utf8)
            && bytes.dropFirst(4).allSatisfy(alphabet.contains)
    }

    private static func time(_ date: Date) -> String {
        var value = UInt64(max(0, (date.timeIntervalSince1970 * 1000).rounded()))
        var digits = [UInt8](repeating: alphabet[0], count: 10)
        for index in digits.indices.reversed() {
            digits[index] = alphabet[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func random(characters: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: characters)
        if RAND_bytes(&bytes, Int32(characters)) != 1 {
            // OpenSSL has no seed: the system's generator is as good.
            var system = SystemRandomNumberGenerator()
            for index in bytes.indices { bytes[index] = system.next() }
        }
        return String(decoding: bytes.map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}
