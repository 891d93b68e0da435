internal import NIOCore

/// One connection on one channel.
///
/// Bound to the connection's event loop.
final class Subscription {
    let channel: any AnyChannel
    let connection: Connection
    /// The last publication that the answer to `subscribe` holds: what is delivered comes after it.
    let startOffset: UInt64
    /// Where the audience holds it.
    var index = 0
    /// What has come before the answer was sent; `nil` once it is.
    ///
    /// Counted in bytes against the connection's limit.
    private(set) var held: [Delivery.Kind]?
    private(set) var heldBytes = 0

    init(channel: any AnyChannel, connection: Connection, startOffset: UInt64) {
        self.channel = channel
        self.connection = connection
        self.startOffset = startOffset
        held = []
    }

    /// Keeps a delivery for after the answer.
    func hold(_ kind: Delivery.Kind) {
        if case .publication(_, let frame) = kind { heldBytes += frame.readableBytes }
        held?.append(kind)
    }

    /// The answer has been sent: hands out what was held; from now on deliveries go straight to the connection.
    func release() -> [Delivery.Kind] {
        defer { held = nil }
        heldBytes = 0
        return held ?? []
    }
}
