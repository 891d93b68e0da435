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

    /// Where the `pub` object begins in a payload that begins with `prefix`.
    static func bodyStart(prefix: ByteBuffer) -> Int { prefix.readableBytes - headerRoom - "{\"data\":".utf8.count }

    /// A publication without its end: everything that does not depend on its offset, written outside the channel's lock.
    ///
    /// - Returns: the frame so far, and in it the publication's `data`.
    static func beginPublication(
        prefix: ByteBuffer,
        event: some ChannelEvent,
        publisher: ClientIdentity?
    ) -> (begun: ByteBuffer, data: Range<Int>) {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(prefix.readableBytes + 256)
        buffer.writeImmutableBuffer(prefix)
        var json = JSONWriter(into: buffer)
        buffer = ByteBuffer()
        event.write(to: &json)
        let data = prefix.readableBytes..<json.buffer.readableBytes
        if let publisher {
            // The writer stands behind a value now, as after `"data":…`, so the comma comes by itself.
            json.key("info")
            json.raw(publisher.json)
        }
        return (json.finish(), data)
    }

    /// Ends a publication and puts the frame's header before it.
    ///
    /// The offset is `nil` in a channel without history.
    static func endPublication(_ buffer: inout ByteBuffer, offset: UInt64?) -> Frame {
        if let offset {
            buffer.writeStaticString(",\"offset\":")
            buffer.writeString(String(offset))
        }
        buffer.writeStaticString("}}}")
        return frame(&buffer)
    }

    /// The push that tells subscribers that a client has come or gone.
    static func presence(_ kind: PresenceChange, of client: ClientIdentity, channel: String) -> Frame {
        push(channel: channel) { json in
            json.key(kind == .joined ? "join" : "leave")
            json.beginObject()
            json.key("info")
            json.raw(client.json)
            json.endObject()
        }
    }

    /// The push that tells a client that the server has ended its subscription.
    static func unsubscribe(channel: String, code: UnsubscribeCode) -> Frame {
        push(channel: channel) { json in
            json.key("unsubscribe")
            json.beginObject()
            json.member("code", code.code)
            json.member("reason", code.reason)
            json.endObject()
        }
    }

    /// The push that tells a client that the server has subscribed it.
    static func subscribe(channel: String, _ result: SubscribeResult) -> Frame {
        push(channel: channel) { json in
            json.key("subscribe")
            json.beginObject()
            ReplyWriter.writePosition(result.position, into: &json)
            if let snapshot = result.snapshot {
                json.key("data")
                json.raw(snapshot.bytes)
            }
            json.endObject()
        }
    }

    /// The push that carries a message of the server to one client: `data` is one JSON value.
    static func message(_ data: ByteBuffer) -> Frame {
        push(channel: nil) { json in
            json.key("message")
            json.beginObject()
            json.key("data")
            json.raw(ReplyWriter.oneLine(data))
            json.endObject()
        }
    }

    /// The push that tells a client for how long its connection is good.
    static func refresh(_ expiry: Expiry) -> Frame {
        push(channel: nil) { json in
            json.key("refresh")
            json.beginObject()
            expiry.writeMembers(to: &json)
            json.endObject()
        }
    }

    /// The push that ends a one-way stream, where there is no close frame to say it.
    static func disconnect(_ disconnect: Disconnect) -> Frame {
        push(channel: nil) { json in
            json.key("disconnect")
            json.beginObject()
            json.member("code", disconnect.code)
            json.member("reason", disconnect.reason)
            json.member("reconnect", disconnect.reconnects)
            json.endObject()
        }
    }

    static func push(channel: String?, _ body: (inout JSONWriter) -> Void) -> Frame {
        var json = JSONWriter(into: ByteBuffer(repeating: 0, count: headerRoom))
        json.beginObject()
        json.key("push")
        json.beginObject()
        if let channel { json.member("channel", channel) }
        body(&json)
        json.endObject()
        json.endObject()
        var buffer = json.finish()
        return frame(&buffer)
    }

    /// Writes the header into the room at the start: the whole is a frame then.
    static func frame(_ buffer: inout ByteBuffer) -> Frame {
        let end = buffer.writerIndex
        let payloadBytes = end - headerRoom
        let headerBytes = FrameEncoder.headerBytes(forPayload: payloadBytes)
        let start = headerRoom - headerBytes
        buffer.moveWriterIndex(to: start)
        FrameEncoder.writeHeader(.text, payloadBytes: payloadBytes, into: &buffer)
        buffer.moveWriterIndex(to: end)
        buffer.moveReaderIndex(to: start)
        return Frame(bytes: buffer, headerBytes: headerBytes)
    }
}
