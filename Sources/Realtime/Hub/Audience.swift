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

    init(channel: any AnyChannel) {
        self.channel = channel
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

    /// The answer to a subscriber has been sent.
    func release(_ subscription: Subscription) -> [Delivery.Kind] {
        guard subscription.held != nil else { return [] }
        holding -= 1
        return subscription.release()
    }

    /// Hands publications, in their order, to all members: joined into one buffer that all share.
    ///
    /// - Returns: how many publications went to how many members, as a product.
    func deliver(_ publications: [(offset: UInt64, frame: ByteBuffer)]) -> Int {
        guard let first = publications.first?.offset else { return 0 }
        if holding == 0, first > latestStart {
            let joined = Self.join(publications[...])
            for member in members { member.connection.push(joined) }
            return members.count * publications.count
        }
        return deliverSeparately(publications)
    }

    /// The channel has ended: everybody is told, those who wait for their answer after it.
    func close(_ code: UnsubscribeCode) {
        let frame = PushWriter.unsubscribe(channel: channel.name, code: code)
        for member in members {
            if member.held != nil {
                member.hold(.closed(code))
            } else {
                member.connection.unsubscribedByServer(member, frame: frame)
            }
        }
    }

    private func deliverSeparately(_ publications: [(offset: UInt64, frame: ByteBuffer)]) -> Int {
        var delivered = 0
        for member in members {
            guard let start = publications.firstIndex(where: { $0.offset > member.startOffset }) else { continue }
            let rest = publications[start...]
            delivered += rest.count
            guard member.held != nil else {
                member.connection.push(Self.join(rest))
                continue
            }
            for publication in rest {
                member.hold(.publication(offset: publication.offset, frame: publication.frame))
            }
            member.connection.checkHeld(member)
        }
        return delivered
    }

    private static func join(_ publications: ArraySlice<(offset: UInt64, frame: ByteBuffer)>) -> ByteBuffer {
        if publications.count == 1, let only = publications.first { return only.frame }
        var joined = ByteBuffer()
        joined.reserveCapacity(publications.reduce(0) { $0 + $1.frame.readableBytes })
        for publication in publications { joined.writeImmutableBuffer(publication.frame) }
        return joined
    }
}
