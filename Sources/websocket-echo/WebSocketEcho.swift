internal import ArgumentParser
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import VibeServer

/// Echoes every WebSocket message, on every path: the server's own upgrade and codec for conformance runners.
@main
struct WebSocketEcho: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "websocket-echo",
        abstract: "Echo every WebSocket message, on every path."
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 picks a free one.")
    var port: Int

    func run() async throws {
        OpenSSLLifetime.outlastsExitHandlers()
        var logger = Logger(label: "websocket-echo", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning
        let routes = Router()
        for path in ["/", "/**"] as [RouterPath] {
            routes.get(path) { _, _ in "This server echoes WebSocket messages.\n" }
        }
        let application = Application(
            router: routes,
            server: .upgradable(router: EchoRouter()),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [host] channel in
                writeReadyLine(host: host, port: channel.localAddress?.port ?? 0)
            },
            logger: logger
        )
        try await application.runService()
    }
}
