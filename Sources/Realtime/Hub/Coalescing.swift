/// Leaves out what is overtaken before it was sent.
enum Coalescing {
    private struct Thing: Hashable {
        var channel: ObjectIdentifier
        var key: String
    }

    /// Deliveries in their order; of the publications of a channel with one key only the newest.
    ///
    /// It stays in its own place: each channel's offsets go on rising, by which a subscriber is spared what is older than its
    /// subscription.
    static func newest(of deliveries: [Delivery]) -> [Delivery] {
        var kept: [Delivery] = []
        kept.reserveCapacity(deliveries.count)
        var seen: Set<Thing> = []
        for delivery in deliveries.reversed() {
            if case .publication(_, let key?) = delivery.kind,
                !seen.insert(Thing(channel: delivery.channel, key: key)).inserted
            {
                continue
            }
            kept.append(delivery)
        }
        kept.reverse()
        return kept
    }
}
