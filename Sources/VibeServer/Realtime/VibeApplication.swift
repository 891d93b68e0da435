package import NIOCore
package import Orchestration
package import Realtime

/// What stands behind the client protocol: the identities of `open` mode, the channels of apps, the calls of the HTTP API.
package struct VibeApplication: RealtimeApplication {
    private let orchestrator: Orchestrator
    private let api: API
    private let methods: RPCMethods

    package init(orchestrator: Orchestrator, api: API) {
        self.orchestrator = orchestrator
        self.api = api
        self.methods = RPCMethods(api: api)
    }

    package func connect(_ request: ConnectRequest) -> Result<ClientIdentity, ClientError> {
        do {
            let data = try request.data.map { try JSONBody.decode(ConnectData.self, from: $0) }
            let person = try Person(claimedUser: data?.userID, name: data?.name)
            return .success(
                ClientIdentity(
                    client: request.client,
                    user: person.userID,
                    name: person.name,
                    color: PersonColor.pick(for: person.userID.isEmpty ? request.client : person.userID),
                    isAdmin: api.isAdmin(secret: data?.adminSecret)
                )
            )
        } catch {
            return .failure(.badRequest)
        }
    }

    package func prepare(
        channel: String,
        data: ByteBuffer?,
        for client: ClientIdentity
    ) async throws(ClientError) {
        do {
            guard try await orchestrator.openChannel(channel) else { throw ClientError.unknownChannel }
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(APIError(error))
        }
    }

    package func rpc(
        method: String,
        data: ByteBuffer?,
        from client: ClientIdentity
    ) async throws(ClientError) -> ByteBuffer {
        let person = Person(userID: client.user, name: client.name)
        do {
            guard let answer = try await methods.call(method, data ?? ByteBuffer(string: "{}"), by: person) else {
                throw ClientError.methodNotFound
            }
            return answer
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(APIError(error))
        }
    }

    package func publish(
        channel: String,
        data: ByteBuffer,
        from client: ClientIdentity
    ) -> Result<ByteBuffer, ClientError> {
        guard ChannelName(channel)?.kind == .cursors else { return .failure(.permissionDenied) }
        guard let publication = CursorPublication(data) else { return .failure(.badRequest) }
        return .success(publication.data)
    }
}
