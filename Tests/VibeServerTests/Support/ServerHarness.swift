import Claude
import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import VibeServer

/// The whole server on a free port, with a scripted model and idle sandboxes, and its data in a folder of its own.
struct ServerHarness: Sendable {
    let port: Int
    let folder: String

    static func run<Result: Sendable>(
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (ServerHarness) async throws -> Result
    ) async throws -> Result {
        let folder = NSTemporaryDirectory() + "vibe-server-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder + "/Public/js", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in pages { try Data(text.utf8).write(to: URL(filePath: folder + "/Public/" + name)) }
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.dataDirectory = folder + "/data"
        configuration.publicDirectory = folder + "/Public"
        configuration.adminSecret = Secret("s3cret")
        change(&configuration)
        let (addresses, continuation) = AsyncStream<String>.makeStream()
        let application = try VibeServerApplication(
            configuration: configuration,
            parts: ServerParts(model: ScriptedModel(), sandboxes: IdleSandboxes(), pageClock: LeapingClock().now),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { continuation.yield($0) }
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [application],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var iterator = addresses.makeAsyncIterator()
            let address = try #require(await iterator.next())
            let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
            let result: Result
            do {
                result = try await body(ServerHarness(port: port, folder: folder))
            } catch {
                group.cancelAll()
                throw error
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return result
        }
    }

    func request(
        _ method: String,
        _ path: String,
        host: String = "127.0.0.1",
        fields: [(String, String)] = [],
        body: String? = nil
    ) async throws -> RawResponse {
        let response = try await WireClient.request(
            port: port,
            method,
            path,
            host: host,
            fields: fields,
            body: body
        )
        return try #require(response)
    }

    func json(_ method: String, _ path: String, _ body: String = "{}", fields: [(String, String)] = []) async throws
        -> RawResponse
    {
        try await request(method, path, fields: [("Content-Type", "application/json")] + fields, body: body)
    }

    /// Makes an app and waits for its first version; returns its id.
    func makeApp() async throws -> String {
        let response = try await json("POST", "/api/create?wait=ready", #"{"prompt":"a list","user_id":"ana"}"#)
        #expect(response.status == 200)
        return try response.member("app_id")
    }

    /// The repository's own pages.
    static let publicFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Public").path

    private static let pages = [
        "index.html": "<html><head></head>home</html>", "app.html": "<html>app</html>",
        "404.html": "<html>no app here</html>",
        "js/app.js": "export {}\n", ".secret": "hidden",
    ]
}

/// A clock by which so much time is over at each look that pages see every change.
private final class LeapingClock: Sendable {
    private let looks = Mutex<Int64>(0)

    @Sendable func now() -> NIODeadline {
        looks.withLock { looks in
            looks += 1
            return .uptimeNanoseconds(0) + StaticSite.interval * looks
        }
    }
}

extension RawResponse {
    /// A text member of the JSON body; dots lead into objects.
    func member(_ path: String) throws -> String {
        var value = try JSONSerialization.jsonObject(with: Data(body.utf8))
        for name in path.split(separator: ".") {
            value = try #require((value as? [String: Any])?[String(name)])
        }
        return "\(value)"
    }
}
