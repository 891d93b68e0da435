package import NIOCore

/// Writes unmasked server frames (RFC 6455 §5.2): pure, no state.
package enum FrameEncoder {
    /// The number of header bytes before a payload: 2, 4 or 10.
    package static func headerBytes(forPayload payloadBytes: Int) -> Int {
        payloadBytes < 126 ? 2 : payloadBytes <= 0xFFFF ? 4 : 10
    }

    /// Appends the header of a final, unmasked frame.
    package static func writeHeader(_ opcode: Opcode, payloadBytes: Int, into buffer: inout ByteBuffer) {
        buffer.writeInteger(0x80 | opcode.rawValue)
        switch payloadBytes {
        case ..<126:
            buffer.writeInteger(UInt8(payloadBytes))
        case ...0xFFFF:
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(payloadBytes))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(payloadBytes))
        }
    }

    /// Appends a whole final, unmasked frame.
    package static func write(_ opcode: Opcode, payload: ByteBuffer, into buffer: inout ByteBuffer) {
        buffer.reserveCapacity(minimumWritableBytes: headerBytes(forPayload: payload.readableBytes) + payload.readableBytes)
        writeHeader(opcode, payloadBytes: payload.readableBytes, into: &buffer)
        buffer.writeImmutableBuffer(payload)
    }
}
