package import NIOCore

/// Who is at the other end of a connection.
package struct ClientIdentity: Sendable, Equatable {
    /// Distinct for each connection, given by the server.
    package var client: String { storage.client }
    /// The user's id; empty for an anonymous one.
    package var user: String { storage.user }
    /// The display name.
    package var name: String { storage.name }
    /// `#RRGGBB`, given by the server.
    package var color: String { storage.color }
    /// Whether `connect.data` carried the right admin secret.
    package var isAdmin: Bool { storage.isAdmin }
    /// ClientInfo: `{"client","user","conn_info":{"name","color"}}`.
    var json: ByteBuffer { storage.json }

    private let storage: Storage

    package init(client: String, user: String, name: String, color: String, isAdmin: Bool = false) {
        storage = Storage(client: client, user: user, name: name, color: color, isAdmin: isAdmin)
    }

    package static func == (left: ClientIdentity, right: ClientIdentity) -> Bool {
        left.storage === right.storage || left.isAdmin == right.isAdmin && left.json == right.json
    }

    /// Shared, as an identity travels with each publication: a copy costs one reference, and its JSON is written once.
    private final class Storage: Sendable {
        let client: String
        let user: String
        let name: String
        let color: String
        let isAdmin: Bool
        let json: ByteBuffer

        init(client: String, user: String, name: String, color: String, isAdmin: Bool) {
            self.client = client
            self.user = user
            self.name = name
            self.color = color
            self.isAdmin = isAdmin
            var json = JSONWriter()
            json.beginObject()
            json.member("client", client)
            json.member("user", user)
            json.key("conn_info")
            json.beginObject()
            json.member("name", name)
            json.member("color", color)
            json.endObject()
            json.endObject()
            self.json = json.finish()
        }
    }
}

/// A `connect` command, as the application sees it.
package struct ConnectRequest: Sendable {
    /// The id the server has given the connection.
    package var client: String
    package var token: String?
    /// `connect.data`: raw JSON, or `nil`.
    package var data: ByteBuffer?
    /// The client library's own name and version, for the log.
    package var name: String?
    package var version: String?

    package init(
        client: String,
        token: String? = nil,
        data: ByteBuffer? = nil,
        name: String? = nil,
        version: String? = nil
    ) {
        self.client = client
        self.token = token
        self.data = data
        self.name = name
        self.version = version
    }
}

/// What the application says to a `connect`.
package enum ConnectAnswer: Sendable {
    case accepted(ConnectAcceptance)
    /// The command is answered with an error; the client may try again on another connection.
    case failed(ClientError)
    /// The connection ends.
    case refused(Disconnect)
}

/// A client that may come in.
package struct ConnectAcceptance: Sendable {
    package var identity: ClientIdentity
    /// How long it may stay without a `refresh`; `nil` for as long as it likes.
    package var expiry: Expiry?
    /// The answer's `data`: one JSON value.
    package var data: ByteBuffer?
    /// Channels to which the server subscribes it at once.
    package var channels: [String] = []

    package init(_ identity: ClientIdentity) {
        self.identity = identity
    }
}

/// How long a connection or a subscription is good.
package struct Expiry: Sendable, Equatable {
    /// Whole seconds from now, at least 1.
    package var seconds: UInt32

    package init(seconds: UInt32) {
        self.seconds = max(1, seconds)
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("expires", true)
        json.member("ttl", seconds)
    }
}

/// A `subscribe` command, or a subscription by the server, as the application sees it.
package struct SubscribeRequest: Sendable {
    package var channel: String
    package var token: String?
    /// `subscribe.data`: raw JSON, or `nil`.
    package var data: ByteBuffer?

    package init(channel: String, token: String? = nil, data: ByteBuffer? = nil) {
        self.channel = channel
        self.token = token
        self.data = data
    }
}

/// A subscription that the application allows.
package struct SubscribeGrant: Sendable {
    /// How long it is good without a `sub_refresh`; `nil` for as long as the client likes.
    package var expiry: Expiry?

    package init(expiry: Expiry? = nil) {
        self.expiry = expiry
    }
}

/// What a client publishes, as the application lets it.
package struct ClientPublication: Sendable {
    /// One JSON value.
    package var data: ByteBuffer
    /// Of publications with one key that wait for a delayed write, or for a slow reader, only the newest is sent; only in
    /// channels without history.
    package var coalescingKey: String?

    package init(data: ByteBuffer, coalescingKey: String? = nil) {
        self.data = data
        self.coalescingKey = coalescingKey
    }
}

/// What the application says to a `refresh`.
package enum RefreshAnswer: Sendable {
    /// The connection is good for so long; `nil` for as long as the client likes.
    case extended(Expiry?)
    case failed(ClientError)
    /// The connection ends.
    case refused(Disconnect)
}

/// What stands behind the protocol: who may connect and subscribe, and what calls do.
///
/// All methods may be called from any event loop, for many connections at once.
package protocol RealtimeApplication: Sendable {
    /// Says who connects, or why not. Called on the connection's event loop: must not block.
    func connect(_ request: ConnectRequest) -> ConnectAnswer

    /// Makes sure that the channel is open in the hub (loading it if need be) and that this client may see it.
    ///
    /// - Throws: `unknownChannel`, `permissionDenied`, or another error for the reply.
    func prepare(
        _ request: SubscribeRequest,
        for client: ClientIdentity
    ) async throws(ClientError) -> SubscribeGrant

    /// Answers an RPC with raw JSON.
    func rpc(method: String, data: ByteBuffer?, from client: ClientIdentity) async throws(ClientError) -> ByteBuffer

    /// Checks a client's publication; returns what to publish. Called on the connection's event loop.
    func publish(
        channel: String,
        data: ByteBuffer,
        from client: ClientIdentity
    ) -> Result<ClientPublication, ClientError>

    /// Prolongs a connection. Called on its event loop: must not block.
    func refresh(token: String, for client: ClientIdentity) -> RefreshAnswer

    /// Prolongs a subscription. Called on the connection's event loop: must not block.
    func refresh(channel: String, token: String, for client: ClientIdentity) -> Result<Expiry?, ClientError>
}

extension RealtimeApplication {
    /// Connections do not expire.
    package func refresh(token: String, for client: ClientIdentity) -> RefreshAnswer { .failed(.notAvailable) }

    /// Subscriptions do not expire.
    package func refresh(
        channel: String,
        token: String,
        for client: ClientIdentity
    ) -> Result<Expiry?, ClientError> {
        .failure(.notAvailable)
    }
}
