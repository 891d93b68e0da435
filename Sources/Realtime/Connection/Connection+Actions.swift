internal import NIOCore

extension Connection {
    /// Carries out what the session decided.
    func perform(_ action: SessionAction) {
        switch action {
        case .none:
            break
        case .connect(let id, let parameters):
            connect(id: id, parameters)
        case .replyConnected(let id, let identity):
            reply { [hub] in
                ReplyWriter.writeConnected(client: identity.client, options: hub.options, id: id, into: &$0)
            }
            startPings()
        case .prepare(let channel, let data):
            prepare(channel, data: data)
        case .attach(let id, let parameters):
            attach(id: id, parameters)
        case .detach(let id, let channel):
            if let subscription = subscriptions.removeValue(forKey: channel) { leave(subscription) }
            reply { ReplyWriter.writeEmpty("unsubscribe", id: id, into: &$0) }
        case .replyUnsubscribed(let id):
            reply { ReplyWriter.writeEmpty("unsubscribe", id: id, into: &$0) }
        case .publish(let id, let parameters, let isSubscribed, let isPrepared):
            publish(id: id, parameters, isSubscribed: isSubscribed, isPrepared: isPrepared)
        case .call(let id, let method, let data):
            call(id: id, method: method, data: data)
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
        perform(session.connectAnswered(id: id, application.connect(request)))
    }

    /// A documented bridge: the application's `prepare` runs as a task, its answer comes back to the loop.
    private func prepare(_ channel: String, data: ByteBuffer?) {
        guard let identity = session.identity else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        Task { [application, eventLoop] in
            let result: Result<Void, ClientError>
            do throws(ClientError) {
                try await application.prepare(channel: channel, data: data, for: identity)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            eventLoop.execute { bound.value.prepared(channel, result) }
        }
    }

    private func prepared(_ channel: String, _ result: Result<Void, ClientError>) {
        guard life == .open else { return }
        perform(session.prepared(channel: channel, result))
        resume(channel)
    }

    /// A documented bridge: the call runs as a task, which goes on when the client has left.
    private func call(id: UInt32, method: String, data: ByteBuffer?) {
        guard let identity = session.identity else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        Task { [application, eventLoop] in
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
}
