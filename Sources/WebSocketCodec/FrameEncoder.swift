package import NIOCore

/// Writes frames (RFC 6455 §5.2), unmasked ones for a server and masked ones for a client: pure, no state.
package enum FrameEncoder {
    /// The number of header bytes before an unmasked payload: 2, 4 or 10.
    package static func headerBytes(forPayload payloadBytes: Int) -> Int {
        payloadBytes < 126 ? 2 : payloadBytes <= 0xFFFF ? 4 : 10
    }

    /// Appends the header of a final, unmasked frame.
    ///
    /// - Parameters:
    ///   - opcode: What the frame carries.
    ///   - isCompressed: Whether the payload is a message compressed by permessage-deflate: RSV1 (RFC 7692 §7.2.1).
    ///   - payloadBytes: The length of the payload that will follow.
    ///   - buffer: Where the header is appended.
    package static func writeHeader(
        _ opcode: Opcode,
        isCompressed: Bool = false,
        payloadBytes: Int,
        into buffer: inout ByteBuffer
    ) {
        let bits = FrameHeader.finalBit | (isCompressed ? FrameHeader.compressedBit : 0)
        writeHeader(opcode, bits: bits, isMasked: false, payloadBytes: payloadBytes, into: &buffer)
    }

    /// Appends a whole final, unmasked frame.
    package static func write(_ opcode: Opcode, payload: ByteBuffer, into buffer: inout ByteBuffer) {
        let count = payload.readableBytes
        buffer.reserveCapacity(minimumWritableBytes: headerBytes(forPayload: count) + count)
        writeHeader(opcode, payloadBytes: count, into: &buffer)
        buffer.writeImmutableBuffer(payload)
    }

    /// Appends an unmasked close frame (RFC 6455 §5.5.1); one without a body for `nil`.
    ///
    /// A reason longer than 123 bytes is cut before the character that passes this limit.
    package static func writeClose(_ status: CloseStatus?, into buffer: inout ByteBuffer) {
        guard let status else {
            writeHeader(.close, payloadBytes: 0, into: &buffer)
            return
        }
        var reason = status.reason.utf8[...]
        if reason.count > CloseStatus.maximumReasonBytes {
            reason = reason.prefix(CloseStatus.maximumReasonBytes + 1)
            // Back to the first byte of the character that does not fit any more.
            while let last = reason.popLast(), last & 0xC0 == 0x80 {}
        }
        writeHeader(.close, payloadBytes: 2 + reason.count, into: &buffer)
        buffer.writeInteger(status.code)
        buffer.writeBytes(reason)
    }

    /// Appends a client's frame (RFC 6455 §5.3).
    ///
    /// - Parameters:
    ///   - opcode: What the frame carries.
    ///   - isFinal: Whether the frame ends its message; `false` for a fragment that others follow.
    ///   - isCompressed: Whether the payload is (the first fragment of) a compressed message (RFC 7692 §6).
    ///   - payload: The bytes before masking.
    ///   - key: The masking key, first byte least significant; a fresh random one for each frame.
    ///   - buffer: Where the frame is appended.
    package static func writeMasked(
        _ opcode: Opcode,
        isFinal: Bool = true,
        isCompressed: Bool = false,
        payload: ByteBuffer,
        key: UInt32,
        into buffer: inout ByteBuffer
    ) {
        let count = payload.readableBytes
        buffer.reserveCapacity(minimumWritableBytes: headerBytes(forPayload: count) + 4 + count)
        let bits = (isFinal ? FrameHeader.finalBit : 0) | (isCompressed ? FrameHeader.compressedBit : 0)
        writeHeader(opcode, bits: bits, isMasked: true, payloadBytes: count, into: &buffer)
        buffer.writeInteger(key, endianness: .little)
        payload.withUnsafeReadableBytes { bytes in
            buffer.writeMasked(bytes, key: key, offset: 0)
        }
    }

    private static func writeHeader(
        _ opcode: Opcode,
        bits: UInt8,
        isMasked: Bool,
        payloadBytes: Int,
        into buffer: inout ByteBuffer
    ) {
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        buffer.writeInteger(bits | opcode.rawValue)
        switch payloadBytes {
        case ..<126:
            buffer.writeInteger(maskBit | UInt8(payloadBytes))
        case ...0xFFFF:
            buffer.writeInteger(maskBit | 126)
            buffer.writeInteger(UInt16(payloadBytes))
        default:
            buffer.writeInteger(maskBit | 127)
            buffer.writeInteger(UInt64(payloadBytes))
        }
    }
}
