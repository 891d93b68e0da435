internal import NIOCore

/// A reader that falls behind is not sent more than its socket takes: its publications stay in the channel's history, from
/// which it is given fewer and larger ones when there is room.
extension Connection {
    /// Notes deliveries that are not sent while the socket takes nothing.
    func fallBehind(_ subscription: Subscription, _ bundle: Bundle, hasHistory: Bool) {
        guard life == .open else { return }
        let backlog: Backlog
        if let known = subscription.backlog {
            backlog = known
        } else {
            backlog = Backlog()
            subscription.backlog = backlog
            behind.append(subscription)
        }
        for delivery in bundle.deliveries where !backlog.take(delivery, hasHistory: hasHistory) {
            if let frame = delivery.frame { push(frame) }
        }
    }

    /// Gives the first of the subscriptions that are behind what it has missed.
    func catchUp() {
        guard life == .open, let subscription = behind.first, let backlog = subscription.backlog, !backlog.isReading
        else { return }
        guard let after = backlog.after else { return caughtUp(subscription, through: 0) }
        backlog.isReading = true
        let bound = NIOLoopBound((self, subscription), eventLoop: eventLoop)
        let request = HistoryRequest(since: StreamPosition(epoch: subscription.channel.epoch, offset: after))
        subscription.channel.history(request) { [eventLoop] result in
            eventLoop.onLoop {
                let (connection, subscription) = bound.value
                connection.read(subscription, result)
            }
        }
    }

    private func read(_ subscription: Subscription, _ result: Result<HistoryPage, ClientError>) {
        guard life == .open, let backlog = subscription.backlog, isCurrent(subscription) else { return }
        backlog.isReading = false
        switch result {
        case .success(let page) where isSent(page, after: backlog.after):
            let missed = page.publications.map { Delivery.Kind.publication($0, key: nil) }
            if !missed.isEmpty { push(Bundle(missed), of: subscription) }
            shard.start(subscription, at: page.position.offset)
            caughtUp(subscription, through: page.position.offset)
        case .success, .failure:
            unsubscribe(subscription, .insufficient)
        }
    }

    /// Whether a page is small enough to be sent: a single event is, as large as it may be a reply's.
    private func isSent(_ page: HistoryPage, after offset: UInt64?) -> Bool {
        let isSingle = offset.map { page.position.offset == $0 + 1 } ?? false
        return page.byteCount <= (isSingle ? hub.options.maximumReplyBytes : hub.options.maximumBacklogBytes)
    }

    private func caughtUp(_ subscription: Subscription, through offset: UInt64) {
        guard let backlog = subscription.backlog else { return }
        for frame in backlog.kept { push(frame) }
        guard backlog.caughtUp(through: offset) else { return markDirty() }
        subscription.backlog = nil
        behind.removeAll { $0 === subscription }
        // The others are next, also where there was nothing to write.
        if !behind.isEmpty { markDirty() }
    }
}

extension HistoryPage {
    /// Bytes of its publications.
    var byteCount: Int { publications.reduce(0) { $0 + $1.publication.readableBytes } }
}

extension EventLoop {
    /// Runs `body` at once on this loop, or as its next task elsewhere.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}
