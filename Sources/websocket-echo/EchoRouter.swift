internal import NIOCore
internal import NIOHTTP1
internal import VibeServer
internal import WebSocketCodec

/// Accepts every sound handshake and installs an `EchoHandler`; the first offered subprotocol is chosen, compression is
/// accepted with context takeover.
struct EchoRouter: UpgradeRouter {
    func decide(_ head: HTTPRequestHead, channel: any Channel) -> EventLoopFuture<UpgradeDecision> {
        channel.eventLoop.makeSucceededFuture(decision(head))
    }

    private func decision(_ head: HTTPRequestHead) -> UpgradeDecision {
        do throws(HandshakeRefusal) {
            let handshake = try Handshake(head)
            let compression = CompressionParameters.negotiate(handshake.extensions, policy: .contextTakeover)
            let headers = handshake.responseFields(
                subprotocol: handshake.subprotocols.first,
                compression: compression
            )
            return .accept(headers: headers) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler(compression: compression))
                }
            }
        } catch {
            return .refuse(error)
        }
    }
}
