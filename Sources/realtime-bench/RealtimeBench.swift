internal import ArgumentParser
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Realtime
internal import ServiceLifecycle
internal import UnixSignals
internal import VibeServer
internal import WebSocketCodec

/// Serves the client protocol with an open namespace, so that fan-out can be measured beside other servers.
@main
struct RealtimeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "realtime-bench",
        abstract: "Serve the client protocol on every path: any client subscribes and publishes on bench:*."
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 picks a free one.")
    var port: Int

    @Option(help: "Event loops; half as many as there are cores unless given, at least one.")
    var threads: Int?

    @Option(help: "Bytes that may wait for one connection before it is ended as slow.")
    var maximumPendingBytes = 1_048_576

    @Option(help: "Milliseconds that publications may wait so that more of them leave in one write.")
    var writeDelayMs = 0

    @Flag(inversion: .prefixedNo, help: "Keep the past of channels, and know their state.")
    var history = true

    @Option(help: "Secret of HS256 tokens; without it tokens are ignored.")
    var tokenSecret: String?

    @Option(help: "Seconds in which a client may bring a new token after its connection or subscription has expired.")
    var expiryGrace = 25

    @Option(help: "Seconds for a pong before a connection is ended.")
    var pongTimeout = 8

    @Flag(inversion: .prefixedNo, help: "Accept permessage-deflate where a client offers it.")
    var compression = true

    @Option(help: "Bytes from which a message is compressed.")
    var compressionThreshold = 512

    func validate() throws {
        guard threads.map({ (1...1_024).contains($0) }) ?? true else { throw ValidationError("--threads: 1 to 1024") }
        guard maximumPendingBytes > 0 else { throw ValidationError("--maximum-pending-bytes: at least 1") }
        guard (0...10_000).contains(writeDelayMs) else { throw ValidationError("--write-delay-ms: 0 to 10000") }
        guard tokenSecret != "" else { throw ValidationError("--token-secret: not empty") }
        guard (1...3_600).contains(pongTimeout) else { throw ValidationError("--pong-timeout: 1 to 3600") }
        guard (0...3_600).contains(expiryGrace) else { throw ValidationError("--expiry-grace: 0 to 3600") }
        guard compressionThreshold >= 0 else { throw ValidationError("--compression-threshold: at least 0") }
    }

    func run() async throws {
        OpenSSLLifetime.outlastsExitHandlers()
        var logger = Logger(label: "realtime-bench", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning
        DescriptorLimit.raise()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads ?? max(1, System.coreCount / 2))
        var options = HubOptions()
        options.maximumPendingBytes = maximumPendingBytes
        options.maximumCommandsPerSecond = nil
        options.pongTimeout = .seconds(pongTimeout)
        options.expiryGrace = .seconds(expiryGrace)
        options.maximumSubscriptions = .max
        options.maximumCallsInFlight = .max
        options.maximumWaitingCommands = .max
        var compressing = CompressionOptions()
        compressing.isEnabled = compression
        compressing.threshold = compressionThreshold
        options.compression = compressing
        let hub = Hub(group: group, options: options)
        let bench = BenchApplication(
            hub: hub,
            writeDelay: .milliseconds(writeDelayMs),
            hasHistory: history,
            tokens: tokenSecret.map { HMACTokenVerifier(secret: $0, now: { UInt64(max(0, time(nil))) }) }
        )
        let routes = Router()
        routes.get("/**") { _, _ in "This server speaks the client protocol over WebSocket.\n" }
        let application = Application(
            router: routes,
            server: .upgradable(
                router: BenchRouter(hub: hub, application: bench, logger: logger, compression: compressing)
            ),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), backlog: 4_096),
            onServerRunning: { [host, logger] channel in
                try? await AcceptWatch.start(on: channel, logger: logger)
                writeReadyLine(host: host, port: channel.localAddress?.port ?? 0)
            },
            eventLoopGroupProvider: .shared(group),
            logger: logger
        )
        let services: [any Service] = [application, HubShutdown(hub: hub)]
        let configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await ServiceGroup(configuration: configuration).run()
        try await group.shutdownGracefully()
    }
}
