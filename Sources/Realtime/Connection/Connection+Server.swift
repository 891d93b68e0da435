internal import NIOCore

/// Subscriptions that the server makes.
extension Connection {
    /// Subscribes the client to all channels of its acceptance before it is told that it is connected.
    func greet(
        _ acceptance: ConnectAcceptance,
        positions: [String: StreamPosition],
        _ whenDone: @escaping (Result<Welcome, ClientError>) -> Void
    ) {
        let greeting = Greeting(acceptance, whenDone: whenDone)
        self.greeting = greeting
        for name in acceptance.channels where session.subscribedByServer(channel: name) {
            prepare(SubscribeRequest(channel: name)) { [unowned self] prepared in
                switch prepared {
                case .failure(let error):
                    greeting.fail(error)
                case .success(let grant):
                    attach(name, recovery: positions[name], grant, isServerSide: true) { outcome in
                        switch outcome {
                        case .success(let result): greeting.subscribed(to: name, result)
                        case .failure(let error): greeting.fail(error)
                        }
                    }
                }
            }
        }
    }

    /// Subscribes a connected client to one more channel, and tells it.
    func subscribeByServer(to name: String) {
        guard isConnected, session.subscribedByServer(channel: name) else { return }
        prepare(SubscribeRequest(channel: name)) { [unowned self] prepared in
            // The client may have left it meanwhile, and even come back by itself.
            guard session.isSubscribed(to: name), subscriptions[name] == nil else { return }
            guard case .success(let grant) = prepared else {
                _ = session.unsubscribedByServer(channel: name)
                return
            }
            attach(name, recovery: nil, grant, isServerSide: true) { [unowned self] outcome in
                guard case .success(let result) = outcome else {
                    _ = session.unsubscribedByServer(channel: name)
                    return
                }
                push(PushWriter.subscribe(channel: name, result))
                subscribed(name)
            }
        }
    }

    /// Begins a one-way stream: its client can say nothing after its request.
    ///
    /// - Parameters:
    ///   - request: who it is, as `connect` would say it.
    ///   - channels: what it wants to see.
    ///   - positions: where it stands in some of them.
    ///   - whenDone: told that the stream has begun, or why not.
    func begin(
        _ request: ConnectRequest,
        channels: [String],
        positions: [String: StreamPosition],
        _ whenDone: @escaping (Result<Void, ClientError>) -> Void
    ) {
        let answer: ConnectAnswer
        switch application.connect(request) {
        case .accepted(var acceptance):
            acceptance.channels += channels.filter { !acceptance.channels.contains($0) }
            oneWayChannels = acceptance.channels
            answer = .accepted(acceptance)
        case let other: answer = other
        }
        switch session.connectAnswered(id: 0, answer, positions: positions) {
        case .greet(_, let acceptance, let positions):
            greet(acceptance, positions: positions) { [unowned self] result in
                greeting = nil
                switch result {
                case .success(let welcome):
                    begun(welcome)
                    whenDone(.success(()))
                case .failure(let error):
                    whenDone(.failure(error))
                }
            }
        case .replyConnected(_, let acceptance):
            begun(Welcome(acceptance: acceptance))
            whenDone(.success(()))
        case .fail(_, let error): whenDone(.failure(error))
        case .disconnect(let disconnect): whenDone(.failure(ClientError(disconnect)))
        default: whenDone(.failure(.internal))
        }
    }

    /// The stream's first push says who the client is and where its channels stand.
    private func begun(_ welcome: Welcome) {
        guard life == .open else { return }
        _ = session.greeted(id: 0, .success(welcome.acceptance))
        var welcome = welcome
        welcome.expectsPong = false
        if let stream = wire.stream {
            let frame = PushWriter.push(channel: nil) { [hub] json in
                ReplyWriter.writeConnected(welcome, options: hub.options, into: &json)
            }
            let bytes = OneWayWriter.push(frame.payload, format: stream.format, id: positions(of: stream))
            push(opaque: bytes, isReply: true)
        }
        expires(welcome.acceptance.expiry)
        startPings()
        for (channel, _) in welcome.subscriptions { subscribed(channel) }
    }

    /// Where all channels of a one-way stream stand, as an event's id; `nil` in a format without ids.
    func positions(of stream: OneWayStream) -> String? {
        guard case .eventStream = stream.format else { return nil }
        return OneWayWriter.id(
            of: oneWayChannels.map { name in
                subscriptions[name].flatMap { subscription in
                    subscription.channel.options.hasHistory
                        ? StreamPosition(epoch: subscription.channel.epoch, offset: subscription.startOffset) : nil
                }
            }
        )
    }
}
