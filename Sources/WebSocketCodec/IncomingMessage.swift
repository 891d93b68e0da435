internal import NIOCore

/// A data message that is being received: what its frames have brought so far, unmasked, inflated and checked.
struct IncomingMessage {
    /// How much of a compressed payload is unmasked at once, in bytes.
    private static let pieceBytes = 8_192

    let isText: Bool
    /// Set for a compressed message.
    var inflater: Inflater?
    /// The lengths of its frames so far, in bytes as they travelled.
    var receivedBytes = 0
    var fragments = 0
    private(set) var payload = ByteBuffer()
    private var validator = UTF8Validator()

    init(isText: Bool) {
        self.isText = isText
    }

    /// Whether a text so far ends with a whole character.
    var isComplete: Bool { validator.isComplete }

    /// Adds masked bytes.
    ///
    /// - Parameters:
    ///   - bytes: The next bytes of a frame's payload.
    ///   - key: The frame's masking key.
    ///   - offset: How many bytes of that payload came before.
    ///   - limit: The most bytes that a compressed message may inflate to.
    /// - Returns: What ends the connection, or `nil`.
    mutating func append(_ bytes: UnsafeRawBufferPointer, key: UInt32, offset: Int, limit: Int) -> WebSocketError? {
        guard inflater == nil else { return inflate(masked: bytes, key: key, offset: offset, limit: limit) }
        let start = payload.readableBytes
        payload.writeMasked(bytes, key: key, offset: offset)
        return validate(from: start)
    }

    /// Adds what compressed bytes inflate to.
    ///
    /// - Parameters:
    ///   - bytes: The next bytes of the compressed message, unmasked.
    ///   - limit: The most bytes that it may inflate to.
    /// - Returns: What ends the connection, or `nil`.
    mutating func inflate(_ bytes: UnsafeRawBufferPointer, limit: Int) -> WebSocketError? {
        let start = payload.readableBytes
        return inflater?.inflate(bytes, into: &payload, limit: limit) ?? validate(from: start)
    }

    /// Ends a compressed message.
    ///
    /// - Parameter limit: The most bytes that it may inflate to.
    /// - Returns: What ends the connection, or `nil`.
    mutating func finishInflating(limit: Int) -> WebSocketError? {
        let start = payload.readableBytes
        return inflater?.finish(into: &payload, limit: limit) ?? validate(from: start)
    }

    private mutating func inflate(
        masked bytes: UnsafeRawBufferPointer,
        key: UInt32,
        offset: Int,
        limit: Int
    ) -> WebSocketError? {
        withUnsafeTemporaryAllocation(byteCount: min(bytes.count, Self.pieceBytes), alignment: 8) { piece in
            guard let target = piece.baseAddress else { return nil }
            var index = 0
            while index < bytes.count {
                let count = min(piece.count, bytes.count - index)
                let source = UnsafeRawBufferPointer(rebasing: bytes[index..<(index + count)])
                Masking.apply(source, into: target, key: key, offset: offset + index)
                if let error = inflate(UnsafeRawBufferPointer(start: target, count: count), limit: limit) {
                    return error
                }
                index += count
            }
            return nil
        }
    }

    private mutating func validate(from start: Int) -> WebSocketError? {
        guard isText else { return nil }
        let isValid = payload.withUnsafeReadableBytes { all in
            validator.consume(UnsafeRawBufferPointer(rebasing: all[start...]))
        }
        return isValid ? nil : .invalidUTF8
    }
}
