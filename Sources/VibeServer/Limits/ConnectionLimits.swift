/// How many clients' connections the server takes: WebSockets of the client protocol and one-way streams.
package struct ConnectionLimits: Sendable, Equatable {
    /// In all (`VIBE_MAX_CONNECTIONS`); 100,000 by default.
    package var maximum = 100_000
    /// From one address (`VIBE_MAX_CONNECTIONS_PER_ADDRESS`); 0, the default, for any number: behind a proxy all clients have
    /// the proxy's.
    package var maximumPerAddress = 0
    /// Descriptors that connections of any kind leave to the catalogue and to sandboxes (`VIBE_RESERVED_DESCRIPTORS`), though
    /// at most half of the process's limit; 256 by default, 0 for none.
    package var reservedDescriptors = 256

    package init() {}
}
