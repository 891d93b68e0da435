internal import Logging
internal import NIOCore
internal import WebSocketCodec

/// One client's connection: carries out what its session decides.
///
/// Bound to the channel's event loop.
final class Connection {
    /// How far the connection's life has come.
    enum Life {
        case open
        /// Our close frame is on its way; the peer's answer, or the timer, closes the channel.
        case closing
        case closed
    }

    let hub: Hub
    let application: any RealtimeApplication
    let eventLoop: any EventLoop
    let shard: Shard
    let client = RandomID.uuid()
    var session: ClientSession
    var subscriptions: [String: Subscription] = [:]
    /// How many of the subscriptions make it a viewer.
    var viewedChannels = 0
    private(set) var life = Life.open

    private let context: ChannelHandlerContext
    private let logger: Logger
    private var socket: SocketWriter
    private var heartbeat: Heartbeat
    private var timer: Scheduled<Void>?
    private var outbox = Outbox()
    private var pending: PendingBytes
    private var isDirty = false
    /// The newest ping that waits for the socket to become writable; those before it are let go.
    private var unansweredPing: ByteBuffer?

    init(
        hub: Hub,
        application: any RealtimeApplication,
        logger: Logger,
        context: ChannelHandlerContext,
        socket: SocketWriter
    ) {
        self.hub = hub
        self.application = application
        self.logger = logger
        self.context = context
        self.socket = socket
        eventLoop = context.eventLoop
        shard = hub.shard(of: eventLoop)
        session = ClientSession(options: hub.options, now: eventLoop.now)
        heartbeat = Heartbeat(options: hub.options, now: eventLoop.now)
        pending = PendingBytes(limit: hub.options.maximumPendingBytes)
    }

    /// Joins the shard and starts the clock.
    func start() {
        guard shard.add(self) else { return disconnect(.shutdown) }
        scheduleTimer()
    }

    /// The channel is gone: leaves everything.
    func channelGone() {
        guard life != .closed else { return }
        life = .closed
        leaveAll()
        timer?.cancel()
        timer = nil
        outbox.clear()
        shard.remove(self)
    }

    // MARK: In

    /// A message or control frame has come.
    func receive(_ event: WebSocketEvent) {
        switch event {
        case .close(let status): receiveClose(status)
        // RFC 6455 §5.5.1: data that comes while we close is of no interest.
        case _ where life != .open: break
        case .text(let frame): receive(frame)
        case .binary: disconnect(code: 1003, reason: "text frames only")
        case .ping(let payload): answer(ping: payload)
        case .pong: break
        }
    }

    /// The peer has broken RFC 6455: it is told so, and nothing more is read.
    func fail(_ error: WebSocketError) {
        guard life == .open else { return context.close(promise: nil) }
        logger.debug("websocket error", metadata: ["ws.close_code": "\(error.closeCode)"])
        disconnect(code: error.closeCode, reason: "")
        flush()
        // No answer can be read any more. Our end of the stream tells the peer that nothing will follow.
        context.close(mode: .output, promise: nil)
    }

    private func receive(_ frame: ByteBuffer) {
        let lines = CommandParser.lines(of: frame)
        guard !lines.isEmpty else { return perform(session.receiveMalformed()) }
        for line in lines where life == .open {
            do throws(CommandParser.Failure) {
                let command = try CommandParser.parse(line)
                if case .pong = command.request { heartbeat.pong() }
                perform(session.receive(command, now: eventLoop.now))
            } catch {
                perform(session.receiveMalformed())
            }
        }
    }

    // MARK: Out

    /// Queues whole frames for the end of the tick.
    func push(_ frames: ByteBuffer) {
        guard life == .open else { return }
        outbox.append(frames)
        markDirty()
    }

    /// Queues one reply; those of one tick share a frame.
    func reply(_ write: (inout ByteBuffer) -> Void) {
        guard life == .open else { return }
        outbox.reply(write)
        markDirty()
    }

    /// Queues one reply with a shared middle.
    func reply(head: ByteBuffer, shared: ByteBuffer, tail: ByteBuffer) {
        guard life == .open else { return }
        outbox.reply(head: head, shared: shared, tail: tail)
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
        let (first, rest) = outbox.take()
        guard let first else { return }
        if rest.isEmpty {
            let queued = socket.writeAndFlush(first.bytes)
            guard queued > 0 else { return }
            pending.wrote(queued)
            // What the socket took at once does not wait, and needs no exemption.
            if first.replyBytes > 0 { pending.endsWithReply(min(first.replyBytes, queued)) }
        } else {
            count(first)
            for entry in rest { count(entry) }
            socket.writeAndFlush(first.bytes, rest.lazy.map(\.bytes))
        }
        if life == .open, pending.needsMeasuring, pending.measured(socket.waitingBytes) { disconnect(.slow) }
    }

    private func count(_ entry: Outbox.Entry) {
        pending.wrote(entry.bytes.readableBytes)
        if entry.replyBytes > 0 { pending.endsWithReply(entry.replyBytes) }
    }

    /// The socket takes bytes again, or takes no more for now.
    func writabilityChanged() {
        guard context.channel.isWritable, let payload = unansweredPing else { return }
        unansweredPing = nil
        answer(ping: payload)
    }

    /// What is held back for a subscription counts like what waits in the socket's queue.
    func checkHeld(_ subscription: Subscription) {
        if subscription.heldBytes > hub.options.maximumPendingBytes { disconnect(.slow) }
    }

    /// RFC 6455 §5.5.3: of several pings only the newest need be answered.
    private func answer(ping payload: ByteBuffer) {
        guard context.channel.isWritable else {
            // A copy, so that the buffer that it arrived in can go.
            unansweredPing = ByteBuffer(bytes: payload.readableBytesView)
            return
        }
        var frame = ByteBuffer()
        FrameEncoder.write(.pong, payload: payload, into: &frame)
        push(frame)
    }

    private func markDirty() {
        guard !isDirty else { return }
        isDirty = true
        shard.flushLater(self)
    }

    // MARK: End

    /// Ends the connection for a reason of the client protocol.
    func disconnect(_ disconnect: Disconnect) {
        guard life == .open else { return }
        hub.counters.ended(with: disconnect)
        // A slow reader is the operator's business; the rest is the client's own.
        logger.log(
            level: disconnect == .slow ? .info : .debug,
            "client disconnected",
            metadata: ["ws.close_code": "\(disconnect.code)", "ws.close_reason": "\(disconnect.reason)"]
        )
        // It will come back and take the snapshot: what it has not got is of no use to it.
        if disconnect == .slow { outbox.clear() }
        self.disconnect(code: disconnect.code, reason: disconnect.reason)
    }

    /// Queues the close frame; what was queued before goes first, nothing goes after it (RFC 6455 §5.5.1).
    private func disconnect(code: UInt16, reason: String) {
        guard life == .open else { return }
        leaveAll()
        push(Self.closeFrame(CloseStatus(code: code, reason: reason)))
        life = .closing
        waitForClose()
    }

    /// The peer's close frame: the answer to ours, or one to be answered (RFC 6455 §5.5.1).
    private func receiveClose(_ status: CloseStatus?) {
        switch life {
        case .closed: break
        case .closing:
            flush()
            context.close(promise: nil)
        case .open:
            leaveAll()
            push(Self.closeFrame(status.map { CloseStatus(code: $0.code) }))
            life = .closing
            flush()
            waitForClose()
            // The server closes first (RFC 6455 §7.1.1), after its answer has left.
            let channel = context.channel
            context.writeAndFlush(NIOAny(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    /// Cuts the peer off when it does not answer: after one timeout, or as many as it goes on taking what waits for it.
    private func waitForClose(waiting: Int = .max, patience: Int = maximumClosingRounds) {
        timer?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(in: TimeAmount(hub.options.closeTimeout)) {
            let connection = bound.value
            guard connection.life == .closing else { return }
            let stillWaiting = connection.socket.waitingBytes
            if stillWaiting > 0, stillWaiting < waiting, patience > 1 {
                connection.waitForClose(waiting: stillWaiting, patience: patience - 1)
            } else {
                connection.context.close(promise: nil)
            }
        }
    }

    /// How many timeouts a peer gets that reads slowly: 12, a minute by default.
    private static let maximumClosingRounds = 12

    private func leaveAll() {
        session.ended()
        for subscription in subscriptions.values { leave(subscription) }
        subscriptions = [:]
        unansweredPing = nil
    }

    private static func closeFrame(_ status: CloseStatus?) -> ByteBuffer {
        var frame = ByteBuffer()
        FrameEncoder.writeClose(status, into: &frame)
        return frame
    }

    // MARK: Time

    /// The client has connected: pings begin.
    func startPings() {
        heartbeat.connected(now: eventLoop.now)
        scheduleTimer()
    }

    private func scheduleTimer() {
        timer?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(deadline: heartbeat.deadline) { bound.value.timerFired() }
    }

    private func timerFired() {
        guard life == .open else { return }
        switch heartbeat.outcome(now: eventLoop.now) {
        case .wait: break
        case .ping: push(Self.pingFrame)
        case .disconnect(let disconnect): return self.disconnect(disconnect)
        }
        scheduleTimer()
    }

    /// The server's ping of the client protocol: a text frame with the empty object.
    private static let pingFrame: ByteBuffer = {
        var frame = ByteBuffer()
        FrameEncoder.write(.text, payload: ByteBuffer(string: "{}"), into: &frame)
        return frame
    }()
}
