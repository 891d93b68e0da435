internal import NIOCore

/// Writes replies of the client protocol (`Reply` in its `client.proto`): pure, no state.
///
/// None holds a line feed.
enum ReplyWriter {
    /// Writes an error: `{"id":…,"error":{"code","message","temporary"?}}`.
    static func write(_ error: ClientError, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("error")
            json.beginObject()
            json.member("code", error.code)
            json.member("message", error.message)
            if error.isTemporary { json.member("temporary", true) }
            json.endObject()
        }
    }

    /// The answer to `connect`.
    ///
    /// `ping` is in whole seconds, at least 1.
    static func writeConnected(client: String, options: HubOptions, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("connect")
            json.beginObject()
            json.member("client", client)
            json.member("version", options.serverVersion)
            json.member("ping", max(1, options.pingInterval.components.seconds))
            json.member("pong", true)
            json.endObject()
        }
    }

    /// The answer to `subscribe`, without the snapshot: what stands before and behind it.
    ///
    /// `hasSnapshot` says whether `data` comes between the two.
    static func subscribed(
        _ result: SubscribeResult,
        hasSnapshot: Bool,
        id: UInt32
    ) -> (head: ByteBuffer, tail: ByteBuffer) {
        var json = JSONWriter()
        json.beginObject()
        json.member("id", id)
        json.key("subscribe")
        json.beginObject()
        if let position = result.position {
            json.member("recoverable", true)
            json.member("epoch", position.epoch)
            json.member("offset", position.offset)
            json.member("positioned", true)
        }
        if result.wasRecovering {
            json.member("was_recovering", true)
            json.member("recovered", result.isRecovered)
        }
        if result.isRecovered {
            json.key("publications")
            json.beginArray()
            json.endArray()
        }
        if hasSnapshot { json.key("data") }
        return (json.finish(), ByteBuffer(string: "}}"))
    }

    /// The empty answer to `unsubscribe` and `publish`.
    static func writeEmpty(_ method: StaticString, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key(method)
            json.beginObject()
            json.endObject()
        }
    }

    /// The answer to `rpc`.
    ///
    /// Line feeds in `data`, one JSON value, become spaces, since a line feed ends a reply.
    static func writeCalled(_ data: ByteBuffer, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("rpc")
            json.beginObject()
            json.key("data")
            json.raw(oneLine(data))
            json.endObject()
        }
    }

    /// Replaces line feeds, which in JSON are whitespace only (RFC 8259 §2).
    static func oneLine(_ json: ByteBuffer) -> ByteBuffer {
        guard json.readableBytesView.contains(UInt8(ascii: "\n")) else { return json }
        return ByteBuffer(bytes: json.readableBytesView.lazy.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 })
    }

    private static func write(id: UInt32, into buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        var json = JSONWriter(into: buffer)
        buffer = ByteBuffer()
        json.beginObject()
        json.member("id", id)
        body(&json)
        json.endObject()
        buffer = json.finish()
    }
}

/// What a `subscribe` is answered with, the snapshot apart.
struct SubscribeResult: Sendable {
    /// Where the channel stands; `nil` for a channel without history.
    var position: StreamPosition?
    /// Whether the client asked to recover.
    var wasRecovering = false
    /// Whether it has missed nothing.
    var isRecovered = false
}

/// A point in a channel's stream of publications.
struct StreamPosition: Sendable, Equatable {
    /// Which numbering the offset belongs to; never empty.
    var epoch: String
    /// The last publication's number; 0 before the first.
    var offset: UInt64
}
