package import NIOCore

/// A whole WebSocket text frame with lines of the client protocol, encoded once and shared by all that it goes to.
struct Frame: Sendable {
    /// Header and payload.
    let bytes: ByteBuffer
    /// The header's length (RFC 6455 §5.2).
    let headerBytes: Int
    /// The same for readers that take compressed messages; `nil` where it is too short.
    var compression: SharedCompression?

    init(bytes: ByteBuffer, headerBytes: Int) {
        self.bytes = bytes
        self.headerBytes = headerBytes
    }

    /// One reply or push, or several with line feeds between them.
    var payload: ByteBuffer { bytes.slice(headerBytes..<bytes.readableBytes) }

    /// Joins frames into one, line by line.
    static func joining(_ frames: some Collection<Frame>) -> Frame {
        if frames.count == 1, let only = frames.first { return only }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(PushWriter.headerRoom + frames.reduce(0) { $0 + $1.bytes.readableBytes })
        buffer.writeRepeatingByte(0, count: PushWriter.headerRoom)
        var isFirst = true
        for frame in frames {
            if !isFirst { buffer.writeInteger(UInt8(ascii: "\n")) }
            isFirst = false
            buffer.writeImmutableBuffer(frame.payload)
        }
        return PushWriter.frame(&buffer)
    }
}

/// One publication as it is sent: encoded once, and cut where replies need a part of it.
package struct EncodedPublication: Sendable {
    /// Its number in the channel's stream; the last one's where it stands for several.
    package let offset: UInt64
    /// The push.
    var frame: Frame
    /// Where the `pub` object begins in the payload.
    let bodyStart: Int

    /// The `pub` object: `{"data":…,"info"?:…,"offset"?:…}`.
    package var publication: ByteBuffer {
        frame.bytes.slice(frame.headerBytes + bodyStart..<frame.bytes.readableBytes - 2)
    }
}
