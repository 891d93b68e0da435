internal import NIOCore

extension Connection {
    /// Subscribes for the client and answers.
    func subscribe(id: UInt32, _ parameters: SubscribeParameters, _ grant: SubscribeGrant) {
        let name = parameters.channel
        attach(name, recovery: parameters.recovery, grant, isServerSide: false) { [unowned self] outcome in
            switch outcome {
            case .success(let result):
                let (head, tail) = ReplyWriter.subscribed(result, id: id)
                reply(head: head, shared: result.snapshot, tail: tail)
                session.subscribeAnswered(channel: name, isSubscribed: true)
                subscribed(name)
            case .failure(let error):
                fail(id: id, error)
                session.subscribeAnswered(channel: name, isSubscribed: false)
            }
            resume(name)
        }
    }

    /// Attaches to a channel: from that moment on nothing is missed, and nothing is sent before `subscribed` is called.
    ///
    /// - Parameters:
    ///   - name: the channel.
    ///   - recovery: where the client stands, when it asks for what it has missed.
    ///   - grant: what the application allows.
    ///   - isServerSide: whether the server wants it.
    ///   - answer: called once, unless the connection or the subscription ends before; what the client may be told.
    func attach(
        _ name: String,
        recovery: StreamPosition?,
        _ grant: SubscribeGrant,
        isServerSide: Bool,
        _ answer: @escaping (Result<SubscribeResult, ClientError>) -> Void
    ) {
        guard let channel = hub.channel(named: name),
            let (subscription, snapshot) = shard.subscribe(self, to: channel, isServerSide: isServerSide)
        else { return answer(.failure(.unknownChannel)) }
        enter(subscription)
        expires(subscription, grant.expiry)
        var result = SubscribeResult(expiry: grant.expiry)
        guard channel.options.hasHistory, let snapshot else { return answer(.success(result)) }
        result.position = StreamPosition(epoch: channel.epoch, offset: subscription.startOffset)
        guard let recovery else { return finish(subscription, result, snapshot, answer) }
        result.wasRecovering = true
        recover(subscription, from: recovery, result, snapshot, answer)
    }

    /// The client has been told of its subscription: hands out what came after its position; others learn that it is here.
    func subscribed(_ name: String) {
        guard life == .open, let subscription = subscriptions[name] else { return }
        let held = shard.release(subscription)
        let deliveries = held.prefix { $0.frame != nil }
        if !deliveries.isEmpty { push(Bundle(Array(deliveries)), of: subscription) }
        if case .closed(let code)? = held.dropFirst(deliveries.count).first { return unsubscribe(subscription, code) }
        guard subscription.channel.options.hasPresence, let identity = session.identity else { return }
        subscription.present = identity
        subscription.channel.join(identity)
    }

    /// The server ends a subscription, and tells the client.
    func unsubscribe(from name: String, _ code: UnsubscribeCode) {
        if let subscription = subscriptions[name] { unsubscribe(subscription, code) }
    }

    /// The server ends a subscription, and tells the client: after the answer, where that is still to come.
    func unsubscribe(_ subscription: Subscription, _ code: UnsubscribeCode) {
        guard isCurrent(subscription) else { return }
        guard subscription.held == nil else { return subscription.hold([.closed(code)]) }
        // Clients do not make the server's subscriptions anew: they connect again instead.
        if subscription.isServerSide, code == .insufficient { return disconnect(.insufficientState) }
        let name = subscription.channel.name
        subscriptions[name] = nil
        leave(subscription)
        push(PushWriter.unsubscribe(channel: name, code: code))
        _ = session.unsubscribedByServer(channel: name)
        resume(name)
    }

    /// Whether a subscription has not ended.
    func isCurrent(_ subscription: Subscription) -> Bool { subscriptions[subscription.channel.name] === subscription }

    /// Detaches a subscription that is no longer in `subscriptions`, or is about to leave it.
    func leave(_ subscription: Subscription) {
        shard.unsubscribe(subscription)
        subscription.expiryTimer?.cancel()
        subscription.expiryTimer = nil
        if subscription.backlog != nil {
            subscription.backlog = nil
            behind.removeAll { $0 === subscription }
        }
        let channel = subscription.channel
        if let identity = subscription.present {
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            leaving[channel.name] = eventLoop.scheduleTask(in: TimeAmount(channel.options.leaveDelay)) {
                bound.value.leaving[channel.name] = nil
                channel.leave(identity)
            }
        }
        guard channel.options.countsViewers else { return }
        viewedChannels -= 1
        if viewedChannels == 0 { hub.viewersChanged(by: -1) }
    }

    /// The subscription is good for so long, and a little longer in which the client may bring a new token.
    func expires(_ subscription: Subscription, _ expiry: Expiry?) {
        subscription.expiryTimer?.cancel()
        subscription.expiryTimer = expiry.map { expiry in
            let bound = NIOLoopBound((self, subscription), eventLoop: eventLoop)
            return eventLoop.scheduleTask(in: .seconds(Int64(expiry.seconds)) + TimeAmount(hub.options.expiryGrace)) {
                let (connection, subscription) = bound.value
                if connection.life == .open { connection.unsubscribe(subscription, .expired) }
            }
        }
    }

    private func enter(_ subscription: Subscription) {
        let channel = subscription.channel
        subscriptions[channel.name] = subscription
        // It was gone for so short a time that nobody has been told.
        if let leave = leaving.removeValue(forKey: channel.name) {
            leave.cancel()
            // If it goes before it is told of the new subscription, others are to learn of that.
            subscription.present = session.identity
        }
        guard channel.options.countsViewers else { return }
        viewedChannels += 1
        if viewedChannels == 1 { hub.viewersChanged(by: 1) }
    }

    /// Answers with what the client has missed, or with the state where that cannot be told.
    private func recover(
        _ subscription: Subscription,
        from position: StreamPosition,
        _ result: SubscribeResult,
        _ snapshot: Snapshot,
        _ answer: @escaping (Result<SubscribeResult, ClientError>) -> Void
    ) {
        guard position.epoch == subscription.channel.epoch, position.offset <= subscription.startOffset else {
            return finish(subscription, result, snapshot, answer)
        }
        let bound = NIOLoopBound((self, subscription, answer), eventLoop: eventLoop)
        subscription.channel.history(HistoryRequest(since: position)) { [eventLoop] outcome in
            eventLoop.onLoop {
                let (connection, subscription, answer) = bound.value
                guard connection.life == .open, connection.isCurrent(subscription) else { return }
                guard case .success(let page) = outcome, page.byteCount <= connection.hub.options.maximumReplyBytes
                else { return connection.finish(subscription, result, snapshot, answer) }
                connection.shard.start(subscription, at: page.position.offset)
                var result = result
                result.position = page.position
                result.recovered = page.publications
                answer(.success(result))
            }
        }
    }

    /// Answers as soon as the state is encoded: at once when somebody has asked for it before.
    private func finish(
        _ subscription: Subscription,
        _ result: SubscribeResult,
        _ snapshot: Snapshot,
        _ answer: @escaping (Result<SubscribeResult, ClientError>) -> Void
    ) {
        let bound = NIOLoopBound((self, subscription, answer), eventLoop: eventLoop)
        snapshot.whenEncoded(on: hub.encodeSnapshot, compressor: compressor) { [eventLoop] encoded in
            eventLoop.onLoop {
                let (connection, subscription, answer) = bound.value
                // The connection may have ended while the snapshot was encoded.
                guard connection.life == .open, connection.isCurrent(subscription) else { return }
                guard encoded.bytes.readableBytes <= connection.hub.options.maximumReplyBytes else {
                    connection.subscriptions[subscription.channel.name] = nil
                    connection.leave(subscription)
                    return answer(.failure(.limitExceeded))
                }
                var result = result
                result.snapshot = encoded
                answer(.success(result))
            }
        }
    }
}
