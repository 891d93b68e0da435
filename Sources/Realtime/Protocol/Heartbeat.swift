internal import NIOCore

/// When a connection must have been opened by `connect`, when it is pinged, when its pong is missed.
///
/// Pure: time is told.
struct Heartbeat {
    /// What a point in time asks for.
    enum Outcome: Equatable {
        /// Nothing yet.
        case wait
        /// Send the server's ping.
        case ping
        /// End the connection.
        case disconnect(Disconnect)
    }

    private enum State {
        case connecting(until: NIODeadline)
        case idle(nextPing: NIODeadline)
        case pinged(nextPing: NIODeadline, pongBy: NIODeadline)
    }

    private let pingInterval: TimeAmount
    private let pongTimeout: TimeAmount
    private let expectsPong: Bool
    private var state: State

    /// Starts at the upgrade.
    ///
    /// Without `expectsPong` the client cannot answer, and is only pinged.
    init(options: HubOptions, expectsPong: Bool = true, now: NIODeadline) {
        self.expectsPong = expectsPong
        pingInterval = TimeAmount(options.pingInterval)
        pongTimeout = TimeAmount(options.pongTimeout)
        state = .connecting(until: now + TimeAmount(options.connectTimeout))
    }

    /// When `outcome` has something to say next.
    var deadline: NIODeadline {
        switch state {
        case .connecting(let until): until
        case .idle(let nextPing): nextPing
        case .pinged(_, let pongBy): pongBy
        }
    }

    /// The client has connected: the first ping comes an interval later.
    mutating func connected(now: NIODeadline) {
        state = .idle(nextPing: now + pingInterval)
    }

    /// An empty command has come.
    ///
    /// One that answers no ping is let pass.
    mutating func pong() {
        if case .pinged(let nextPing, _) = state { state = .idle(nextPing: nextPing) }
    }

    /// What is due at `now`.
    mutating func outcome(now: NIODeadline) -> Outcome {
        guard now >= deadline else { return .wait }
        switch state {
        case .connecting:
            return .disconnect(.stale)
        case .idle(let nextPing):
            // After a long sleep of the machine the missed pings are not made up for.
            let following = max(nextPing, now) + pingInterval
            state = expectsPong ? .pinged(nextPing: following, pongBy: now + pongTimeout) : .idle(nextPing: following)
            return .ping
        case .pinged:
            return .disconnect(.noPong)
        }
    }
}
