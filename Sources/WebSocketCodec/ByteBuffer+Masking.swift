internal import NIOCore

extension ByteBuffer {
    /// Writes `bytes` combined with the masking key, in one pass; masking and unmasking are the same (RFC 6455 §5.3).
    mutating func writeMasked(_ bytes: UnsafeRawBufferPointer, key: UInt32, offset: Int) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count) { target in
            guard let start = target.baseAddress else { return 0 }
            Masking.apply(bytes, into: start, key: key, offset: offset)
            return bytes.count
        }
    }
}
