internal import NIOCore
internal import NIOHTTP1
internal import VibeServer
internal import WebSocketCodec

/// Accepts every sound handshake and installs an `EchoHandler`; the first offered subprotocol is chosen.
struct EchoRouter: UpgradeRouter {
    func decide(_ head: HTTPRequestHead, channel: any Channel) -> EventLoopFuture<UpgradeDecision> {
        channel.eventLoop.makeSucceededFuture(decision(head))
    }

    private func decision(_ head: HTTPRequestHead) -> UpgradeDecision {
        do throws(HandshakeRefusal) {
            let handshake = try Handshake(head)
            return .accept(headers: handshake.responseFields(subprotocol: handshake.subprotocols.first)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler())
                }
            }
        } catch {
            return .refuse(error)
        }
    }
}
