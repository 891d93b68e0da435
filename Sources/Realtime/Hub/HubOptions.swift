package import WebSocketCodec

/// Limits of the hub's connections.
package struct HubOptions: Sendable {
    /// Bytes waiting for one connection before it is closed with `3008 slow`; one reply or publication is exempt, up to
    /// `maximumReplyBytes`.
    ///
    /// 1 MiB by default.
    package var maximumPendingBytes = 1_048_576
    /// Bytes of merged publications that are sent to a reader that has fallen behind on a channel; when more wait for it, the
    /// backlog is dropped and it is told to subscribe again.
    ///
    /// 512 KiB by default.
    package var maximumBacklogBytes = 524_288
    /// Channels one connection may hold; 128 by default.
    package var maximumSubscriptions = 128
    /// Time between server pings; 25 s by default (told to clients as `ping`).
    package var pingInterval: Duration = .seconds(25)
    /// Time a pong may take after a ping before `3012 no pong`; 8 s by default.
    package var pongTimeout: Duration = .seconds(8)
    /// Time from the upgrade to an accepted `connect` command before `3502 stale`; 10 s by default.
    package var connectTimeout: Duration = .seconds(10)
    /// Time the peer has to answer our close frame, as long as it takes nothing of what waits for it; 5 s by default.
    package var closeTimeout: Duration = .seconds(5)
    /// What a client may send in one frame and one message before 1009; 64 KiB by default.
    package var messageLimits = WebSocketLimits()
    /// Bytes of one reply, a snapshot included, before it is answered `106 limit exceeded` instead; 4 MiB by default.
    package var maximumReplyBytes = 4_194_304
    /// Commands a second a client may send on average, and at once after a pause the double of it, before they are answered
    /// `111 too many requests` (those without an id: `3013 too many requests`); 500 by default, `nil` for any number.
    package var maximumCommandsPerSecond: Int? = 500
    /// Publications a second that a client may make on average, and at once after a pause the double of it, before they are
    /// answered `111 too many requests`; any number by default.
    package var maximumPublicationsPerSecond: Int?
    /// RPC calls of one connection that may run at once before `111 too many requests`; 256 by default.
    package var maximumCallsInFlight = 256
    /// Commands that may wait for a command on the same channel before `111 too many requests`; 64 by default.
    package var maximumWaitingCommands = 64
    /// Time that a client has after its connection or subscription has expired to bring a new token; 25 s by default.
    package var expiryGrace: Duration = .seconds(25)
    /// Publications one `history` answers at most; 1,000 by default.
    package var maximumHistoryPublications = 1_000
    /// Time over which connections are ended when the server goes, so that not all of them come back at once; 2 s by default.
    package var drainWindow: Duration = .seconds(2)
    /// How messages are compressed for clients with which it was negotiated.
    package var compression = CompressionOptions()
    /// What `connect` answers as `version`.
    package var serverVersion = "0.1.0"

    package init() {}
}

/// What a channel allows.
package struct ChannelOptions: Sendable {
    /// Whether subscribers may publish (cursors, bench channels).
    ///
    /// `false` by default.
    package var clientsMayPublish = false
    /// Whether a client must be subscribed in order to publish.
    ///
    /// `true` by default.
    package var publishingNeedsSubscription = true
    /// Whether its subscribers are counted in `Hub.viewers` (set for `app:{id}`, not for its cursors).
    ///
    /// `false` by default.
    package var countsViewers = false
    /// Whether the subscribe answer says `recoverable` and `positioned` and holds a snapshot.
    ///
    /// `true` by default.
    package var hasHistory = true
    /// How much of the past is kept, where `hasHistory`.
    package var history = HistoryOptions()
    /// Whether it is known who is here, and subscribers are told of those who come and go.
    ///
    /// `false` by default.
    package var hasPresence = false
    /// How long after its end a client counts as here, so that a reload is not seen by others; 2 s by default.
    package var leaveDelay: Duration = .seconds(2)
    /// How long publications may wait so that more of them leave in one write; zero by default, then they wait for the end
    /// of the event loop's tick only.
    package var writeDelay: Duration = .zero
    /// Whether what waits for a slow reader is merged or replaced by newer state.
    ///
    /// `true` by default; otherwise everything waits in the socket's queue, up to `HubOptions.maximumPendingBytes`.
    package var mergesBacklog = true

    package init() {}
}
