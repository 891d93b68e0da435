internal import NIOCore

/// What the audience of one channel gets in one tick: encoded at most once in each form, shared by all.
///
/// Bound to the shard's event loop.
final class Bundle {
    /// In the channel's order.
    let deliveries: [Delivery.Kind]
    /// All of it in one frame.
    private(set) lazy var plain = Frame.joining(deliveries.compactMap(\.frame))

    init(_ deliveries: [Delivery.Kind]) {
        self.deliveries = deliveries
    }
}
