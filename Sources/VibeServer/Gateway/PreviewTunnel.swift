internal import NIOCore
internal import NIOHTTP1
internal import Orchestration
internal import WebSocketCodec

/// Joins a browser's WebSocket to the dev server of a preview (hot module replacement).
struct PreviewTunnel: Sendable {
    private let directory: any PreviewDirectory
    private let policy: AccessPolicy
    private let dialer: TunnelDialer

    init(directory: any PreviewDirectory, policy: AccessPolicy, limits: GatewayLimits = GatewayLimits()) {
        self.directory = directory
        self.policy = policy
        self.dialer = TunnelDialer(limits: limits)
    }

    /// Decides about an upgrade at a preview's host: only its own page may open it, and only a running sandbox takes it.
    func decide(
        _ head: HTTPRequestHead,
        handshake: Handshake,
        appID: String,
        channel: any Channel
    ) -> EventLoopFuture<UpgradeDecision> {
        let eventLoop = channel.eventLoop
        guard isOwnPage(head.headers["Origin"], appID) else {
            return eventLoop.makeSucceededFuture(.refusing(APIError(.originNotAllowed)))
        }
        guard !ControlPaths.matches(head.uri), let request = TunnelRequest(head, handshake: handshake, target: head.uri)
        else {
            return eventLoop.makeSucceededFuture(.refusing(.notFound))
        }
        let directory = directory
        return eventLoop.makeFutureWithTask { await directory.previewTarget(appID: appID) }.flatMap { target in
            guard case .running(let socketPath) = target else {
                let refusal = Absence(target: target, title: nil)?.refusal ?? .notFound
                return eventLoop.makeSucceededFuture(.refusing(refusal))
            }
            return open(request, socketPath, appID, channel)
        }
    }

    private func open(
        _ request: TunnelRequest,
        _ socketPath: String,
        _ appID: String,
        _ channel: any Channel
    ) -> EventLoopFuture<UpgradeDecision> {
        dialer.dial(socketPath: socketPath, request: request.bytes, on: channel.eventLoop).flatMapThrowing {
            agreement in
            let headers: HTTPHeaders
            do {
                headers = try request.answer(to: agreement.headers)
            } catch {
                agreement.channel.close(promise: nil)
                throw error
            }
            agreement.close(with: channel)
            directory.previewTunnels(appID: appID, 1)
            channel.closeFuture.whenComplete { [directory] _ in directory.previewTunnels(appID: appID, -1) }
            return .accept(headers: headers) { client in
                client.eventLoop.makeCompletedFuture { try agreement.join(client) }
            }
        }.flatMapErrorThrowing { error in
            .refusing((error as? GatewayError ?? .endedEarly).refusal)
        }
    }

    private func isOwnPage(_ origins: [String], _ appID: String) -> Bool {
        guard origins.count == 1, let origin = WebOrigin(header: origins[0]) else { return false }
        return origin == policy.preview.origin(appID: appID)
    }
}
