/// The masking of client frames (RFC 6455 §5.3): byte `i` of a payload is combined with byte `i mod 4` of the key.
package enum Masking {
    /// Masks or unmasks `source` into `destination`, eight bytes at a time.
    ///
    /// - Parameters:
    ///   - source: The bytes to combine with the key.
    ///   - destination: Where `source.count` bytes are written. It may be the start of `source`, but must not otherwise
    ///     overlap it.
    ///   - key: The four bytes of the key; the first one on the wire is the least significant.
    ///   - offset: How many bytes of the payload came before `source`.
    package static func apply(
        _ source: UnsafeRawBufferPointer,
        into destination: UnsafeMutableRawPointer,
        key: UInt32,
        offset: Int
    ) {
        let rotated = rotate(key, by: offset)
        let word = (UInt64(rotated) << 32 | UInt64(rotated)).littleEndian
        let count = source.count
        var index = 0
        while index &+ 8 <= count {
            let value = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            destination.storeBytes(of: value ^ word, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < count {
            let keyByte = UInt8(truncatingIfNeeded: rotated >> UInt32((index & 3) &* 8))
            destination.storeBytes(of: source[index] ^ keyByte, toByteOffset: index, as: UInt8.self)
            index &+= 1
        }
    }

    /// Masks or unmasks bytes one at a time, as RFC 6455 §5.3 words it; the tests compare `apply` with it.
    package static func reference(_ bytes: [UInt8], key: UInt32, offset: Int = 0) -> [UInt8] {
        let keyBytes = (0..<4).map { UInt8(truncatingIfNeeded: key >> UInt32($0 * 8)) }
        return bytes.enumerated().map { index, byte in byte ^ keyBytes[(offset + index) % 4] }
    }

    /// The key as it stands for the byte at `offset`: its first byte is the one that this byte is combined with.
    private static func rotate(_ key: UInt32, by offset: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: offset & 3) &* 8
        return bits == 0 ? key : key >> bits | key << (32 &- bits)
    }
}
