package import Logging
package import NIOCore

/// What a client of a one-way stream asks for in its request.
package struct OneWayRequest: Sendable {
    package var format: OneWayStream.Format
    /// What it wants to see; at least one.
    package var channels: [String]
    /// Where it stands in some of them.
    package var positions: [String: StreamPosition] = [:]
    package var token: String?
    /// As in `connect.data`: raw JSON.
    package var data: ByteBuffer?

    package init(format: OneWayStream.Format, channels: [String]) {
        self.format = format
        self.channels = channels
    }
}

extension Hub {
    /// Opens a one-way stream: the same connection as a WebSocket's to the hub, with the same limits.
    ///
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - application: says who it is and what it may see.
    ///   - eventLoop: owns the connection.
    ///   - logger: told when the connection ends.
    ///   - cut: ends the response at once, for a peer that does not take what it is sent; called on any thread.
    /// - Returns: what goes into the response's body; `ended` must be called on it when the response has ended.
    /// - Throws: why it is not to be; a disconnect's code where `connect` would be answered with one.
    package func openStream(
        _ request: OneWayRequest,
        application: any RealtimeApplication,
        eventLoop: any EventLoop,
        logger: Logger,
        cut: @escaping @Sendable () -> Void
    ) async throws(ClientError) -> OneWayStream {
        guard request.channels.count <= options.maximumSubscriptions else { throw .limitExceeded }
        let promise = eventLoop.makePromise(of: Result<OneWayStream, ClientError>.self)
        eventLoop.execute {
            self.begin(request, application, eventLoop, logger, cut, promise)
        }
        do {
            return try await promise.futureResult.get().get()
        } catch let error as ClientError {
            throw error
        } catch {
            throw .internal
        }
    }

    /// Opens it, on its loop.
    func begin(
        _ request: OneWayRequest,
        _ application: any RealtimeApplication,
        _ eventLoop: any EventLoop,
        _ logger: Logger,
        _ cut: @escaping @Sendable () -> Void,
        _ promise: EventLoopPromise<Result<OneWayStream, ClientError>>
    ) {
        let held = NIOLoopBoundBox<Connection?>(nil, eventLoop: eventLoop)
        let stream = OneWayStream(format: request.format, cut: cut) {
            eventLoop.execute {
                held.value?.channelGone()
                held.value = nil
            }
        }
        let connection = Connection(
            hub: self,
            application: application,
            logger: logger,
            eventLoop: eventLoop,
            wire: Wire(stream)
        )
        held.value = connection
        connection.start()
        guard connection.life == .open else {
            connection.channelGone()
            return promise.succeed(.failure(ClientError(.shutdown)))
        }
        let connect = ConnectRequest(client: connection.client, token: request.token, data: request.data)
        connection.begin(connect, channels: request.channels, positions: request.positions) { result in
            if case .failure = result { connection.channelGone() }
            promise.succeed(result.map { stream })
        }
    }
}
