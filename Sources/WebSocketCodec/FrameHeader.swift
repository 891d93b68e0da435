internal import NIOCore

/// The part of a frame before its payload (RFC 6455 §5.2).
struct FrameHeader: Equatable {
    /// FIN, in its place in the first byte.
    static let finalBit: UInt8 = 0x80
    /// RSV1, in its place in the first byte: the message is compressed (RFC 7692 §6).
    static let compressedBit: UInt8 = 0x40

    /// Whether this frame ends its message.
    var isFinal: Bool
    /// The bits RSV1 (0x40), RSV2 (0x20) and RSV3 (0x10), in place.
    var reservedBits: UInt8
    var opcode: Opcode
    /// 0 to 2^63 - 1.
    var payloadBytes: Int
    /// The key, its first byte least significant; 0, which changes nothing, for an unmasked frame.
    var maskingKey: UInt32

    /// Reads a header if it is there whole; otherwise leaves `buffer` as it is and returns `nil`.
    ///
    /// Everything that can be judged from the first two bytes is refused as soon as these are there.
    ///
    /// - Parameters:
    ///   - buffer: What has been received.
    ///   - role: Which side reads: a server demands masked frames, a client unmasked ones (RFC 6455 §5.1).
    ///   - negotiatedBits: The reserved bits that a negotiated extension gives a meaning to (RFC 6455 §5.2).
    ///   - maximumBytes: The longest payload of a data frame.
    /// - Returns: The header, or `nil` while bytes of it are missing.
    /// - Throws: `protocolViolation`, or `tooLarge` as soon as the length is known.
    static func read(
        from buffer: inout ByteBuffer,
        role: WebSocketRole,
        negotiatedBits: UInt8,
        maximumBytes: Int
    ) throws(WebSocketError) -> FrameHeader? {
        let start = buffer.readerIndex
        guard
            let first = buffer.getInteger(at: start, as: UInt8.self),
            let second = buffer.getInteger(at: start + 1, as: UInt8.self)
        else { return nil }
        var header = try judge(first, second, role: role, negotiatedBits: negotiatedBits)

        let isMasked = second & 0x80 != 0
        let lengthBytes = header.payloadBytes == 126 ? 2 : header.payloadBytes == 127 ? 8 : 0
        let headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0)
        if lengthBytes > 0 {
            guard let length = try extendedLength(in: buffer, at: start + 2, bytes: lengthBytes) else { return nil }
            header.payloadBytes = length
        }
        guard header.opcode.isControl || header.payloadBytes <= maximumBytes else { throw .tooLarge }
        guard buffer.readableBytes >= headerBytes else { return nil }
        if isMasked {
            let keyIndex = start + 2 + lengthBytes
            guard let key = buffer.getInteger(at: keyIndex, endianness: .little, as: UInt32.self) else { return nil }
            header.maskingKey = key
        }
        buffer.moveReaderIndex(forwardBy: headerBytes)
        return header
    }

    /// Checks the first two bytes; the result's `payloadBytes` is the 7-bit length as it stands there.
    private static func judge(
        _ first: UInt8,
        _ second: UInt8,
        role: WebSocketRole,
        negotiatedBits: UInt8
    ) throws(WebSocketError) -> FrameHeader {
        let reservedBits = first & 0x70
        guard reservedBits & ~negotiatedBits == 0 else {
            throw .protocolViolation("reserved bit without a negotiated extension")
        }
        guard let opcode = Opcode(rawValue: first & 0x0F) else {
            throw .protocolViolation("reserved opcode")
        }
        let isFinal = first & finalBit != 0
        let length = Int(second & 0x7F)
        if opcode.isControl {
            // RFC 6455 §5.5; extensions in use here never mark a control frame (RFC 7692 §6.1).
            guard isFinal else { throw .protocolViolation("fragmented control frame") }
            guard length <= 125 else { throw .protocolViolation("control frame longer than 125 bytes") }
            guard reservedBits == 0 else { throw .protocolViolation("reserved bit on a control frame") }
        }
        if opcode == .continuation {
            guard reservedBits == 0 else { throw .protocolViolation("reserved bit on a continuation frame") }
        }
        switch (role, second & 0x80 != 0) {
        case (.server, false): throw .protocolViolation("unmasked frame from a client")
        case (.client, true): throw .protocolViolation("masked frame from a server")
        default: break
        }
        return FrameHeader(
            isFinal: isFinal,
            reservedBits: reservedBits,
            opcode: opcode,
            payloadBytes: length,
            maskingKey: 0
        )
    }

    /// Reads the 16-bit or 63-bit length, which must be written in the fewest bytes possible (RFC 6455 §5.2).
    private static func extendedLength(
        in buffer: ByteBuffer,
        at index: Int,
        bytes: Int
    ) throws(WebSocketError) -> Int? {
        if bytes == 2 {
            guard let length = buffer.getInteger(at: index, as: UInt16.self) else { return nil }
            guard length >= 126 else { throw .protocolViolation("length not in its shortest form") }
            return Int(length)
        }
        guard let length = buffer.getInteger(at: index, as: UInt64.self) else { return nil }
        guard let length = Int(exactly: length) else { throw .protocolViolation("length of 2^63 or more") }
        guard length > 0xFFFF else { throw .protocolViolation("length not in its shortest form") }
        return length
    }
}
