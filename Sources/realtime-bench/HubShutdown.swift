internal import Realtime
internal import ServiceLifecycle

/// Tells every client when the server is asked to end.
///
/// Runs after the server in its group, so that it ends first.
struct HubShutdown: Service {
    let hub: Hub

    func run() async throws {
        try await gracefulShutdown()
        await hub.shutdown(deadline: .seconds(5))
    }
}
