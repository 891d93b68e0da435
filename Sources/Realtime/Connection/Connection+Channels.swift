internal import NIOCore

extension Connection {
    /// Subscribes: from the moment of attaching on nothing is missed, and nothing is sent before the answer.
    func attach(id: UInt32, _ parameters: SubscribeParameters) {
        guard
            let channel = hub.channel(named: parameters.channel),
            let (subscription, snapshot) = shard.subscribe(self, to: channel)
        else {
            fail(id: id, .unknownChannel)
            session.subscribeAnswered(channel: parameters.channel, isSubscribed: false)
            return
        }
        enter(subscription)
        var result = SubscribeResult(wasRecovering: parameters.recover && channel.options.hasHistory)
        if channel.options.hasHistory {
            result.position = StreamPosition(epoch: channel.epoch, offset: subscription.startOffset)
            result.isRecovered =
                parameters.recover && parameters.epoch == channel.epoch
                && parameters.offset == subscription.startOffset
        }
        guard let snapshot, !result.isRecovered else {
            return answer(id: id, subscription, result, snapshot: nil)
        }
        answer(id: id, subscription, result, when: snapshot)
    }

    /// Publishes for the client.
    func publish(id: UInt32, _ parameters: PublishParameters, isSubscribed: Bool, isPrepared: Bool) {
        guard let identity = session.identity else { return }
        guard let channel = hub.channel(named: parameters.channel) else {
            if isPrepared { return fail(id: id, .unknownChannel) }
            return perform(session.needsPreparation(id: id, parameters))
        }
        let options = channel.options
        guard options.clientsMayPublish, isSubscribed || !options.publishingNeedsSubscription else {
            return fail(id: id, .permissionDenied)
        }
        switch application.publish(channel: parameters.channel, data: parameters.data, from: identity) {
        case .failure(let error):
            fail(id: id, error)
        case .success(let data):
            guard channel.publish(clientData: data, from: identity) else { return fail(id: id, .notAvailable) }
            reply { ReplyWriter.writeEmpty("publish", id: id, into: &$0) }
        }
    }

    /// The channel has ended, and the subscription with it.
    func unsubscribedByServer(_ subscription: Subscription, frame: ByteBuffer) {
        let name = subscription.channel.name
        guard subscriptions[name] === subscription else { return }
        subscriptions[name] = nil
        leave(subscription)
        push(frame)
        _ = session.unsubscribedByServer(channel: name)
        resume(name)
    }

    /// Detaches a subscription that is no longer in `subscriptions`, or is about to leave it.
    func leave(_ subscription: Subscription) {
        shard.unsubscribe(subscription)
        guard subscription.channel.options.countsViewers else { return }
        viewedChannels -= 1
        if viewedChannels == 0 { hub.viewersChanged(by: -1) }
    }

    private func enter(_ subscription: Subscription) {
        subscriptions[subscription.channel.name] = subscription
        guard subscription.channel.options.countsViewers else { return }
        viewedChannels += 1
        if viewedChannels == 1 { hub.viewersChanged(by: 1) }
    }

    /// Answers as soon as the snapshot is encoded: at once when somebody has asked for it before.
    private func answer(id: UInt32, _ subscription: Subscription, _ result: SubscribeResult, when snapshot: Snapshot) {
        let bound = NIOLoopBound((self, subscription), eventLoop: eventLoop)
        snapshot.whenEncoded(on: hub.encodeSnapshot) { [eventLoop] bytes in
            let finish = { @Sendable in
                let (connection, subscription) = bound.value
                connection.answer(id: id, subscription, result, snapshot: bytes)
            }
            if eventLoop.inEventLoop { finish() } else { eventLoop.execute(finish) }
        }
    }

    /// Sends the answer, then what came after its position, and goes on with what waited on the channel.
    private func answer(id: UInt32, _ subscription: Subscription, _ result: SubscribeResult, snapshot: ByteBuffer?) {
        let name = subscription.channel.name
        // The connection may have ended while the snapshot was encoded.
        guard life == .open, subscriptions[name] === subscription else { return }
        if let snapshot, snapshot.readableBytes > hub.options.maximumReplyBytes {
            subscriptions[name] = nil
            leave(subscription)
            fail(id: id, .limitExceeded)
            session.subscribeAnswered(channel: name, isSubscribed: false)
            return resume(name)
        }
        let (head, tail) = ReplyWriter.subscribed(result, hasSnapshot: snapshot != nil, id: id)
        reply(head: head, shared: snapshot ?? ByteBuffer(), tail: tail)
        session.subscribeAnswered(channel: name, isSubscribed: true)
        for delivery in shard.release(subscription) {
            switch delivery {
            case .publication(_, let frame):
                push(frame)
            case .closed(let code):
                unsubscribedByServer(subscription, frame: PushWriter.unsubscribe(channel: name, code: code))
            }
        }
        resume(name)
    }
}
