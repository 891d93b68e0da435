package import Logging
package import NIOCore

/// The one handler of an upgraded connection: bytes of RFC 6455 in and out, the client protocol inside.
///
/// Bound to its channel's event loop. Added to the pipeline after the HTTP handlers have left it.
package final class RealtimeHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    package init(hub: Hub, application: any RealtimeApplication, logger: Logger) {}
}
