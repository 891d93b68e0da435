import Foundation
import Logging
import Testing

@testable import VibeServer

/// `protocol/openapi.json` names the calls that the server takes, all of them and nothing else.
@Suite struct OpenAPITests {
    @Test func itsCallsAreTheRoutes() throws {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let bytes = try Data(contentsOf: root.appending(path: "protocol/openapi.json"))
        let document = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let documented = paths.flatMap { path, item in
            item.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
        }
        let folder = NSTemporaryDirectory() + "vibe-openapi-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.dataDirectory = folder
        let application = try VibeServerApplication(
            configuration: configuration,
            parts: ServerParts(model: ScriptedModel(), sandboxes: IdleSandboxes()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in }
        #expect(documented.sorted() == application.routes.names.sorted())
    }

    @Test func itIsServed() async throws {
        try await ServerHarness.run { server in
            let response = try await server.request("GET", "/openapi.json")
            #expect(response.status == 200 && response["content-type"] == "application/json; charset=utf-8")
            #expect(try response.member("openapi") == "3.1.0")
        }
    }
}
