internal import NIOCore

/// Writes replies of the client protocol (`Reply` in its `client.proto`): pure, no state.
///
/// None holds a line feed.
enum ReplyWriter {
    /// Writes an error: `{"id":…,"error":{"code","message","temporary"?,"retry_after"?,"reason"?}}`.
    static func write(_ error: ClientError, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("error")
            json.beginObject()
            json.member("code", error.code)
            json.member("message", error.message)
            if error.isTemporary { json.member("temporary", true) }
            if let seconds = error.retryAfter { json.member("retry_after", seconds) }
            if let reason = error.reason {
                json.key("reason")
                json.raw(reason)
            }
            json.endObject()
        }
    }

    /// The members of the answer to `connect`, or of the push that begins a one-way stream.
    ///
    /// `ping` is in whole seconds, at least 1.
    static func writeConnected(_ welcome: Welcome, options: HubOptions, into json: inout JSONWriter) {
        json.key("connect")
        json.beginObject()
        json.member("client", welcome.acceptance.identity.client)
        json.member("version", options.serverVersion)
        welcome.acceptance.expiry?.writeMembers(to: &json)
        if let data = welcome.acceptance.data {
            json.key("data")
            json.raw(oneLine(data))
        }
        if !welcome.subscriptions.isEmpty {
            json.key("subs")
            json.beginObject()
            for (channel, result) in welcome.subscriptions {
                json.key(escaping: channel)
                json.beginObject()
                writeMembers(of: result, into: &json)
                json.endObject()
            }
            json.endObject()
        }
        json.member("ping", max(1, options.pingInterval.components.seconds))
        json.member("pong", welcome.expectsPong)
        json.endObject()
    }

    /// The answer to `connect`.
    static func writeConnected(_ welcome: Welcome, options: HubOptions, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in writeConnected(welcome, options: options, into: &json) }
    }

    /// The answer to `subscribe`, cut around the snapshot, which is shared.
    static func subscribed(_ result: SubscribeResult, id: UInt32) -> (head: ByteBuffer, tail: ByteBuffer) {
        var result = result
        let hasSnapshot = result.snapshot != nil
        result.snapshot = nil
        var json = JSONWriter()
        json.beginObject()
        json.member("id", id)
        json.key("subscribe")
        json.beginObject()
        writeMembers(of: result, into: &json)
        if hasSnapshot { json.key("data") }
        return (json.finish(), ByteBuffer(string: "}}"))
    }

    /// Where a channel with history stands.
    static func writePosition(_ position: StreamPosition?, into json: inout JSONWriter) {
        guard let position else { return }
        json.member("recoverable", true)
        json.member("epoch", position.epoch)
        json.member("offset", position.offset)
        json.member("positioned", true)
    }

    private static func writeMembers(of result: SubscribeResult, into json: inout JSONWriter) {
        result.expiry?.writeMembers(to: &json)
        writePosition(result.position, into: &json)
        if result.wasRecovering {
            json.member("was_recovering", true)
            json.member("recovered", result.recovered != nil)
        }
        if let recovered = result.recovered { writePublications(recovered, into: &json) }
        if let snapshot = result.snapshot {
            json.key("data")
            json.raw(snapshot.bytes)
        }
    }

    private static func writePublications(_ publications: [EncodedPublication], into json: inout JSONWriter) {
        json.key("publications")
        json.array(publications) { publication, json in json.raw(publication.publication) }
    }

    /// The answer to `presence`: of each client what is known.
    static func writePresence(_ clients: [ClientIdentity], id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("presence")
            json.beginObject()
            json.key("presence")
            json.beginObject()
            for client in clients {
                json.key(escaping: client.client)
                json.raw(client.json)
            }
            json.endObject()
            json.endObject()
        }
    }

    /// The answer to `presence_stats`.
    static func writePresenceStats(_ clients: [ClientIdentity], id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("presence_stats")
            json.beginObject()
            json.member("num_clients", clients.count)
            json.member("num_users", Set(clients.map(\.user)).count)
            json.endObject()
        }
    }

    /// The answer to `history`.
    static func writeHistory(_ page: HistoryPage, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("history")
            json.beginObject()
            writePublications(page.publications, into: &json)
            json.member("epoch", page.position.epoch)
            json.member("offset", page.position.offset)
            json.endObject()
        }
    }

    /// The answer to `refresh`.
    static func writeRefreshed(
        client: String,
        _ expiry: Expiry?,
        options: HubOptions,
        id: UInt32,
        into buffer: inout ByteBuffer
    ) {
        write(id: id, into: &buffer) { json in
            json.key("refresh")
            json.beginObject()
            json.member("client", client)
            json.member("version", options.serverVersion)
            expiry?.writeMembers(to: &json)
            json.endObject()
        }
    }

    /// The answer to `sub_refresh`.
    static func writeSubRefreshed(_ expiry: Expiry?, id: UInt32, into buffer: inout ByteBuffer) {
        write(id: id, into: &buffer) { json in
            json.key("sub_refresh")
            json.beginObject()
            expiry?.writeMembers(to: &json)
            json.endObject()
        }
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

/// What a `subscribe` is answered with.
struct SubscribeResult: Sendable {
    /// Where the channel stands; `nil` for a channel without history.
    var position: StreamPosition?
    /// Whether the client asked to recover.
    var wasRecovering = false
    /// What it has missed, oldest first; `nil` when that cannot be told.
    var recovered: [EncodedPublication]?
    /// The state at `position`.
    var snapshot: Snapshot.Encoded?
    /// How long the subscription is good.
    var expiry: Expiry?
}

/// What a `connect` is answered with.
struct Welcome: Sendable {
    var acceptance: ConnectAcceptance
    /// The server's subscriptions, in the application's order.
    var subscriptions: [(channel: String, result: SubscribeResult)] = []
    /// Whether the server's pings are to be answered.
    var expectsPong = true
}
