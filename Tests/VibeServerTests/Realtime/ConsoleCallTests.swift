import Catalogue
import Claude
import Logging
import NIOCore
import NIOPosix
import Orchestration
import Testing

@testable import Realtime
@testable import VibeServer

/// `app.console`, as far as it gets before it is looked for an app.
@Suite struct ConsoleCallTests {
    private let application: VibeApplication

    init() throws {
        let orchestrator = Orchestrator(
            configuration: OrchestrationConfiguration(),
            catalogue: try SQLiteCatalogue.inMemory(),
            model: ScriptedModel(),
            sandboxes: IdleSandboxes(),
            hub: Hub(group: MultiThreadedEventLoopGroup.singleton),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        application = VibeApplication(
            orchestrator: orchestrator,
            api: API(orchestrator: orchestrator, access: OperatorAccess(secret: nil))
        )
    }

    private func error(_ data: String, from client: String = "c") async throws -> ClientError {
        try await #require(throws: ClientError.self) {
            try await application.rpc(
                method: "app.console",
                data: ByteBuffer(string: data),
                from: ClientIdentity(client: client, user: "ana", name: "Ana", color: "#000000")
            )
        }
    }

    @Test(arguments: [
        "{}", "[]", #"{"app_id":"a"}"#, #"{"app_id":"a","entries":{}}"#, #"{"app_id":"a","entries":[]}"#,
        #"{"app_id":"a","entries":[1]}"#, #"{"app_id":"a","entries":[{"level":"log"}]}"#,
        #"{"app_id":"a","entries":[{"level":"fatal","text":"x"}]}"#,
        #"{"app_id":"a","entries":[{"level":"log","text":7}]}"#,
        #"{"app_id":"a","entries":[{"level":"log","text":"x","line":0}]}"#,
        #"{"app_id":"a","entries":[{"level":"log","text":"x","line":1e300}]}"#,
        #"{"app_id":"a","entries":[{"level":"log","text":"x"}],"entries":[]}"#,
        #"{"app_id":"a","entries":["# + String(repeating: #"{"level":"log","text":"x"},"#, count: 50)
            + #"{"level":"log","text":"x"}]}"#,
    ])
    func badReportsAreRefused(data: String) async throws {
        #expect(try await error(data).code == 422)
    }

    @Test func aClientReportsTenTimesASecond() async throws {
        for _ in 0..<ConsoleArguments.perSecond { #expect(try await error("{}").code == 422) }
        let refused = try await error("{}")
        #expect(refused.code == 429 && refused.isTemporary && refused.retryAfter == 5)
        #expect(try await error("{}", from: "another").code == 422)
    }
}
