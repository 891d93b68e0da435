/// How many clients' connections the server takes: WebSockets of the client protocol and one-way streams.
package struct ConnectionLimits: Sendable, Equatable {
    /// In all (`VIBE_MAX_CONNECTIONS`); 100,000 by default.
    package var maximum = 100_000
    /// From one address (`VIBE_MAX_CONNECTIONS_PER_ADDRESS`); 0, the default, for any number: behind a proxy all clients have
    /// the proxy's.
    package var maximumPerAddress = 0

    package init() {}
}
