package import Logging

/// Runs each app as an ordinary process of the server's own user: for machines where bubblewrap cannot run.
///
/// What the model writes then has all that the server has. Only for development, on a loopback address.
package final class ProcessProvider: SandboxProvider {
    private let host: SandboxHost

    /// - Throws: `SandboxError.system` when the data folder cannot be made.
    package init(_ configuration: SandboxConfiguration, logger: Logger) throws {
        logger.warning(
            """
            VIBE_SANDBOX=process: apps run WITHOUT ISOLATION. Code written by a model can read and change whatever this \
            user can. Use it on your own machine only.
            """
        )
        host = try SandboxHost(
            configuration,
            launcher: ProcessLauncher(configuration: configuration),
            uids: nil,
            logger: logger
        )
    }

    package func cleanUp() async throws { try await host.cleanUp() }

    package func start(appID: String, files: [String: String]?) async throws -> any Sandbox {
        try await host.start(appID: appID, files: files)
    }

    package func remove(appID: String) async throws { try await host.remove(appID: appID) }

    package func shutdown() async { await host.shutdown() }
}
