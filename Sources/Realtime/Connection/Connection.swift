internal import Logging
internal import NIOCore
internal import WebSocketCodec

/// One client's connection: carries out what its session decides.
///
/// Bound to an event loop: its channel's, or for a one-way stream the one that it was given.
final class Connection {
    /// How far the connection's life has come.
    enum Life {
        case open
        /// Our farewell is on its way; the peer's answer, or the timer, closes the channel.
        case closing
        case closed
    }

    // What every send looks at lies together at the front, in the cache lines of the object's header.

    /// Writes of which the socket has not taken everything.
    var unfinishedWrites = 0
    var life = Life.open
    var isDirty = false
    /// Compresses for a client with which that was negotiated.
    let compressor: SharedFrameCompressor?
    var wire: Wire
    var outbox = Outbox()

    let hub: Hub
    let application: any RealtimeApplication
    let eventLoop: any EventLoop
    let shard: Shard
    let client = RandomID.uuid()
    let logger: Logger
    var session: ClientSession
    var subscriptions: [String: Subscription] = [:]
    /// How many of the subscriptions make it a viewer.
    var viewedChannels = 0
    /// Subscriptions of a reader that has fallen behind.
    var behind: [Subscription] = []

    var heartbeat: Heartbeat
    var timer: Scheduled<Void>?
    /// Ends the connection when nobody has prolonged it.
    var expiryTimer: Scheduled<Void>?
    var pending: PendingBytes
    /// The newest ping that waits for the socket to become writable; those before it are let go.
    var unansweredPing: ByteBuffer?
    /// The server's subscriptions that are being made before `connect` is answered, or before a one-way stream begins.
    var greeting: Greeting?
    /// Of channels that the client has just left: when others are told.
    var leaving: [String: Scheduled<Void>] = [:]
    /// The channels of a one-way stream, in the order of its request.
    var oneWayChannels: [String] = []

    init(
        hub: Hub,
        application: any RealtimeApplication,
        logger: Logger,
        eventLoop: any EventLoop,
        wire: Wire,
        isCompressing: Bool = false
    ) {
        self.hub = hub
        self.application = application
        self.logger = logger
        self.wire = wire
        compressor = isCompressing ? hub.compression.compressor : nil
        self.eventLoop = eventLoop
        shard = hub.shard(of: eventLoop)
        session = ClientSession(options: hub.options, now: eventLoop.now)
        heartbeat = Heartbeat(options: hub.options, expectsPong: wire.answersPings, now: eventLoop.now)
        pending = PendingBytes(limit: hub.options.maximumPendingBytes)
    }

    /// Whether the socket has not taken what it was given.
    var isClogged: Bool { unfinishedWrites > 0 }

    /// Whether the client has been let in and told so.
    var isConnected: Bool { life == .open && session.identity != nil && greeting == nil }

    /// Joins the shard and starts the clock.
    func start() {
        guard shard.add(self) else { return disconnect(.shutdown) }
        scheduleTimer()
    }

    /// The channel is gone: leaves everything.
    func channelGone() {
        guard life != .closed else { return }
        life = .closed
        greeting?.fail(.internal)
        greeting = nil
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

    private func receive(_ frame: ByteBuffer) {
        var rest = frame
        guard let first = CommandParser.nextLine(of: &rest) else { return perform(session.receiveMalformed()) }
        receive(line: first)
        while life == .open, let line = CommandParser.nextLine(of: &rest) { receive(line: line) }
    }

    private func receive(line: ByteBuffer) {
        do throws(CommandParser.Failure) {
            let command = try CommandParser.parse(line)
            if case .pong = command.request { heartbeat.pong() }
            perform(session.receive(command, now: eventLoop.now))
        } catch {
            perform(session.receiveMalformed())
        }
    }

    // MARK: Time

    /// The client has connected: pings begin.
    func startPings() {
        heartbeat.connected(now: eventLoop.now)
        scheduleTimer()
    }

    /// The connection is good for so long, and a little longer in which the client may bring a new token.
    func expires(_ expiry: Expiry?) {
        expiryTimer?.cancel()
        expiryTimer = expiry.map { expiry in
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            return eventLoop.scheduleTask(in: .seconds(Int64(expiry.seconds)) + TimeAmount(hub.options.expiryGrace)) {
                bound.value.disconnect(.expired)
            }
        }
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
        case .ping where wire.hasStalled(): return disconnect(.slow)
        case .ping: push(Self.pingFrame)
        case .disconnect(let disconnect): return self.disconnect(disconnect)
        }
        scheduleTimer()
    }

    /// The server's ping of the client protocol: a text frame with the empty object.
    private static let pingFrame: Frame = {
        var buffer = ByteBuffer(repeating: 0, count: PushWriter.headerRoom)
        buffer.writeStaticString("{}")
        return PushWriter.frame(&buffer)
    }()
}
