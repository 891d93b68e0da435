internal import ClaudeSimulator
internal import Hummingbird
internal import Orchestration
internal import Realtime
internal import ServiceLifecycle

/// What ends together: HTTP, the hub's connections and the orchestrator, all told of the shutdown at once.
///
/// HTTP waits for the calls it is answering, the calls wait for the orchestrator, and it answers them `shutting_down`.
struct ServerCore: Service {
    let source: ModelSource
    let orchestrator: Orchestrator
    let hub: Hub
    let http: Application<FrontResponder>

    /// Time for the farewell to every client.
    static let farewell: Duration = .seconds(5)

    func run() async throws {
        if let simulator = source.simulator { _ = try await simulator.port }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await http.run() }
            group.addTask { try await orchestrator.run() }
            group.addTask {
                // Returns at the shutdown, and throws when another part has failed: the clients are told in both cases.
                try? await gracefulShutdown()
                await hub.shutdown(deadline: Self.farewell)
            }
            group.addTask { await cancelWhenGracefulShutdown { await HistoryExpiry(hub: hub).run() } }
            group.addTask { await cancelWhenGracefulShutdown { await StatsClock(orchestrator: orchestrator).run() } }
            try await group.waitForAll()
        }
        await source.shutdown()
    }
}
