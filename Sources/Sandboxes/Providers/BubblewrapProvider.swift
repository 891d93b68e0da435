internal import Glibc
package import Logging

/// Runs each app in a bubblewrap container of its own, without a network.
package final class BubblewrapProvider: SandboxProvider {
    private let host: SandboxHost
    package let camera: (any StillCamera)?

    /// - Throws: `SandboxError.refused` when the range of user ids overlaps with users of this machine;
    ///   `SandboxError.system` when the data folder cannot be made.
    package init(_ configuration: SandboxConfiguration, logger: Logger) throws {
        let users = SandboxUsers.find(configuration.uids)
        switch users {
        case .own: break
        case .shared(let reason):
            logger.notice("All sandboxes run as one user", metadata: ["sandbox.reason": "\(reason)"])
        case .refused(let reason): throw SandboxError.refused(reason)
        }
        host = try SandboxHost(
            configuration,
            launcher: BubblewrapLauncher(configuration: configuration),
            uids: users == .own ? configuration.uids : nil,
            logger: logger
        )
        camera = BrowserCamera(host)
    }

    package func cleanUp() async throws { try await host.cleanUp() }

    package func start(appID: String, files: [String: String]?) async throws -> any Sandbox {
        try await host.start(appID: appID, files: files)
    }

    package func remove(appID: String) async throws { try await host.remove(appID: appID) }

    package func shutdown() async { await host.shutdown() }
}

/// As whom sandboxes run.
enum SandboxUsers: Equatable {
    /// Each as a user of its own.
    case own
    /// All as the server's own user; the text says why.
    case shared(String)
    /// Not at all; the text says why.
    case refused(String)

    static func find(_ range: UIDRange) -> SandboxUsers {
        guard geteuid() == 0 else { return .shared("the server does not run as root") }
        if let owner = range.ownerInPasswd() {
            let bounds = range.bounds
            return .refused(
                "VIBE_SANDBOX_UIDS \(bounds.lowerBound)-\(bounds.upperBound) holds the user \(owner) of this machine: "
                    + "choose a range that nobody has"
            )
        }
        guard range.isMapped(in: Files.read("/proc/self/uid_map") ?? "") else {
            return .shared("the range of user ids does not exist in this container")
        }
        return .own
    }
}
