internal import NIOCore
internal import WebSocketCodec

/// Writes pushes of the client protocol (`Push` in its `client.proto`) as whole WebSocket text frames, ready to be sent.
enum PushWriter {
    /// The longest frame header (RFC 6455 §5.2); room for it is left before each payload.
    static let headerRoom = 10

    /// What every publication of a channel begins with: room for the header, then JSON up to `"data":`.
    static func publicationPrefix(channel: String) -> ByteBuffer {
        var json = JSONWriter(into: ByteBuffer(repeating: 0, count: headerRoom))
        json.beginObject()
        json.key("push")
        json.beginObject()
        json.member("channel", channel)
        json.key("pub")
        json.beginObject()
        json.key("data")
        return json.finish()
    }

    /// A publication without its end: everything that does not depend on its offset, written outside the channel's lock.
    static func beginPublication(
        prefix: ByteBuffer,
        event: some ChannelEvent,
        publisher: ClientIdentity?
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(prefix.readableBytes + 256)
        buffer.writeImmutableBuffer(prefix)
        var json = JSONWriter(into: buffer)
        buffer = ByteBuffer()
        event.write(to: &json)
        if let publisher {
            // The writer stands behind a value now, as after `"data":…`, so the comma comes by itself.
            json.key("info")
            publisher.write(to: &json)
        }
        return json.finish()
    }

    /// Ends a publication and puts the frame's header before it.
    ///
    /// The offset is `nil` in a channel without history.
    static func endPublication(_ buffer: inout ByteBuffer, offset: UInt64?) {
        if let offset {
            buffer.writeStaticString(",\"offset\":")
            buffer.writeString(String(offset))
        }
        buffer.writeStaticString("}}}")
        putHeader(&buffer)
    }

    /// The frame that tells a client that the server has ended its subscription.
    static func unsubscribe(channel: String, code: UnsubscribeCode) -> ByteBuffer {
        var json = JSONWriter(into: ByteBuffer(repeating: 0, count: headerRoom))
        json.beginObject()
        json.key("push")
        json.beginObject()
        json.member("channel", channel)
        json.key("unsubscribe")
        json.beginObject()
        json.member("code", code.code)
        json.member("reason", code.reason)
        json.endObject()
        json.endObject()
        json.endObject()
        var frame = json.finish()
        putHeader(&frame)
        return frame
    }

    /// Writes the header into the room at the start and moves the reader to it.
    static func putHeader(_ buffer: inout ByteBuffer) {
        let end = buffer.writerIndex
        let payloadBytes = end - headerRoom
        let start = headerRoom - FrameEncoder.headerBytes(forPayload: payloadBytes)
        buffer.moveWriterIndex(to: start)
        FrameEncoder.writeHeader(.text, payloadBytes: payloadBytes, into: &buffer)
        buffer.moveWriterIndex(to: end)
        buffer.moveReaderIndex(to: start)
    }
}

extension ClientIdentity {
    /// Writes ClientInfo: `{"client","user","conn_info":{"name","color"}}`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("client", client)
        json.member("user", user)
        json.key("conn_info")
        json.beginObject()
        json.member("name", name)
        json.member("color", color)
        json.endObject()
        json.endObject()
    }
}
