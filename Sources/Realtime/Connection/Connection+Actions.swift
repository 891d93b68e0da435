internal import NIOCore

extension Connection {
    /// Carries out what the session decided.
    func perform(_ action: SessionAction) {
        switch action {
        case .none:
            break
        case .connect(let id, let parameters):
            connect(id: id, parameters)
        case .greet(let id, let acceptance, let positions):
            greet(acceptance, positions: positions) { [unowned self] result in greeted(id: id, result) }
        case .replyConnected(let id, let acceptance):
            connected(id: id, Welcome(acceptance: acceptance))
        case .prepare(let request):
            prepare(request)
        case .attach(let id, let parameters, let grant):
            subscribe(id: id, parameters, grant)
        case .detach(let id, let channel):
            if let subscription = subscriptions.removeValue(forKey: channel) { leave(subscription) }
            reply { ReplyWriter.writeEmpty("unsubscribe", id: id, into: &$0) }
        case .replyUnsubscribed(let id):
            reply { ReplyWriter.writeEmpty("unsubscribe", id: id, into: &$0) }
        case .publish(let id, let parameters, let isSubscribed, let isPrepared):
            publish(id: id, parameters, isSubscribed: isSubscribed, isPrepared: isPrepared)
        case .query(let id, let query):
            answer(id: id, query)
        case .call(let id, let method, let data):
            call(id: id, method: method, data: data)
        case .refresh(let id, let token):
            refresh(id: id, token: token)
        case .subRefresh(let id, let channel, let token):
            refresh(id: id, channel: channel, token: token)
        case .fail(let id, let error):
            fail(id: id, error)
        case .disconnect(let disconnect):
            self.disconnect(disconnect)
        }
    }

    /// Goes on with the commands that waited for one on this channel.
    func resume(_ channel: String) {
        while life == .open, let action = session.resume(channel: channel) { perform(action) }
    }

    private func connect(id: UInt32, _ parameters: ConnectParameters) {
        let request = ConnectRequest(
            client: client,
            token: parameters.token,
            data: parameters.data,
            name: parameters.name,
            version: parameters.version
        )
        let answer = application.connect(request)
        perform(session.connectAnswered(id: id, answer, positions: parameters.positions))
    }

    private func greeted(id: UInt32, _ result: Result<Welcome, ClientError>) {
        greeting = nil
        guard life == .open else { return }
        let (action, waiting) = session.greeted(id: id, result.map(\.acceptance))
        switch result {
        case .success(let welcome):
            connected(id: id, welcome)
            for (channel, _) in welcome.subscriptions { subscribed(channel) }
        case .failure:
            for subscription in subscriptions.values { leave(subscription) }
            subscriptions = [:]
            perform(action)
        }
        for command in waiting where life == .open { perform(session.receive(command, now: eventLoop.now)) }
    }

    private func connected(id: UInt32, _ welcome: Welcome) {
        reply { [hub] in ReplyWriter.writeConnected(welcome, options: hub.options, id: id, into: &$0) }
        expires(welcome.acceptance.expiry)
        startPings()
    }

    private func prepare(_ request: SubscribeRequest) {
        prepare(request) { [unowned self] result in
            perform(session.prepared(channel: request.channel, result))
            resume(request.channel)
        }
    }

    /// A documented bridge: the application's `prepare` runs as a task, its answer comes back to the loop, where `body` is
    /// called while the client is connected.
    func prepare(_ request: SubscribeRequest, _ body: @escaping (Result<SubscribeGrant, ClientError>) -> Void) {
        guard let identity = session.identity else { return }
        let bound = NIOLoopBound((self, body), eventLoop: eventLoop)
        Task(executorPreference: hub.taskExecutor) { [application, eventLoop] in
            let result: Result<SubscribeGrant, ClientError>
            do throws(ClientError) {
                result = .success(try await application.prepare(request, for: identity))
            } catch {
                result = .failure(error)
            }
            eventLoop.execute {
                let (connection, body) = bound.value
                // A client that has been refused meanwhile is nobody.
                if connection.life == .open, connection.session.identity != nil { body(result) }
            }
        }
    }

    /// A documented bridge: the call runs as a task, which goes on when the client has left.
    private func call(id: UInt32, method: String, data: ByteBuffer?) {
        guard let identity = session.identity else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        Task(executorPreference: hub.taskExecutor) { [application, eventLoop] in
            let result: Result<ByteBuffer, ClientError>
            do throws(ClientError) {
                result = .success(try await application.rpc(method: method, data: data, from: identity))
            } catch {
                result = .failure(error)
            }
            eventLoop.execute { bound.value.called(id: id, result) }
        }
    }

    private func called(id: UInt32, _ result: Result<ByteBuffer, ClientError>) {
        guard life == .open else { return }
        session.callFinished()
        switch result {
        case .success(let data) where data.readableBytes <= hub.options.maximumReplyBytes:
            reply { ReplyWriter.writeCalled(data, id: id, into: &$0) }
        case .success:
            fail(id: id, .limitExceeded)
        case .failure(let error):
            fail(id: id, error)
        }
    }

    private func refresh(id: UInt32, token: String) {
        guard let identity = session.identity else { return }
        switch application.refresh(token: token, for: identity) {
        case .extended(let expiry):
            expires(expiry)
            reply { [hub] in
                ReplyWriter.writeRefreshed(client: identity.client, expiry, options: hub.options, id: id, into: &$0)
            }
        case .failed(let error): fail(id: id, error)
        case .refused(let disconnect): self.disconnect(disconnect)
        }
    }

    private func refresh(id: UInt32, channel: String, token: String) {
        guard let identity = session.identity, let subscription = subscriptions[channel] else {
            return fail(id: id, .permissionDenied)
        }
        switch application.refresh(channel: channel, token: token, for: identity) {
        case .success(let expiry):
            expires(subscription, expiry)
            reply { ReplyWriter.writeSubRefreshed(expiry, id: id, into: &$0) }
        case .failure(let error): fail(id: id, error)
        }
    }
}
