internal import COpenSSL

/// Random identifiers from OpenSSL's generator.
enum RandomID {
    /// 122 random bits in the form of a UUID (RFC 9562 §5.4).
    static func uuid() -> String {
        var bytes = random(count: 16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text = hexadecimal(bytes)
        for offset in [20, 16, 12, 8] {
            text.insert("-", at: text.index(text.startIndex, offsetBy: offset))
        }
        return text
    }

    /// 64 random bits as 16 hexadecimal digits.
    static func token() -> String { hexadecimal(random(count: 8)) }

    private static func random(count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let succeeded = RAND_bytes(&bytes, Int32(count)) == 1
        // Documented to fail only when the operating system gives no entropy; the system's generator then says the same.
        if !succeeded {
            var generator = SystemRandomNumberGenerator()
            for index in bytes.indices { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
        }
        return bytes
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }
}
