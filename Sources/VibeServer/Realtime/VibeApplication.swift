internal import Catalogue
internal import HTTPTypes
package import NIOCore
package import Orchestration
package import Realtime

/// What stands behind the client protocol: the identities of `open` mode, the channels of apps, the calls of the HTTP API.
package struct VibeApplication: RealtimeApplication {
    private let orchestrator: Orchestrator
    private let api: API
    private let methods: RPCMethods
    private let tokens: (any TokenVerifier)?
    /// The answer's `data`, the same for everybody.
    private let welcome: ByteBuffer
    private let consoleRates = ClientRates(perSecond: ConsoleArguments.perSecond)

    /// - Parameters:
    ///   - orchestrator: Opens channels.
    ///   - api: Answers calls.
    ///   - tokens: Checks tokens; without one they are ignored.
    package init(orchestrator: Orchestrator, api: API, tokens: (any TokenVerifier)? = nil) {
        self.tokens = tokens
        self.orchestrator = orchestrator
        self.api = api
        self.methods = RPCMethods(api: api)
        self.welcome = ClientLimits(orchestrator.configuration).data
    }

    package func connect(_ request: ConnectRequest) -> ConnectAnswer {
        do {
            let data = try request.data.map { try JSONBody.decode(ConnectData.self, from: $0) }
            var person = try Person(claimedUser: data?.userID, name: data?.name)
            var claims: ConnectionClaims?
            if let token = request.token, !token.isEmpty, let tokens {
                let verified = try tokens.connection(token)
                person = try Person(claimedUser: verified.user, name: verified.name ?? data?.name)
                claims = verified
            }
            var acceptance = ConnectAcceptance(
                ClientIdentity(
                    client: request.client,
                    user: person.userID,
                    name: person.name,
                    color: PersonColor.pick(for: person.userID.isEmpty ? request.client : person.userID),
                    isAdmin: api.access.isAdmin(secret: data?.adminSecret)
                )
            )
            acceptance.data = welcome
            acceptance.expiry = claims?.expiry
            acceptance.channels = claims?.channels ?? []
            return .accepted(acceptance)
        } catch let error as TokenError {
            return error.connectAnswer
        } catch {
            return .failed(.badRequest)
        }
    }

    package func prepare(
        _ request: SubscribeRequest,
        for client: ClientIdentity
    ) async throws(ClientError) -> SubscribeGrant {
        let expiry = try expiry(of: request, for: client)
        if ChannelName(request.channel)?.kind == .stats, !client.isAdmin, !api.access.isOpen { throw .permissionDenied }
        do {
            guard try await orchestrator.openChannel(request.channel) else { throw ClientError.unknownChannel }
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(APIError(error))
        }
        return SubscribeGrant(expiry: expiry)
    }

    package func refresh(token: String, for client: ClientIdentity) -> RefreshAnswer {
        guard let tokens else { return .failed(.notAvailable) }
        do throws(TokenError) {
            let claims = try tokens.connection(token)
            return claims.user == client.user ? .extended(claims.expiry) : .refused(.invalidToken)
        } catch {
            return error.refreshAnswer
        }
    }

    package func refresh(
        channel: String,
        token: String,
        for client: ClientIdentity
    ) -> Result<Expiry?, ClientError> {
        do throws(ClientError) {
            return .success(try expiry(of: SubscribeRequest(channel: channel, token: token), for: client))
        } catch {
            return .failure(error)
        }
    }

    private func expiry(of request: SubscribeRequest, for client: ClientIdentity) throws(ClientError) -> Expiry? {
        guard let token = request.token, !token.isEmpty, let tokens else { return nil }
        return try tokens.expiry(of: token, channel: request.channel, for: client)
    }

    package func rpc(
        method: String,
        data: ByteBuffer?,
        from client: ClientIdentity
    ) async throws(ClientError) -> ByteBuffer {
        let person = Person(userID: client.user, name: client.name)
        do {
            if method == RPCMethod.console.rawValue, !consoleRates.take(client.client) {
                throw APIError(.tooManyRequests, ["per_second": .number(ConsoleArguments.perSecond)])
            }
            let answer = try await methods.call(
                method,
                data ?? ByteBuffer(string: "{}"),
                by: person,
                isAdmin: client.isAdmin
            )
            guard let answer else { throw ClientError.methodNotFound }
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
    ) -> Result<ClientPublication, ClientError> {
        guard ChannelName(channel)?.kind == .cursors else { return .failure(.permissionDenied) }
        guard let publication = CursorPublication(data) else { return .failure(.badRequest) }
        return .success(
            ClientPublication(data: publication.data, coalescingKey: "\(client.client)/\(publication.surfaceName)")
        )
    }
}
