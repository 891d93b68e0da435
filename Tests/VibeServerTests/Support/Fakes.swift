import Claude
import Sandboxes
import Synchronization

/// A model that answers every request with the same component.
struct ScriptedModel: ModelClient {
    static let component = "export default function App() {\n  return <p>Hello</p>\n}\n"

    func stream(_ request: MessagesRequest) -> ModelStream {
        ModelStream(
            source: Source(batches: [
                [.started(requestID: "r", inputTokens: 7)], [.text("```tsx\n" + Self.component + "```\n")],
                [.finished(TokenUsage(inputTokens: 7, outputTokens: 9))],
            ])
        )
    }

    private final class Source: ModelStreamSource {
        private let batches: Mutex<[[ModelEvent]]>

        init(batches: [[ModelEvent]]) { self.batches = Mutex(batches) }

        func nextBatch() async throws -> [ModelEvent]? {
            batches.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }

        func cancel() { batches.withLock { $0 = [] } }
    }
}

/// Sandboxes that take every edit and run nothing.
struct IdleSandboxes: SandboxProvider {
    func cleanUp() async throws {}
    func start(appID: String, files: [String: String]?) async throws -> any Sandbox { IdleSandbox(appID: appID) }
    func remove(appID: String) async throws {}
    func shutdown() async {}
}

private final class IdleSandbox: Sandbox {
    let appID: String
    let endpoint = SandboxEndpoint(socketPath: "/tmp/there-is-no-such.sock")
    private let ended: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    init(appID: String) {
        self.appID = appID
        (ended, end) = AsyncStream<Void>.makeStream()
    }

    func edit(files: [String: String], checksNames: Bool) async throws -> EditOutcome { .succeeded }
    func heartbeat() async throws {}
    func exit() async -> SandboxExit {
        for await _ in ended {}
        return .stopped
    }
    func stop() async { end.finish() }
}
