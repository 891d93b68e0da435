import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Orchestration
import Realtime
import Testing

@testable import VibeServer

/// Previews as a test says.
struct ScriptedDirectory: PreviewDirectory {
    var target: PreviewTarget
    var title: String?

    func previewTarget(appID: String) async -> PreviewTarget { target }
    func previewTitle(appID: String) async -> String? { title }
}

/// Nobody is let in.
struct ClosedApplication: RealtimeApplication {
    func connect(_ request: ConnectRequest) -> ConnectAnswer { .failed(.unauthorized) }
    func prepare(
        _ request: SubscribeRequest,
        for client: ClientIdentity
    ) async throws(ClientError) -> SubscribeGrant {
        throw .unknownChannel
    }
    func rpc(method: String, data: ByteBuffer?, from client: ClientIdentity) async throws(ClientError) -> ByteBuffer {
        throw .methodNotFound
    }
    func publish(
        channel: String,
        data: ByteBuffer,
        from client: ClientIdentity
    ) -> Result<ClientPublication, ClientError> {
        .failure(.permissionDenied)
    }
}

/// The front, the gateway and the upgrades without an orchestrator, on a free port.
enum GatewayHarness {
    static let appID = "app-aaaaaaaaaaaaaaaa"
    static let host = appID + ".vibe.localhost"

    static func run<Result: Sendable>(
        _ target: PreviewTarget,
        title: String? = nil,
        limits: GatewayLimits = GatewayLimits(),
        _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let policy = AccessPolicy(
            publicOrigin: try #require(WebOrigin(url: "http://127.0.0.1:8080")),
            preview: try #require(PreviewAddress(template: "http://*.vibe.localhost:8080"))
        )
        let site = try StaticSite(directory: ServerHarness.publicFolder)
        let directory = ScriptedDirectory(target: target, title: title)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = MultiThreadedEventLoopGroup.singleton
        let front = FrontResponder(
            policy: policy,
            platform: CallbackResponder { _, _ in throw APIError.notFound },
            gateway: PreviewGateway(directory: directory, policy: policy, site: site, limits: limits)
        )
        let sockets = ProductUpgradeRouter(
            policy: policy,
            hub: Hub(group: group),
            application: ClosedApplication(),
            directory: directory,
            limits: limits,
            logger: logger
        )
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: front,
            server: .upgradable(router: sockets),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(group),
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let result = try await body(port)
            group.cancelAll()
            return result
        }
    }
}
