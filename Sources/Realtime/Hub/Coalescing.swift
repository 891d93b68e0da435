/// Leaves out what is overtaken before it was sent.
enum Coalescing {
    private struct Thing: Hashable {
        var channel: ObjectIdentifier
        var key: String
    }

    /// Deliveries in their order; of the publications of a channel with one key only the newest, in the oldest one's place.
    static func newest(of deliveries: [Delivery]) -> [Delivery] {
        var kept: [Delivery] = []
        kept.reserveCapacity(deliveries.count)
        var places: [Thing: Int] = [:]
        for delivery in deliveries {
            guard case .publication(_, let key?) = delivery.kind else {
                kept.append(delivery)
                continue
            }
            let thing = Thing(channel: delivery.channel, key: key)
            if let place = places[thing] {
                kept[place] = delivery
            } else {
                places[thing] = kept.count
                kept.append(delivery)
            }
        }
        return kept
    }
}
