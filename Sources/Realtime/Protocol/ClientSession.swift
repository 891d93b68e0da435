internal import NIOCore

/// What one client may do and has done: the client protocol without I/O, one mutating method an event.
///
/// Commands on one channel are carried out one after another in the order they came; those on different channels do not
/// wait for each other. After `disconnect` was returned, nothing but `none` follows.
struct ClientSession {
    private enum Phase {
        case connecting
        /// The server subscribes the client before it answers `connect`; commands wait.
        case greeting(ClientIdentity, waiting: [Command])
        case connected(ClientIdentity)
        /// `connect` was answered with an error.
        case refused
        case ended
    }

    /// What the session knows of one channel.
    ///
    /// A class, so that a publication costs one look into the register and no copy; only its session holds it.
    private final class Topic {
        var isSubscribed = false
        /// The command that waits for `prepared` or `subscribed`.
        var running: Command?
        /// Commands that came meanwhile.
        var waiting: [Command] = []
        /// Whether a subscribe command is being carried out.
        var isSubscribing: Bool {
            if case .subscribe = running?.request { true } else { false }
        }
        /// Whether it is over and done with.
        var isIdle: Bool { !isSubscribed && running == nil && waiting.isEmpty }
    }

    private let options: HubOptions
    private var phase = Phase.connecting
    private var topics: [String: Topic] = [:]
    private var callsInFlight = 0
    private var budget: TokenBucket
    private var publishing: TokenBucket

    /// Starts at `now`, the time of the connection's loop.
    init(options: HubOptions, now: NIODeadline) {
        self.options = options
        budget = TokenBucket(perSecond: options.maximumCommandsPerSecond, burst: 2, now: now)
        publishing = TokenBucket(perSecond: options.maximumPublicationsPerSecond, burst: 2, now: now)
    }

    /// Who the client is, once it may come in.
    var identity: ClientIdentity? {
        switch phase {
        case .connected(let identity), .greeting(let identity, _): identity
        default: nil
        }
    }

    /// A command has come.
    mutating func receive(_ command: Command, now: NIODeadline) -> SessionAction {
        switch phase {
        case .ended:
            return .none
        case .refused:
            return end(.badRequest)
        case .connecting:
            guard command.id != 0 else { return end(.badRequest) }
            switch command.request {
            case .connect(let parameters): return .connect(id: command.id, parameters)
            case .malformedConnect: return connectAnswered(id: command.id, .failed(.badRequest), positions: [:])
            default: return end(.badRequest)
            }
        case .greeting(let identity, let waiting):
            guard waiting.count < options.maximumWaitingCommands else { return end(.tooManyRequests) }
            phase = .greeting(identity, waiting: waiting + [command])
            return .none
        case .connected:
            return receiveConnected(command, now: now)
        }
    }

    /// A frame that holds no commands has come.
    mutating func receiveMalformed() -> SessionAction { end(.badRequest) }

    /// The application has said who this is.
    mutating func connectAnswered(
        id: UInt32,
        _ answer: ConnectAnswer,
        positions: [String: StreamPosition]
    ) -> SessionAction {
        guard case .connecting = phase else { return .none }
        switch answer {
        case .accepted(let acceptance) where acceptance.channels.isEmpty:
            phase = .connected(acceptance.identity)
            return .replyConnected(id: id, acceptance)
        case .accepted(let acceptance):
            guard acceptance.channels.count <= options.maximumSubscriptions else { return end(.serverError) }
            phase = .greeting(acceptance.identity, waiting: [])
            return .greet(id: id, acceptance, positions: positions)
        case .failed(let error):
            phase = .refused
            return .fail(id: id, error)
        case .refused(let disconnect):
            return end(disconnect)
        }
    }

    /// The server's subscriptions are there, or one has failed: `connect` can be answered.
    ///
    /// `resumeGreeted` must be asked after the answer.
    mutating func greeted(id: UInt32, _ result: Result<ConnectAcceptance, ClientError>) -> (
        action: SessionAction, waiting: [Command]
    ) {
        guard case .greeting(let identity, let waiting) = phase else { return (.none, []) }
        switch result {
        case .success(let acceptance):
            phase = .connected(identity)
            return (.replyConnected(id: id, acceptance), waiting)
        case .failure(let error):
            phase = .refused
            topics = [:]
            return (.fail(id: id, error), [])
        }
    }

    /// The server has subscribed the client; false when the client has done so before, or holds too many channels.
    mutating func subscribedByServer(channel: String) -> Bool {
        guard identity != nil, topics[channel] == nil, topics.count < options.maximumSubscriptions else { return false }
        topic(of: channel).isSubscribed = true
        return true
    }

    /// Whether the client is subscribed to a channel.
    func isSubscribed(to channel: String) -> Bool { topics[channel]?.isSubscribed ?? false }

    /// The application has prepared a channel, or refuses it.
    ///
    /// `resume` must be asked after a failure.
    mutating func prepared(channel: String, _ result: Result<SubscribeGrant, ClientError>) -> SessionAction {
        guard let command = topics[channel]?.running else { return .none }
        let grant: SubscribeGrant
        switch result {
        case .success(let given):
            grant = given
        case .failure(let error):
            finish(channel)
            return .fail(id: command.id, error)
        }
        switch command.request {
        case .subscribe(let parameters):
            return .attach(id: command.id, parameters, grant)
        case .publish(let parameters):
            finish(channel)
            return .publish(id: command.id, parameters, isSubscribed: false, isPrepared: true)
        default:
            finish(channel)
            return .none
        }
    }

    /// The channel of a publication is not open: the application is to prepare it.
    mutating func needsPreparation(id: UInt32, _ parameters: PublishParameters) -> SessionAction {
        guard identity != nil else { return .none }
        topic(of: parameters.channel).running = Command(id: id, request: .publish(parameters))
        return .prepare(SubscribeRequest(channel: parameters.channel))
    }

    /// The subscribe command has been answered: with success, or with an error.
    ///
    /// `resume` must be asked afterwards.
    mutating func subscribeAnswered(channel: String, isSubscribed: Bool) {
        guard topics[channel] != nil else { return }
        topics[channel]?.isSubscribed = isSubscribed
        finish(channel)
    }

    /// The server has ended a subscription; false when there was none.
    ///
    /// `resume` must be asked afterwards.
    mutating func unsubscribedByServer(channel: String) -> Bool {
        guard topics[channel]?.isSubscribed == true else { return false }
        topics[channel]?.isSubscribed = false
        forgetIfIdle(channel)
        return true
    }

    /// Takes up the next command that waited on a channel; `nil` when there is none or one is running.
    mutating func resume(channel: String) -> SessionAction? {
        guard identity != nil, let topic = topics[channel], topic.running == nil, !topic.waiting.isEmpty else {
            return nil
        }
        let command = topic.waiting.removeFirst()
        defer { forgetIfIdle(channel) }
        return start(command, channel: channel, topic)
    }

    /// An RPC has been answered.
    mutating func callFinished() {
        callsInFlight -= 1
    }

    /// The connection is ending, whoever wants it.
    mutating func ended() {
        phase = .ended
        topics = [:]
    }

    private mutating func receiveConnected(_ command: Command, now: NIODeadline) -> SessionAction {
        guard budget.take(now: now) else {
            return command.id == 0 ? end(.tooManyRequests) : .fail(id: command.id, .tooManyRequests)
        }
        switch command.request {
        case .pong, .send: return .none
        case _ where command.id == 0: return end(.badRequest)
        case .connect, .malformedConnect: return end(.badRequest)
        case .subscribe(let parameters): return enter(command, channel: parameters.channel)
        case .unsubscribe(let channel): return enter(command, channel: channel)
        case .publish(let parameters):
            guard publishing.take(now: now) else { return .fail(id: command.id, .tooManyRequests) }
            return enter(command, channel: parameters.channel)
        case .presence(let channel), .presenceStats(let channel), .subRefresh(let channel, _):
            return enter(command, channel: channel)
        case .history(let parameters): return enter(command, channel: parameters.channel)
        case .rpc(let method, let data): return call(id: command.id, method: method, data: data)
        case .refresh(let token): return .refresh(id: command.id, token: token)
        case .unavailable: return .fail(id: command.id, .notAvailable)
        case .malformed: return .fail(id: command.id, .badRequest)
        case .unknown: return .fail(id: command.id, .methodNotFound)
        }
    }

    private mutating func call(id: UInt32, method: String, data: ByteBuffer?) -> SessionAction {
        guard callsInFlight < options.maximumCallsInFlight else { return .fail(id: id, .tooManyRequests) }
        callsInFlight += 1
        return .call(id: id, method: method, data: data)
    }

    /// Starts a command on a channel, or lets it wait for those before it.
    private mutating func enter(_ command: Command, channel: String) -> SessionAction {
        let topic = topics[channel]
        guard let topic, topic.running != nil || !topic.waiting.isEmpty else {
            return start(command, channel: channel, topic)
        }
        guard topic.waiting.count < options.maximumWaitingCommands else {
            return .fail(id: command.id, .tooManyRequests)
        }
        topic.waiting.append(command)
        return .none
    }

    /// Begins a command; `topic` is that of the channel, where there is one.
    private mutating func start(_ command: Command, channel: String, _ topic: Topic?) -> SessionAction {
        let isSubscribed = topic?.isSubscribed ?? false
        switch command.request {
        case .subscribe(let parameters):
            if isSubscribed { return .fail(id: command.id, .alreadySubscribed) }
            let held = topics.count { $0.value.isSubscribed || $0.value.isSubscribing }
            guard held < options.maximumSubscriptions else { return .fail(id: command.id, .limitExceeded) }
            self.topic(of: channel).running = command
            return .prepare(SubscribeRequest(channel: channel, token: parameters.token, data: parameters.data))
        case .unsubscribe:
            guard isSubscribed else { return .replyUnsubscribed(id: command.id) }
            topic?.isSubscribed = false
            forgetIfIdle(channel)
            return .detach(id: command.id, channel: channel)
        case .publish(let parameters):
            return .publish(id: command.id, parameters, isSubscribed: isSubscribed, isPrepared: false)
        case _ where !isSubscribed:
            return .fail(id: command.id, .permissionDenied)
        case .presence: return .query(id: command.id, .presence(channel: channel))
        case .presenceStats: return .query(id: command.id, .presenceStats(channel: channel))
        case .history(let parameters): return .query(id: command.id, .history(parameters))
        case .subRefresh(_, let token): return .subRefresh(id: command.id, channel: channel, token: token)
        default:
            return .none
        }
    }

    /// The topic of a channel, made when it is not there.
    private mutating func topic(of channel: String) -> Topic {
        if let topic = topics[channel] { return topic }
        let topic = Topic()
        topics[channel] = topic
        return topic
    }

    private mutating func finish(_ channel: String) {
        topics[channel]?.running = nil
        forgetIfIdle(channel)
    }

    private mutating func forgetIfIdle(_ channel: String) {
        if topics[channel]?.isIdle == true { topics[channel] = nil }
    }

    private mutating func end(_ disconnect: Disconnect) -> SessionAction {
        if case .ended = phase { return .none }
        ended()
        return .disconnect(disconnect)
    }
}
