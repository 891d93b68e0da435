internal import NIOCore

/// One connection on one channel.
///
/// Bound to the connection's event loop.
final class Subscription {
    let connection: Connection
    /// What waits for the socket; `nil` while the reader keeps up.
    var backlog: Backlog?
    let channel: any AnyChannel
    /// Whether the server made it; the client then knows of it by the answer to `connect` or by a push.
    let isServerSide: Bool
    /// The last publication that the client has got by the answer to `subscribe` or by catching up: what is delivered comes
    /// after it.
    var startOffset: UInt64
    /// Where the audience holds it.
    var index = 0
    /// What has come before the answer was sent; `nil` once it is.
    private(set) var held: Held?
    /// Who is here by it, as others know; they are told when it has ended.
    var present: ClientIdentity?
    /// Ends the subscription when nobody has prolonged it.
    var expiryTimer: Scheduled<Void>?

    /// Deliveries that wait for the answer to `subscribe`.
    final class Held {
        var deliveries: [Delivery.Kind] = []
        /// Counted against the connection's limit.
        var bytes = 0
        /// Bytes of the longest publication.
        var longestPublication = 0
    }

    init(channel: any AnyChannel, connection: Connection, startOffset: UInt64, isServerSide: Bool) {
        self.channel = channel
        self.connection = connection
        self.startOffset = startOffset
        self.isServerSide = isServerSide
        held = Held()
    }

    /// Keeps deliveries for after the answer.
    func hold(_ deliveries: some Sequence<Delivery.Kind>) {
        guard let held else { return }
        for delivery in deliveries {
            held.deliveries.append(delivery)
            held.bytes += delivery.byteCount
            held.longestPublication = max(held.longestPublication, delivery.publicationBytes)
        }
    }

    /// The answer has been sent: hands out what was held after its position; from now on deliveries go straight to the
    /// connection.
    func release() -> [Delivery.Kind] {
        defer { held = nil }
        return (held?.deliveries ?? []).filter { delivery in
            delivery.offset.map { $0 > startOffset } ?? true
        }
    }
}

extension Delivery.Kind {
    /// A publication's offset.
    var offset: UInt64? {
        if case .publication(let publication, _) = self { publication.offset } else { nil }
    }

    /// What goes out.
    var frame: Frame? {
        switch self {
        case .publication(let publication, _): publication.frame
        case .presence(let frame, _): frame
        case .closed: nil
        }
    }

    var byteCount: Int { frame?.bytes.readableBytes ?? 0 }

    /// The length of a publication's frame; 0 for anything else.
    var publicationBytes: Int { offset == nil ? 0 : byteCount }
}
