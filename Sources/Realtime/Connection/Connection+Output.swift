internal import NIOCore
internal import WebSocketCodec

extension Connection {
    /// Queues a shared frame for the end of the tick.
    func push(_ frame: Frame) {
        guard life == .open else { return }
        switch wire {
        case .webSocket: outbox.append(frame)
        case .oneWay(let stream):
            outbox.append(opaque: OneWayWriter.push(frame.payload, format: stream.format, id: nil))
        }
        markDirty()
    }

    /// Queues what a channel's audience gets in this tick.
    func push(_ bundle: Bundle, of subscription: Subscription) {
        guard life == .open else { return }
        switch wire {
        case .webSocket:
            if compressor != nil, let compressed = bundle.compressed {
                outbox.append(opaque: compressed)
            } else {
                outbox.append(bundle.plain)
            }
        case .oneWay(let stream):
            for delivery in bundle.deliveries {
                guard let frame = delivery.frame else { continue }
                if let offset = delivery.offset { subscription.startOffset = offset }
                outbox.append(
                    opaque: OneWayWriter.push(frame.payload, format: stream.format, id: positions(of: stream))
                )
            }
        }
        markDirty()
    }

    /// Queues bytes that are no text frame.
    func push(opaque bytes: ByteBuffer) {
        guard life == .open else { return }
        outbox.append(opaque: bytes)
        markDirty()
    }

    /// Queues one reply; those of one tick share a frame.
    ///
    /// One that need not leave `atOnce` waits for what is written next.
    func reply(atOnce: Bool = true, _ write: (inout ByteBuffer) -> Void) {
        guard life == .open else { return }
        outbox.reply(write)
        if atOnce { markDirty() }
    }

    /// Queues one reply with a shared middle.
    func reply(head: ByteBuffer, shared: Snapshot.Encoded?, tail: ByteBuffer) {
        guard life == .open else { return }
        if let part = shared?.compressed {
            let (start, middle, end) = part.frame(head: head, tail: tail)
            outbox.replyFrame(start, middle, end)
        } else {
            outbox.reply(head: head, shared: shared?.bytes ?? ByteBuffer(), tail: tail)
        }
        markDirty()
    }

    /// Answers a command with an error.
    func fail(id: UInt32, _ error: ClientError) {
        reply { ReplyWriter.write(error, id: id, into: &$0) }
    }

    /// Writes what is queued and flushes once.
    ///
    /// A reader that is too far behind is ended.
    func flush() {
        isDirty = false
        guard life != .closed else { return }
        if !isClogged { catchUp() }
        let (first, rest) = outbox.take(compressor: compressor)
        guard let first else { return }
        let queued = wire.writeAndFlush(first, rest) { promiseOfRoom() }
        if rest.isEmpty {
            // What the socket took at once does not wait, and needs no exemption.
            count(bytes: queued, reply: min(first.replyBytes, queued))
        } else {
            for entry in [first] + rest { count(bytes: entry.bytes.readableBytes, reply: entry.replyBytes) }
        }
        if life == .open, pending.needsMeasuring, pending.measured(wire.waitingBytes) { return disconnect(.slow) }
        if !behind.isEmpty, !isClogged { markDirty() }
    }

    private func count(bytes: Int, reply: Int) {
        guard bytes > 0 else { return }
        pending.wrote(bytes)
        if reply > 0 { pending.endsWithReply(reply) }
    }

    /// The socket takes bytes again, or takes no more for now.
    func writabilityChanged(isWritable: Bool) {
        guard isWritable, let payload = unansweredPing else { return }
        unansweredPing = nil
        answer(ping: payload)
    }

    /// What is held back for a subscription counts like what waits in the socket's queue.
    func checkHeld(_ subscription: Subscription) {
        if let held = subscription.held, held.bytes > hub.options.maximumPendingBytes { disconnect(.slow) }
    }

    /// RFC 6455 §5.5.3: of several pings only the newest need be answered.
    func answer(ping payload: ByteBuffer) {
        guard case .webSocket(let socket) = wire else { return }
        guard socket.context.channel.isWritable else {
            // A copy, so that the buffer that it arrived in can go.
            unansweredPing = ByteBuffer(bytes: payload.readableBytesView)
            return
        }
        var frame = ByteBuffer()
        FrameEncoder.write(.pong, payload: payload, into: &frame)
        push(opaque: frame)
    }

    func markDirty() {
        guard !isDirty else { return }
        isDirty = true
        shard.flushLater(self)
    }

    /// Kept when the socket has taken what was written: then a reader that has fallen behind catches up.
    private func promiseOfRoom() -> EventLoopPromise<Void> {
        unfinishedWrites += 1
        let promise = eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.unfinishedWrites -= 1
            if !self.isClogged, !self.behind.isEmpty { self.markDirty() }
        }
        return promise
    }
}
