internal import NIOCore
internal import Realtime
internal import Synchronization

/// An application in which everybody may do everything on `bench:*`: to measure fan-out beside other servers.
struct BenchApplication: RealtimeApplication {
    private let hub: Hub
    private let channels: BenchChannels
    private let tokens: (any TokenVerifier)?

    /// - Parameters:
    ///   - hub: Where the channels are.
    ///   - writeDelay: How long publications may wait for others.
    ///   - hasHistory: Whether the past of channels is kept.
    ///   - tokens: Checks tokens; without one they are ignored.
    init(hub: Hub, writeDelay: Duration = .zero, hasHistory: Bool = true, tokens: (any TokenVerifier)? = nil) {
        self.hub = hub
        self.tokens = tokens
        channels = BenchChannels(hub: hub, writeDelay: writeDelay, hasHistory: hasHistory)
    }

    func connect(_ request: ConnectRequest) -> ConnectAnswer {
        func acceptance(user: String) -> ConnectAcceptance {
            ConnectAcceptance(
                ClientIdentity(client: request.client, user: user, name: request.name ?? "", color: "#808080")
            )
        }
        guard let tokens, let token = request.token, !token.isEmpty else { return .accepted(acceptance(user: "")) }
        do throws(TokenError) {
            let claims = try tokens.connection(token)
            var acceptance = acceptance(user: claims.user)
            acceptance.expiry = claims.expiry
            acceptance.channels = claims.channels
            return .accepted(acceptance)
        } catch {
            return error.connectAnswer
        }
    }

    func prepare(
        _ request: SubscribeRequest,
        for client: ClientIdentity
    ) async throws(ClientError) -> SubscribeGrant {
        guard request.channel.utf8.starts(with: "bench:".utf8) else { throw .unknownChannel }
        channels.open(request.channel)
        guard let tokens, let token = request.token, !token.isEmpty else { return SubscribeGrant() }
        return SubscribeGrant(expiry: try tokens.expiry(of: token, channel: request.channel, for: client))
    }

    /// `echo` answers its data; the others let a client have done to itself what a server does.
    func rpc(method: String, data: ByteBuffer?, from client: ClientIdentity) async throws(ClientError) -> ByteBuffer {
        let data = data ?? ByteBuffer(string: "null")
        if method == "echo" { return data }
        guard let arguments = try? JSONObject(data) else { throw .badRequest }
        let code = arguments["code"]?.unsignedInteger
        let channel = arguments["channel"]?.string ?? ""
        let target = HubTarget.client(client.client)
        switch method {
        case "disconnect":
            guard let reason = code.flatMap(UInt16.init(exactly:)).flatMap(Disconnect.init(rawValue:)) else {
                throw .badRequest
            }
            hub.disconnect(target, reason)
        case "unsubscribe":
            guard let reason = code.flatMap(UInt32.init(exactly:)).flatMap(UnsubscribeCode.init(rawValue:)) else {
                throw .badRequest
            }
            hub.unsubscribe(target, from: channel, reason)
        case "subscribe": hub.subscribe(target, to: channel)
        case "message": hub.send(arguments["data"]?.text ?? ByteBuffer(string: "null"), to: target)
        case "refresh": hub.refresh(target, Expiry(seconds: UInt32(clamping: arguments["ttl"]?.integer ?? 60)))
        default: throw .methodNotFound
        }
        return ByteBuffer(string: "{}")
    }

    func publish(
        channel: String,
        data: ByteBuffer,
        from client: ClientIdentity
    ) -> Result<ClientPublication, ClientError> {
        .success(ClientPublication(data: data))
    }

    func refresh(token: String, for client: ClientIdentity) -> RefreshAnswer {
        guard let tokens else { return .failed(.notAvailable) }
        do throws(TokenError) {
            return .extended(try tokens.connection(token).expiry)
        } catch {
            return error.refreshAnswer
        }
    }

    func refresh(channel: String, token: String, for client: ClientIdentity) -> Result<Expiry?, ClientError> {
        guard let tokens else { return .failure(.notAvailable) }
        do throws(ClientError) {
            return .success(try tokens.expiry(of: token, channel: channel, for: client))
        } catch {
            return .failure(error)
        }
    }
}

/// Opens each channel once, whoever asks first; none is closed.
final class BenchChannels: Sendable {
    private let hub: Hub
    private let writeDelay: Duration
    private let hasHistory: Bool
    private let opening = Mutex(())

    init(hub: Hub, writeDelay: Duration, hasHistory: Bool) {
        self.hasHistory = hasHistory
        self.hub = hub
        self.writeDelay = writeDelay
    }

    /// Opens a channel unless it is open.
    func open(_ name: String) {
        opening.withLock { _ in
            guard !hub.isOpen(name) else { return }
            var options = ChannelOptions()
            options.clientsMayPublish = true
            options.publishingNeedsSubscription = false
            options.hasPresence = name.utf8.starts(with: "bench:presence:".utf8)
            options.mergesBacklog = false
            options.hasHistory = hasHistory
            options.writeDelay = writeDelay
            _ = hub.open(name, state: RawChannelState(), options: options)
        }
    }
}
