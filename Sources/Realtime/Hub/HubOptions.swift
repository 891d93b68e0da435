/// Limits of the hub's connections.
package struct HubOptions: Sendable {
    /// Bytes waiting for one connection before it is closed with `3008 slow`; one reply is exempt. 1 MiB by default.
    package var maximumPendingBytes = 1_048_576
    /// Channels one connection may hold; 128 by default.
    package var maximumSubscriptions = 128
    /// Time between server pings; 25 s by default (told to clients as `ping`).
    package var pingInterval: Duration = .seconds(25)
    /// Time a pong may take after a ping before `3012 no pong`; 8 s by default.
    package var pongTimeout: Duration = .seconds(8)
    /// Time from the upgrade to a `connect` command before `3501 bad request`; 10 s by default.
    package var connectTimeout: Duration = .seconds(10)

    package init() {}
}

/// What a channel allows.
package struct ChannelOptions: Sendable {
    /// Whether subscribers may publish (cursors, bench channels). `false` by default.
    package var clientsMayPublish = false
    /// Whether the subscribe answer says `recoverable` and `positioned` and holds a snapshot. `true` by default.
    package var hasHistory = true

    package init() {}
}
