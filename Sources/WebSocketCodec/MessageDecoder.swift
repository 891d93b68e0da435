package import NIOCore

/// Turns a peer's bytes into messages (RFC 6455 §5): frames, masking, fragments, compression, UTF-8, limits.
///
/// Pure: no I/O, no clock.
/// Feed with `append`, then call `next` until it returns `nil`. After it has thrown, or returned `.close`, everything that
/// follows is ignored (`next` returns `nil`).
///
/// Memory: what is held is at most one message within the limits, plus one incomplete header or control frame. A length that
/// a header merely claims allocates nothing, and a compressed message is inflated as it comes, up to the limit and no further.
/// An inflater (about 40 KiB) is held while a compressed message is incomplete, and between messages only where the peer keeps
/// its window.
package struct MessageDecoder {
    private let limits: WebSocketLimits
    private let role: WebSocketRole
    /// Inflates compressed messages; `nil` where compression was not negotiated.
    private var inflation: Inflation?

    /// What came and is not decoded yet.
    ///
    /// When `next` has returned `nil` it holds less than one header and one control frame.
    private var received = ByteBuffer()
    /// The frame whose header was read and whose payload is awaited.
    private var frame: Frame?
    /// The data message that was begun and is not finished.
    private var message: IncomingMessage?
    private var isFinished = false

    /// Makes a decoder for one connection.
    ///
    /// - Parameters:
    ///   - limits: What ends the connection with 1009.
    ///   - role: The side that reads: a server by default.
    ///   - compression: What was negotiated for permessage-deflate; `nil` for a connection without.
    package init(
        limits: WebSocketLimits = WebSocketLimits(),
        role: WebSocketRole = .server,
        compression: CompressionParameters? = nil
    ) {
        self.limits = limits
        self.role = role
        inflation = compression.map { Inflation($0, sender: role == .server ? .client : .server) }
    }

    /// Takes bytes as they came from the socket, cut anywhere.
    package mutating func append(_ bytes: ByteBuffer) {
        guard !isFinished else { return }
        if received.readableBytes == 0 {
            received = bytes
        } else {
            received.writeImmutableBuffer(bytes)
        }
    }

    /// The next message or control frame that is complete, or `nil` when more bytes are needed.
    ///
    /// A payload may be a slice of the bytes that were appended: copy it before keeping it for long.
    ///
    /// - Throws: The reason to close with `closeCode`, as early as the bytes show it: a text message fails at the byte that
    ///   is not UTF-8, not at the end of its frame.
    package mutating func next() throws(WebSocketError) -> WebSocketEvent? {
        guard !isFinished else { return nil }
        do {
            let event = try decode()
            switch event {
            case .close: finish()
            case nil: trim()
            default: break
            }
            return event
        } catch {
            finish()
            throw error
        }
    }

    private mutating func decode() throws(WebSocketError) -> WebSocketEvent? {
        while true {
            if frame == nil {
                guard
                    let header = try FrameHeader.read(
                        from: &received,
                        role: role,
                        negotiatedBits: inflation == nil ? 0 : FrameHeader.compressedBit,
                        maximumBytes: limits.maximumFrameBytes
                    )
                else { return nil }
                try admit(header)
                frame = Frame(header: header)
            }
            guard var frame else { return nil }
            if frame.header.opcode.isControl {
                guard received.readableBytes >= frame.header.payloadBytes else { return nil }
                self.frame = nil
                return try controlEvent(frame.header.opcode, body: takeWhole(frame.header))
            }
            if let event = try wholeMessage(frame.header) {
                self.frame = nil
                return event
            }
            try takePart(&frame)
            guard frame.isComplete else {
                self.frame = frame
                return nil
            }
            self.frame = nil
            if frame.header.isFinal {
                return try finishMessage()
            }
        }
    }

    /// Checks a header against the message it stands in and its limits, before anything of its payload is kept.
    private mutating func admit(_ header: FrameHeader) throws(WebSocketError) {
        guard !header.opcode.isControl else { return }
        if header.opcode == .continuation {
            guard message != nil else { throw .protocolViolation("continuation without a message") }
        } else {
            guard message == nil else { throw .protocolViolation("new message inside a fragmented one") }
            message = IncomingMessage(isText: header.opcode == .text)
            if header.reservedBits & FrameHeader.compressedBit != 0 {
                message?.inflater = try inflation?.begin()
            }
        }
        guard header.payloadBytes <= limits.maximumMessageBytes - (message?.receivedBytes ?? 0) else { throw .tooLarge }
        message?.receivedBytes += header.payloadBytes
        message?.fragments += 1
        guard message?.fragments ?? 0 <= limits.maximumFragments else { throw .tooLarge }
    }

    private func controlEvent(_ opcode: Opcode, body: ByteBuffer) throws(WebSocketError) -> WebSocketEvent {
        switch opcode {
        case .ping: .ping(body)
        case .pong: .pong(body)
        default: .close(try CloseStatus.read(body))
        }
    }

    /// The message, if it is one single frame whose payload is there whole; its bytes are then not copied where possible.
    private mutating func wholeMessage(_ header: FrameHeader) throws(WebSocketError) -> WebSocketEvent? {
        guard
            header.isFinal, header.opcode != .continuation, frame?.consumed == 0,
            received.readableBytes >= header.payloadBytes
        else { return nil }
        let payload = takeWhole(header)
        if message?.inflater != nil {
            let limit = limits.maximumMessageBytes
            if let error = payload.withUnsafeReadableBytes({ message?.inflate($0, limit: limit) }) { throw error }
            return try finishMessage()
        }
        message = nil
        guard header.opcode == .text else { return .binary(payload) }
        var validator = UTF8Validator()
        guard payload.withUnsafeReadableBytes({ validator.consume($0) }), validator.isComplete else {
            throw .invalidUTF8
        }
        return .text(payload)
    }

    /// Moves what is there of a frame's payload into the message.
    private mutating func takePart(_ frame: inout Frame) throws(WebSocketError) {
        let count = min(received.readableBytes, frame.header.payloadBytes - frame.consumed)
        let offset = frame.consumed
        guard count > 0, message != nil else { return }
        let limit = limits.maximumMessageBytes
        let error = received.readWithUnsafeReadableBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
            return (count, message?.append(part, key: frame.header.maskingKey, offset: offset, limit: limit))
        }
        frame.consumed += count
        if let error { throw error }
    }

    private mutating func finishMessage() throws(WebSocketError) -> WebSocketEvent? {
        guard message != nil else { return nil }
        if let inflater = message?.inflater {
            if let error = message?.finishInflating(limit: limits.maximumMessageBytes) { throw error }
            inflation?.end(inflater)
        }
        guard let finished = message else { return nil }
        message = nil
        guard finished.isText else { return .binary(finished.payload) }
        guard finished.isComplete else { throw .invalidUTF8 }
        return .text(finished.payload)
    }

    /// Reads a payload that is there whole, unmasked: in place if nobody else holds the bytes, else as a copy.
    private mutating func takeWhole(_ header: FrameHeader) -> ByteBuffer {
        let count = header.payloadBytes
        guard count > 0 else { return ByteBuffer() }
        guard header.maskingKey != 0 else { return received.readSlice(length: count) ?? ByteBuffer() }
        let inPlace: Void? = received.modifyIfUniquelyOwned { buffer in
            buffer.withUnsafeMutableReadableBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                let payload = UnsafeRawBufferPointer(start: start, count: count)
                Masking.apply(payload, into: start, key: header.maskingKey, offset: 0)
            }
        }
        if inPlace != nil {
            return received.readSlice(length: count) ?? ByteBuffer()
        }
        var payload = ByteBufferAllocator().buffer(capacity: count)
        received.readWithUnsafeReadableBytes { bytes in
            payload.writeMasked(
                UnsafeRawBufferPointer(rebasing: bytes.prefix(count)),
                key: header.maskingKey,
                offset: 0
            )
            return count
        }
        return payload
    }

    /// Lets go of a large buffer from the socket of which only a few bytes are still needed.
    private mutating func trim() {
        if received.readableBytes == 0 {
            received = ByteBuffer()
        } else if received.storageCapacity > 1_024 {
            received = ByteBuffer(bytes: received.readableBytesView)
        }
    }

    private mutating func finish() {
        isFinished = true
        received = ByteBuffer()
        message = nil
        frame = nil
        inflation = nil
    }
}

extension MessageDecoder {
    /// A frame in progress.
    private struct Frame {
        var header: FrameHeader
        /// Payload bytes already moved into the message.
        var consumed = 0

        var isComplete: Bool { consumed == header.payloadBytes }
    }
}
