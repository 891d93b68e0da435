package import NIOCore

/// Who is at the other end of a connection.
package struct ClientIdentity: Sendable, Equatable {
    /// Distinct for each connection, given by the server.
    package var client: String
    /// The user's id; empty for an anonymous one.
    package var user: String
    /// The display name.
    package var name: String
    /// `#RRGGBB`, given by the server.
    package var color: String
    /// Whether `connect.data` carried the right admin secret.
    package var isAdmin: Bool

    package init(client: String, user: String, name: String, color: String, isAdmin: Bool = false) {
        self.client = client
        self.user = user
        self.name = name
        self.color = color
        self.isAdmin = isAdmin
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
}

/// What stands behind the protocol: who may connect and subscribe, and what calls do.
///
/// All methods may be called from any event loop, for many connections at once.
package protocol RealtimeApplication: Sendable {
    /// Says who connects, or why not. Called on the connection's event loop: must not block.
    func connect(_ request: ConnectRequest) -> Result<ClientIdentity, ClientError>

    /// Makes sure that the channel is open in the hub (loading it if need be) and that this client may see it.
    ///
    /// - Throws: `unknownChannel`, `permissionDenied`, or another error for the reply.
    func prepare(channel: String, data: ByteBuffer?, for client: ClientIdentity) async throws(ClientError)

    /// Answers an RPC with raw JSON.
    func rpc(method: String, data: ByteBuffer?, from client: ClientIdentity) async throws(ClientError) -> ByteBuffer

    /// Checks a client's publication; returns the `data` to publish. Called on the connection's event loop.
    func publish(channel: String, data: ByteBuffer, from client: ClientIdentity) -> Result<ByteBuffer, ClientError>
}
