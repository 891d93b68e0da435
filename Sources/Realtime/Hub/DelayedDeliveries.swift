internal import NIOCore

/// What waits until a channel's write delay is over: of deliveries with one key only the newest.
///
/// Pure.
struct DelayedDeliveries {
    private var deliveries: [Delivery.Kind] = []
    private var places: [String: Int] = [:]

    var isEmpty: Bool { deliveries.isEmpty }

    /// Adds a delivery behind the others, or in place of an older one of its key.
    mutating func append(_ delivery: Delivery.Kind) {
        if case .publication(_, let key?) = delivery {
            if let place = places[key] {
                deliveries[place] = delivery
                return
            }
            places[key] = deliveries.count
        }
        deliveries.append(delivery)
    }

    /// Hands over all that waits.
    mutating func take() -> [Delivery.Kind] {
        defer {
            deliveries = []
            places = [:]
        }
        return deliveries
    }
}
