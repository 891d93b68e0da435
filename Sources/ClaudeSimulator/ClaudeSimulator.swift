internal import Hummingbird
package import Logging
internal import ServiceLifecycle

/// A server that speaks the Messages API and answers like a rehearsed model.
///
/// It holds no conversation: an answer depends on the request and the seed alone. Runs as a service; a graceful shutdown
/// cuts the streams that are still running.
///
/// ```swift
/// let simulator = ClaudeSimulator(configuration: .init(port: 0), logger: logger)
/// // … in a ServiceGroup, then
/// let base = "http://127.0.0.1:\(try await simulator.port)"
/// ```
package struct ClaudeSimulator: Service {
    private let configuration: SimulatorConfiguration
    private let logger: Logger
    private let onServerRunning: @Sendable (Int) async -> Void
    private let bound = BoundPort()

    /// Creates a simulator that listens once it runs.
    ///
    /// - Parameters:
    ///   - configuration: address, pace, faults and seed.
    ///   - logger: never sees prompts or keys.
    ///   - onServerRunning: called once, with the bound port, when connections are taken.
    package init(
        configuration: SimulatorConfiguration,
        logger: Logger,
        onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onServerRunning = onServerRunning
    }

    /// The bound port; waits until `run()` has bound it.
    ///
    /// - Throws: what kept the server from starting.
    package var port: Int {
        get async throws { try await bound.value }
    }

    /// Serves until a graceful shutdown or cancellation.
    ///
    /// - Throws: when the address cannot be bound.
    package func run() async throws {
        let bound = bound
        let onServerRunning = onServerRunning
        let application = Self.application(configuration, logger: logger) { port in
            bound.resolve(.success(port))
            await onServerRunning(port)
        }
        do {
            try await application.run()
        } catch {
            bound.resolve(.failure(error))
            throw error
        }
        bound.resolve(.failure(CancellationError()))
    }

    /// The HTTP server: its responder, its address and what is told once it listens.
    static func application(
        _ configuration: SimulatorConfiguration,
        logger: Logger,
        onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<MessagesResponder> {
        Application(
            responder: MessagesResponder(configuration: configuration),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: "claude-simulator"
            ),
            onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? 0) },
            logger: logger
        )
    }
}
