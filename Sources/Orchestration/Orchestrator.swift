package import Catalogue
package import Claude
package import Logging
package import Realtime
package import Sandboxes
package import ServiceLifecycle

/// All apps of this server: creates them, finds their sessions, keeps the `apps` channel, recovers after a restart.
///
/// A long-lived service: `run` takes up what the last process left (interrupted generations, queues, sandboxes) and returns
/// after a graceful shutdown. Calls are answered as soon as `recover` has read the catalogue.
package final class Orchestrator: Service {
    package init(
        configuration: OrchestrationConfiguration,
        catalogue: any Catalogue,
        model: any ModelClient,
        sandboxes: any SandboxProvider,
        hub: Hub,
        logger: Logger
    ) {}

    package func run() async throws {}

    /// Stores a new app and its first prompt, starts sandbox and generation, and returns the app's id at once.
    ///
    /// - Throws: `OrchestrationError`, as all calls here do.
    package func create(prompt: String, author: Person) async throws -> AppView { throw OrchestrationError.shuttingDown }

    /// Returns when the first version is live; throws the generation's error when it fails.
    package func waitUntilLive(appID: String) async throws { throw OrchestrationError.unknownApp }

    /// Queues a prompt; durable when it returns. Position 0 runs now, waiting ones count from 1.
    package func write(appID: String, text: String, author: Person) async throws -> (messageID: String, position: Int) {
        throw OrchestrationError.unknownApp
    }

    /// - Parameter limit: 1 to 500.
    package func history(appID: String, before: String?, limit: Int) async throws -> MessagePage {
        throw OrchestrationError.unknownApp
    }
    package func status(appID: String) async throws -> (status: AppStatus, phase: Phase) {
        throw OrchestrationError.unknownApp
    }
    package func ping(appID: String) async throws { throw OrchestrationError.unknownApp }
    package func list(_ query: AppQuery) async throws -> AppPage { throw OrchestrationError.shuttingDown }
    package func detail(appID: String) async throws -> AppDetail { throw OrchestrationError.unknownApp }
    package func code(appID: String, version: Int?) async throws -> CodeView { throw OrchestrationError.unknownApp }
    package func versions(appID: String) async throws -> [VersionView] { throw OrchestrationError.unknownApp }
    /// Makes a new version with the files of an old one; returns its number.
    package func revert(appID: String, version: Int, by person: Person) async throws -> Int {
        throw OrchestrationError.unknownApp
    }
    /// Ends the running generation.
    package func stop(appID: String, by person: Person) async throws { throw OrchestrationError.unknownApp }
    /// Runs the last prompt again whose generation failed, was stopped or interrupted. As `write` otherwise.
    package func retry(appID: String, by person: Person) async throws -> (messageID: String, position: Int) {
        throw OrchestrationError.unknownApp
    }
    package func terminate(appID: String) async throws { throw OrchestrationError.unknownApp }
    /// Returns the number of apps that were ended.
    package func terminateAll() async throws -> Int { throw OrchestrationError.shuttingDown }
    /// Returns whether the app is featured now.
    package func toggleFeature(appID: String) async throws -> Bool { throw OrchestrationError.unknownApp }

    /// Where a preview request goes; starts a sandbox that does not run.
    package func previewTarget(appID: String) async -> PreviewTarget { .unknown }

    /// Opens `apps` or `app:{id}` (or its `:cursors`) in the hub when it exists and is not open yet.
    ///
    /// - Returns: false when there is no such channel.
    package func openChannel(_ name: String) async throws -> Bool { false }

    /// Whether the catalogue was read and calls are answered.
    package var isReady: Bool { false }
}
