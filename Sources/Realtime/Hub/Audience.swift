internal import CPrefetch
internal import NIOCore

/// The subscribers of one channel on one shard.
///
/// Bound to the shard's event loop.
final class Audience {
    let channel: any AnyChannel
    private(set) var members: [Subscription] = []
    /// How many of them wait for their answer.
    private var holding = 0
    /// The latest point at which one of them started.
    private var latestStart: UInt64 = 0
    private let hasHistory: Bool
    private let mergesBacklog: Bool

    init(channel: any AnyChannel) {
        self.channel = channel
        hasHistory = channel.options.hasHistory
        mergesBacklog = channel.options.mergesBacklog
    }

    func add(_ subscription: Subscription) {
        subscription.index = members.count
        members.append(subscription)
        latestStart = max(latestStart, subscription.startOffset)
        holding += 1
    }

    func remove(_ subscription: Subscription) {
        let index = subscription.index
        guard index < members.count, members[index] === subscription, let last = members.popLast() else { return }
        if last !== subscription {
            members[index] = last
            last.index = index
        }
        if subscription.held != nil { holding -= 1 }
    }

    /// A subscriber has got everything up to `offset` otherwise.
    func start(_ subscription: Subscription, at offset: UInt64) {
        subscription.startOffset = offset
        latestStart = max(latestStart, offset)
    }

    /// The answer to a subscriber has been sent.
    func release(_ subscription: Subscription) -> [Delivery.Kind] {
        guard subscription.held != nil else { return [] }
        holding -= 1
        return subscription.release()
    }

    /// Hands deliveries, in their order, to all members: joined into one frame that all share.
    ///
    /// - Parameters:
    ///   - deliveries: what is handed out.
    ///   - isAlone: whether no other channel has anything to deliver in this tick, so that it may be sent at once.
    /// - Returns: how many deliveries went to how many members, as a product.
    func deliver(_ deliveries: [Delivery.Kind], isAlone: Bool) -> Int {
        guard !deliveries.isEmpty else { return 0 }
        guard holding == 0, deliveries.first(where: { $0.offset != nil })?.offset.map({ $0 > latestStart }) ?? true
        else {
            return deliverSeparately(deliveries)
        }
        let bundle = Bundle(deliveries)
        // A send that fails ends its connection, and with it the membership: those of now are walked.
        let members = members
        for (index, member) in members.enumerated() {
            Self.prefetch(members, after: index)
            send(bundle, to: member, isAlone: isAlone)
        }
        return members.count * deliveries.count
    }

    /// Begins to fetch the memory of members to come: they lie scattered, and each would be waited for.
    private static func prefetch(_ members: [Subscription], after index: Int) {
        // A send takes some microseconds. A subscription comes first, as its connection is found by it.
        if index + 6 < members.count {
            CPrefetch.prefetch(Unmanaged.passUnretained(members[index + 6]).toOpaque(), 1)
        }
        if index + 3 < members.count {
            // What a send looks at is at the front of a connection.
            CPrefetch.prefetch(Unmanaged.passUnretained(members[index + 3].connection).toOpaque(), 4)
        }
    }

    /// The channel has ended: everybody is told, those who wait for their answer after it.
    func close(_ code: UnsubscribeCode) {
        for member in members {
            if member.held != nil {
                member.hold([.closed(code)])
            } else {
                member.connection.unsubscribe(member, code)
            }
        }
    }

    private func send(_ bundle: Bundle, to member: Subscription, isAlone: Bool = false) {
        if member.backlog != nil || member.connection.isClogged, mergesBacklog {
            member.connection.fallBehind(member, bundle, hasHistory: hasHistory)
        } else if isAlone {
            member.connection.send(bundle, of: member)
        } else {
            member.connection.push(bundle, of: member)
        }
    }

    private func deliverSeparately(_ deliveries: [Delivery.Kind]) -> Int {
        var delivered = 0
        for member in members {
            let rest = deliveries.filter { delivery in delivery.offset.map { $0 > member.startOffset } ?? true }
            guard !rest.isEmpty else { continue }
            delivered += rest.count
            if member.held != nil {
                member.hold(rest)
                member.connection.checkHeld(member)
            } else {
                send(rest.count == deliveries.count ? Bundle(deliveries) : Bundle(rest), to: member)
            }
        }
        return delivered
    }
}
