internal import NIOCore

extension Connection {
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
        case .success(let publication):
            // In a channel that lets writes wait, the answer leaves with the client's own publication.
            let waits = isSubscribed && options.writeDelay > .zero
            let isTaken = channel.publish(
                publication,
                from: identity,
                whenDone: answering(id: id, atOnce: !waits) { _, buffer in
                    ReplyWriter.writeEmpty("publish", id: id, into: &buffer)
                }
            )
            if !isTaken { fail(id: id, .notAvailable) }
        }
    }

    /// Answers a question about a channel that the client is subscribed to.
    func answer(id: UInt32, _ query: SessionAction.Query) {
        guard let channel = hub.channel(named: query.channel) else { return fail(id: id, .unknownChannel) }
        switch query {
        case .presence, .presenceStats:
            guard channel.options.hasPresence else { return fail(id: id, .notAvailable) }
            channel.presence(
                whenDone: answering(id: id) { clients, buffer in
                    if case .presence = query {
                        ReplyWriter.writePresence(clients, id: id, into: &buffer)
                    } else {
                        ReplyWriter.writePresenceStats(clients, id: id, into: &buffer)
                    }
                }
            )
        case .history(let parameters):
            guard channel.options.hasHistory else { return fail(id: id, .notAvailable) }
            channel.history(
                request(parameters, epoch: channel.epoch),
                whenDone: answering(id: id) { page, buffer in
                    ReplyWriter.writeHistory(page, id: id, into: &buffer)
                }
            )
        }
    }

    private func request(_ parameters: HistoryParameters, epoch: String) -> HistoryRequest {
        let most = hub.options.maximumHistoryPublications
        guard parameters.limit != 0 else { return HistoryRequest(limit: 0) }
        var since = parameters.since
        // Without an epoch the client means the numbering of now.
        if since?.epoch.isEmpty == true { since?.epoch = epoch }
        return HistoryRequest(
            since: since,
            limit: parameters.limit < 0 ? most : min(most, parameters.limit),
            isReverse: parameters.isReverse
        )
    }

    /// Makes of a broker's answer the reply to a command, back on the loop.
    private func answering<Value: Sendable>(
        id: UInt32,
        atOnce: Bool = true,
        _ write: @escaping @Sendable (Value, inout ByteBuffer) -> Void
    ) -> @Sendable (Result<Value, ClientError>) -> Void {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return { [eventLoop] result in
            eventLoop.onLoop {
                switch result {
                case .success(let value): bound.value.reply(atOnce: atOnce) { write(value, &$0) }
                case .failure(let error): bound.value.fail(id: id, error)
                }
            }
        }
    }
}
