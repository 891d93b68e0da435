/// Checks UTF-8 that arrives in pieces (RFC 6455 §8.1, RFC 3629 §4) and fails at the first byte that cannot be right.
package struct UTF8Validator: Sendable {
    /// How many bytes the character that was begun still needs.
    private var missing = 0
    /// What the next byte of that character may be; narrower than 80...BF after E0, ED, F0 and F4.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    package init() {}

    /// Whether what was consumed so far ends with a whole character.
    package var isComplete: Bool { missing == 0 }

    /// Takes the next bytes; `false` when no continuation of them is UTF-8.
    ///
    /// After `false` the validator must not be used further.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        let count = bytes.count
        while index < count {
            if missing == 0 {
                index = Self.skipASCII(bytes, from: index)
                guard index < count else { break }
                guard begin(bytes[index]) else { return false }
            } else {
                let byte = bytes[index]
                guard byte >= lowest, byte <= highest else { return false }
                missing &-= 1
                lowest = 0x80
                highest = 0xBF
            }
            index &+= 1
        }
        return true
    }

    /// Takes the first byte of a character; `false` for a byte that begins none.
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x7F:
            return true
        case 0xC2...0xDF:
            missing = 1
        case 0xE0...0xEF:
            missing = 2
            // No overlong forms (below U+0800), no surrogates (U+D800 to U+DFFF).
            if byte == 0xE0 { lowest = 0xA0 }
            if byte == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
            missing = 3
            // No overlong forms (below U+10000), nothing above U+10FFFF.
            if byte == 0xF0 { lowest = 0x90 }
            if byte == 0xF4 { highest = 0x8F }
        default:
            return false
        }
        return true
    }

    /// The index of the first byte from `start` on that is not ASCII, or the end; eight bytes at a time.
    private static func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= bytes.count,
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index &+= 8
        }
        while index < bytes.count, bytes[index] < 0x80 {
            index &+= 1
        }
        return index
    }
}
