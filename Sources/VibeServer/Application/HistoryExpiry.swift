internal import Realtime

/// Lets go, now and then, of the past of channels on which nothing happens any more.
///
/// Channels that are published to or read do it by themselves.
struct HistoryExpiry: Sendable {
    let hub: Hub
    /// Waits until it is time again; throws when there will be no other time.
    var pause: @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(30)) }

    /// Returns when the pause ends with an error: the task was cancelled.
    func run() async {
        while (try? await pause()) != nil { hub.expireHistory() }
    }
}
