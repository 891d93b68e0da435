internal import Logging
internal import NIOCore
internal import NIOHTTP1

extension ConnectionHandler {
    /// Takes the next thing that came, and handles what can be handled now.
    func enqueue(_ item: ConnectionItem, _ context: ChannelHandlerContext) {
        guard state.phase != .closing, state.phase != .upgraded else { return }
        waiting.append(item)
        drain(context)
        guard waiting.count <= options.maximumWaitingParts else {
            waiting.removeAll()
            return context.close(promise: nil)
        }
    }

    /// Handles what waits, as far as the current request allows.
    func drain(_ context: ChannelHandlerContext) {
        while let item = waiting.first, state.isReady(for: item) {
            waiting.removeFirst()
            switch item {
            case .part(.head(let head)): receive(head, context)
            case .part(.body(let body)): receive(body, context)
            case .part(.end(let trailers)): receiveEnd(trailers, context)
            case .failure(let error): fail(error, context)
            case .inputClosed: receiveInputClosed(context)
            }
        }
    }

    /// The response has ended and so has its request: the next one's turn.
    func awaitNextRequest(_ context: ChannelHandlerContext) {
        guard !state.isQuiescing else { return context.close(promise: nil) }
        state.phase = .idle
        setDeadline(options.idleTimeout)
        guard !waiting.isEmpty else { return releaseReads(context) }
        drain(context)
        context.fireChannelReadComplete()
        releaseReads(context)
    }

    /// The deadline of the current phase has passed.
    func deadlinePassed(_ context: ChannelHandlerContext) {
        switch state.phase {
        case .arriving, .upgradeArriving:
            refuse(.timeout, context)
        case .receiving where !state.wantsBytes:
            // Nobody reads at the moment, so the peer cannot be late.
            setDeadline(options.bodyDeadline)
        case .receiving where !state.isResponseBegun:
            refuse(.timeout, context)
        case .idle, .receiving, .discarding, .closing:
            context.close(promise: nil)
        case .deciding, .attaching, .answering, .upgraded:
            break
        }
    }

    private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if let refusal = RequestCheck.refusal(of: head) {
            return refuse(refusal, context)
        }
        var head = head
        head.uri = RequestCheck.originForm(of: head) ?? head.uri
        if RequestCheck.asksForWebSocket(head), !state.isPassed {
            guard !state.isAttached else { return refuse(.lateUpgrade, context) }
            guard !RequestCheck.announcesBody(head) else { return refuse(.malformedUpgrade, context) }
            state.phase = .upgradeArriving
            upgradeRequest = head
            return
        }
        guard state.isAttached else {
            waiting.prepend(.part(.head(head)))
            state.phase = .attaching
            setDeadline(nil)
            return settle(.http)
        }
        state.beginRequest(head)
        setDeadline(options.bodyDeadline)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func receive(_ body: ByteBuffer, _ context: ChannelHandlerContext) {
        guard state.phase != .upgradeArriving else { return refuse(.malformedUpgrade, context) }
        if state.phase == .receiving { setDeadline(options.bodyDeadline) }
        context.fireChannelRead(wrapInboundOut(.body(body)))
    }

    private func receiveEnd(_ trailers: HTTPHeaders?, _ context: ChannelHandlerContext) {
        if state.phase == .upgradeArriving {
            return decide(context)
        }
        context.fireChannelRead(wrapInboundOut(.end(trailers)))
        if state.phase == .discarding {
            awaitNextRequest(context)
        } else {
            state.phase = .answering
            setDeadline(nil)
        }
    }

    private func fail(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
        logger.debug("Unreadable request", metadata: ["error.type": "\(error)"])
        switch state.phase {
        case .receiving where state.isResponseBegun, .discarding: context.close(promise: nil)
        default: refuse(Refusal(error), context)
        }
    }

    private func receiveInputClosed(_ context: ChannelHandlerContext) {
        guard state.isAttached else { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
}
