internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Realtime
internal import VibeServer
internal import WebSocketCodec

/// Accepts every sound handshake on every path and installs the product's own connection handler.
struct BenchRouter: UpgradeRouter {
    let hub: Hub
    let application: BenchApplication
    let logger: Logger
    let compression: CompressionOptions

    func decide(_ head: HTTPRequestHead, channel: any NIOCore.Channel) -> EventLoopFuture<UpgradeDecision> {
        channel.eventLoop.makeSucceededFuture(decision(head))
    }

    private func decision(_ head: HTTPRequestHead) -> UpgradeDecision {
        do throws(HandshakeRefusal) {
            let handshake = try Handshake(head)
            let offersJSON = handshake.subprotocols.contains("centrifuge-json")
            let negotiated =
                compression.isEnabled
                ? CompressionParameters.negotiate(handshake.extensions, policy: .noContextTakeover) : nil
            let headers = handshake.responseFields(
                subprotocol: offersJSON ? "centrifuge-json" : nil,
                compression: negotiated
            )
            return .accept(headers: headers) { [hub, application, logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    // Nothing else is in the pipeline of an upgraded connection.
                    let handler = RealtimeHandler(
                        hub: hub,
                        application: application,
                        logger: logger,
                        writesDirectly: true,
                        compression: negotiated
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        } catch {
            return .refuse(error)
        }
    }
}
