internal import HTTPTypes
internal import Logging
package import NIOCore
package import NIOHTTP1
internal import Realtime
internal import WebSocketCodec

/// Upgrades of the product: the client protocol on the platform's hosts, hot module replacement on previews' hosts.
package struct ProductUpgradeRouter: UpgradeRouter {
    /// Where the client protocol is spoken.
    package static let path = "/connection/websocket"

    private let policy: AccessPolicy
    private let hub: Hub
    private let application: any RealtimeApplication
    private let tunnel: PreviewTunnel
    private let gate: ConnectionGate
    private let compression: CompressionOptions
    private let logger: Logger

    init(
        policy: AccessPolicy,
        hub: Hub,
        application: any RealtimeApplication,
        directory: any PreviewDirectory,
        limits: GatewayLimits = GatewayLimits(),
        gate: ConnectionGate = ConnectionGate(),
        compression: CompressionOptions = CompressionOptions(),
        logger: Logger
    ) {
        self.policy = policy
        self.hub = hub
        self.application = application
        self.compression = compression
        self.tunnel = PreviewTunnel(directory: directory, policy: policy, limits: limits)
        self.gate = gate
        self.logger = logger
    }

    package func decide(_ head: HTTPRequestHead, channel: any NIOCore.Channel) -> EventLoopFuture<UpgradeDecision> {
        do {
            return try decision(head, channel)
        } catch let error as HandshakeRefusal {
            return channel.eventLoop.makeSucceededFuture(.refuse(error))
        } catch {
            return channel.eventLoop.makeSucceededFuture(.refusing(APIError(error)))
        }
    }

    private func decision(_ head: HTTPRequestHead, _ channel: any NIOCore.Channel) throws -> EventLoopFuture<
        UpgradeDecision
    > {
        let hosts = head.headers["Host"]
        guard hosts.count == 1, let authority = Authority(parsing: hosts[0]), head.uri.utf8.first == UInt8(ascii: "/")
        else {
            throw APIError(.badHost)
        }
        switch policy.target(of: authority) {
        case .foreign:
            throw APIError(.unknownHost)
        case .preview(let appID):
            return tunnel.decide(head, handshake: try handshake(head), appID: appID, channel: channel)
        case .platform:
            let path = head.uri.utf8.prefix { $0 != UInt8(ascii: "?") }
            guard path.elementsEqual(Self.path.utf8) else { return channel.eventLoop.makeSucceededFuture(.pass) }
            return channel.eventLoop.makeSucceededFuture(try platform(head, authority, channel))
        }
    }

    private func platform(
        _ head: HTTPRequestHead,
        _ authority: Authority,
        _ channel: any NIOCore.Channel
    ) throws -> UpgradeDecision {
        do {
            try policy.check(
                authority: authority,
                origins: head.headers["Origin"],
                fetchSites: head.headers["Sec-Fetch-Site"]
            )
        } catch {
            throw APIError(.originNotAllowed)
        }
        let handshake = try handshake(head)
        guard !handshake.subprotocols.contains("centrifuge-protobuf") else {
            throw APIError(.protocolNotSupported)
        }
        let ticket = try gate.enter(from: channel.remoteAddress)
        channel.closeFuture.whenComplete { _ in ticket.giveBack() }
        let offersJSON = handshake.subprotocols.contains("centrifuge-json")
        // An idle connection holds no compression memory, and a publication is compressed once for everybody.
        let negotiated =
            compression.isEnabled
            ? CompressionParameters.negotiate(handshake.extensions, policy: .noContextTakeover) : nil
        let headers = handshake.responseFields(
            subprotocol: offersJSON ? "centrifuge-json" : nil,
            compression: negotiated
        )
        return .accept(headers: headers) { [hub, application, logger] channel in
            channel.eventLoop.makeCompletedFuture {
                // Nothing else is in the pipeline of an upgraded connection, TLS least of all: it ends at a proxy.
                try channel.pipeline.syncOperations.addHandler(
                    RealtimeHandler(
                        hub: hub,
                        application: application,
                        logger: logger,
                        writesDirectly: true,
                        compression: negotiated
                    )
                )
            }
        }
    }

    private func handshake(_ head: HTTPRequestHead) throws(HandshakeRefusal) -> Handshake {
        try Handshake(
            method: head.method.rawValue,
            version: (head.version.major, head.version.minor),
            headers: head.headers.map { (name: $0.name, value: $0.value) }
        )
    }
}
