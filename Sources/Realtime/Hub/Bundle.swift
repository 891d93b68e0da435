internal import NIOCore

/// What the audience of one channel gets in one tick: encoded at most once in each form, shared by all.
///
/// Bound to the shard's event loop.
final class Bundle {
    /// In the channel's order.
    let deliveries: [Delivery.Kind]
    /// All of it in one frame.
    private(set) lazy var plain = Frame.joining(deliveries.compactMap(\.frame))

    /// All of it for readers that take compressed messages: what is short in one plain frame, each long publication in its own
    /// compressed one, which all channels' shards share; `nil` where nothing is compressed.
    private(set) lazy var compressed: ByteBuffer? = compress()

    /// The length of the longest publication's frame; 0 where there is none.
    private(set) lazy var longestPublication = deliveries.reduce(0) { max($0, $1.publicationBytes) }

    init(_ deliveries: [Delivery.Kind]) {
        self.deliveries = deliveries
    }

    private func compress() -> ByteBuffer? {
        var whole: ByteBuffer?
        var plain: [Frame] = []
        func addPlain() {
            guard !plain.isEmpty else { return }
            whole?.writeImmutableBuffer(Frame.joining(plain).bytes)
            plain = []
        }
        for frame in deliveries.compactMap(\.frame) {
            guard let compressed = frame.compression?.frame else {
                plain.append(frame)
                continue
            }
            if whole == nil {
                // The only one is shared as it is.
                if deliveries.count == 1 { return compressed }
                whole = ByteBuffer()
            }
            addPlain()
            whole?.writeImmutableBuffer(compressed)
        }
        addPlain()
        return whole
    }
}
