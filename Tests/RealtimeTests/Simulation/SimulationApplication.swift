import NIOCore

@testable import Realtime

/// Lets everybody in, to the server's channels that `connect.data` names.
struct SimulationApplication: RealtimeApplication {
    func connect(_ request: ConnectRequest) -> ConnectAnswer {
        let identity = ClientIdentity(client: request.client, user: "u", name: "U", color: "#000000")
        var acceptance = ConnectAcceptance(identity)
        acceptance.channels = request.data.flatMap { try? JSONObject($0) }?["channels"]?.strings ?? []
        return .accepted(acceptance)
    }

    func prepare(
        _ request: SubscribeRequest,
        for client: ClientIdentity
    ) async throws(ClientError) -> SubscribeGrant { SubscribeGrant() }

    func rpc(method: String, data: ByteBuffer?, from client: ClientIdentity) async throws(ClientError) -> ByteBuffer {
        throw .methodNotFound
    }

    func publish(
        channel: String,
        data: ByteBuffer,
        from client: ClientIdentity
    ) -> Result<ClientPublication, ClientError> {
        let key = (try? JSONObject(data))?["key"]?.string
        return .success(ClientPublication(data: data, coalescingKey: key.map { "\(client.client)/\($0)" }))
    }
}
