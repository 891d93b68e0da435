internal import Logging
internal import NIOCore
internal import NIOHTTP1

extension ConnectionHandler {
    /// Asks the router about the upgrade request, which has ended; until it answers nothing is read.
    func decide(_ context: ChannelHandlerContext) {
        guard let head = upgradeRequest else { return }
        state.phase = .deciding
        setDeadline(nil)
        router.decide(head, channel: context.channel)
            .hop(to: context.eventLoop)
            .assumeIsolated()
            .whenComplete { result in self.decided(result, head, context) }
    }

    /// Answers with a response that is the connection's last.
    func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        settle(.settled)
        let body = refusal.body
        let written = context.eventLoop.makePromise(of: Void.self)
        context.write(wrapOutboundOut(.head(refusal.head(bodyBytes: body.readableBytes))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        close(context, after: written.futureResult)
    }

    /// Closes without losing what was written: first our side, then, when the peer has closed its own or time is up, all.
    ///
    /// Closing at once would answer unread bytes with a reset, which can overtake the response on its way.
    func close(_ context: ChannelHandlerContext, after written: EventLoopFuture<Void>) {
        state.phase = .closing
        waiting.removeAll()
        setDeadline(options.lingerTimeout)
        releaseReads(context)
        written.assumeIsolated().whenComplete { _ in
            guard self.state.phase == .closing else { return }
            self.state.isFlushed = true
            context.close(mode: self.state.isInputClosed ? .all : .output, promise: nil)
        }
    }

    private func decided(
        _ result: Result<UpgradeDecision, any Error>,
        _ head: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) {
        // The connection may have ended meanwhile.
        guard state.phase == .deciding else { return }
        guard !state.isInputClosed else { return context.close(promise: nil) }
        switch result {
        case .success(.pass):
            state.isPassed = true
            state.phase = .arriving
            waiting.prepend(.part(.end(nil)))
            waiting.prepend(.part(.head(head)))
            drain(context)
        case .success(.refuse(let status, let headers, let code, let message)):
            refuse(Refusal(status, headers: headers, code, message), context)
        case .success(.accept) where state.isQuiescing:
            refuse(.shuttingDown, context)
        case .success(.accept) where !RequestCheck.endsDecoding(head):
            // The decoder would take the frames that follow for requests.
            refuse(.malformedUpgrade, context)
        case .success(.accept(let headers, let install)):
            accept(headers: headers, install: install, context)
        case .failure(let error):
            logger.error("Upgrade request could not be decided", metadata: ["error.type": "\(type(of: error))"])
            refuse(Refusal(.internalError), context)
        }
    }

    /// Writes 101 and hands the pipeline over.
    ///
    /// What follows is installed before the decoder is removed, which then delivers the bytes that it has kept.
    private func accept(
        headers: HTTPHeaders,
        install: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>,
        _ context: ChannelHandlerContext
    ) {
        let channel = context.channel
        let pipeline = channel.pipeline.syncOperations
        state.phase = .upgraded
        waiting.removeAll()
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // From here on the end of the peer's input is the end of the connection.
        channel.setOption(.allowRemoteHalfClosure, value: false)
            .assumeIsolated()
            .flatMap { self.removeHandlersAround(pipeline) }
            .flatMap { install(channel) }
            .flatMap { pipeline.removeHandler(self) }
            .flatMap { pipeline.removeHandler(self.codec.decoder) }
            .whenComplete { result in
                switch result {
                case .success:
                    channel.pipeline.fireChannelReadComplete()
                    channel.read()
                case .failure(let error):
                    self.logger.debug("Upgrade not completed", metadata: ["error.type": "\(type(of: error))"])
                    channel.close(promise: nil)
                }
            }
    }

    /// Removes what works on HTTP messages and what watched for them, but the decoder, which still holds bytes.
    private func removeHandlersAround(_ pipeline: ChannelPipeline.SynchronousOperations) -> EventLoopFuture<Void> {
        let encoder = pipeline.removeHandler(codec.encoder)
        do {
            let arrival = try pipeline.context(handlerType: ArrivalHandler.self)
            return encoder.assumeIsolated().flatMap { pipeline.removeHandler(context: arrival) }.nonisolated()
        } catch {
            return encoder.eventLoop.makeFailedFuture(error)
        }
    }
}
