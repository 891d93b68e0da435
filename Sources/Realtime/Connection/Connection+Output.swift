internal import NIOCore
internal import WebSocketCodec

extension Connection {
    /// Queues a shared frame for the end of the tick.
    func push(_ frame: Frame) {
        guard life == .open else { return }
        if let stream = wire.stream {
            outbox.append(opaque: OneWayWriter.push(frame.payload, format: stream.format, id: nil))
        } else {
            outbox.append(frame)
        }
        markDirty()
    }

    /// Queues what a channel's audience gets in this tick.
    func push(_ bundle: Bundle, of subscription: Subscription) {
        guard life == .open else { return }
        if let stream = wire.stream {
            push(bundle, of: subscription, into: stream)
        } else if compressor != nil, let compressed = bundle.compressed {
            outbox.append(opaque: compressed, publicationBytes: exempt(bundle.longestPublication, of: compressed))
        } else {
            let frame = bundle.plain
            outbox.append(frame, publicationBytes: exempt(bundle.longestPublication, of: frame.bytes))
        }
        markDirty()
    }

    /// Sends what a channel's audience gets in this tick, where nothing else is to be sent in it.
    ///
    /// Spares a broadcast the second walk over all its readers.
    func send(_ bundle: Bundle, of subscription: Subscription) {
        guard life == .open, !isDirty, outbox.isEmpty, wire.stream == nil else { return push(bundle, of: subscription) }
        let bytes = compressor == nil ? bundle.plain.bytes : bundle.compressed ?? bundle.plain.bytes
        let queued = wire.writeAndFlush(bytes) { promiseOfRoom() }
        guard queued > 0 else { return }
        count(bytes: queued, exempt: min(exempt(bundle.longestPublication, of: bytes), queued))
        checkPending()
    }

    private func push(_ bundle: Bundle, of subscription: Subscription, into stream: OneWayStream) {
        for delivery in bundle.deliveries {
            guard let frame = delivery.frame else { continue }
            if let offset = delivery.offset { subscription.startOffset = offset }
            let bytes = OneWayWriter.push(frame.payload, format: stream.format, id: positions(of: stream))
            outbox.append(opaque: bytes, publicationBytes: delivery.offset == nil ? 0 : exempt(.max, of: bytes))
        }
    }

    /// Queues bytes that are no text frame; `isReply` says that they answer the client's request.
    func push(opaque bytes: ByteBuffer, isReply: Bool = false) {
        guard life == .open else { return }
        outbox.append(opaque: bytes, replyBytes: isReply ? bytes.readableBytes : 0)
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
        if rest.isEmpty {
            let queued = wire.writeAndFlush(first.bytes) { promiseOfRoom() }
            // What the socket took at once does not wait, and needs no exemption.
            count(bytes: queued, exempt: min(first.exemptBytes, queued))
        } else {
            let entries = [first] + rest
            wire.writeAndFlush(entries.map(\.bytes)) { promiseOfRoom() }
            for entry in entries { count(bytes: entry.bytes.readableBytes, exempt: entry.exemptBytes) }
        }
        checkPending()
        if life == .open, !behind.isEmpty, !isClogged { markDirty() }
    }

    private func checkPending() {
        if life == .open, pending.needsMeasuring, pending.measured(wire.waitingBytes) { disconnect(.slow) }
    }

    private func count(bytes: Int, exempt: Int) {
        guard bytes > 0 else { return }
        pending.wrote(bytes)
        if exempt > 0 { pending.endsWithExempt(exempt) }
    }

    /// Of a publication of so many bytes, how many need not count: no more than a reply may have.
    private func exempt(_ publicationBytes: Int, of bytes: ByteBuffer) -> Int {
        min(publicationBytes, bytes.readableBytes, hub.options.maximumReplyBytes)
    }

    /// The socket takes bytes again, or takes no more for now.
    func writabilityChanged(isWritable: Bool) {
        guard isWritable, let payload = unansweredPing else { return }
        unansweredPing = nil
        answer(ping: payload)
    }

    /// What is held back for a subscription counts like what waits in the socket's queue: one publication is exempt.
    func checkHeld(_ subscription: Subscription) {
        guard let held = subscription.held, held.bytes > hub.options.maximumPendingBytes else { return }
        let exempt = min(held.longestPublication, hub.options.maximumReplyBytes)
        if held.bytes - exempt > hub.options.maximumPendingBytes { disconnect(.slow) }
    }

    /// RFC 6455 §5.5.3: of several pings only the newest need be answered.
    func answer(ping payload: ByteBuffer) {
        guard let socket = wire.socket else { return }
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
