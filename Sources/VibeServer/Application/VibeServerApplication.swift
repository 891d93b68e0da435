internal import Catalogue
internal import Claude
internal import Foundation
internal import Hummingbird
package import Logging
internal import NIOCore
internal import NIOPosix
internal import Orchestration
internal import Realtime
internal import Sandboxes
internal import ServiceLifecycle

/// The whole server as one service: catalogue, model, sandboxes, hub, orchestrator and HTTP.
///
/// Everything that can be wrong with the machine or the settings is found when it is made; `run` serves until the graceful
/// shutdown. Then it stops accepting, tells every client `3001 shutdown`, lets the orchestrator reach a safe point, and ends.
package struct VibeServerApplication: Service {
    /// The calls that the server takes.
    package let routes: RouteTable
    private let source: ModelSource
    private let core: ServerCore
    private let logger: Logger

    /// Makes all parts; `parts` is what a test brings itself, `onReady` is told `http://HOST:PORT` once connections are taken.
    ///
    /// Throws `ConfigurationError`, which says what is wrong and the mend.
    package init(
        configuration: ServerConfiguration,
        parts: ServerParts = ServerParts(),
        logger: Logger,
        onReady: @escaping @Sendable (String) async -> Void
    ) throws {
        try Self.check(configuration)
        let reservation = try PortReservation(host: configuration.host, port: configuration.port)
        let addresses = try ServerAddresses(configuration, port: reservation.port)
        let catalogue = try Self.openCatalogue(configuration.dataDirectory)
        let source = try ModelSource(configuration, model: parts.model, logger: logger)
        let group = MultiThreadedEventLoopGroup.singleton
        var hubOptions = configuration.hub
        hubOptions.compression = configuration.upgrade.compression
        let hub = Hub(group: group, options: hubOptions)
        let orchestrator = Orchestrator(
            configuration: Self.orchestration(configuration, addresses),
            catalogue: catalogue,
            model: source.model,
            sandboxes: try parts.sandboxes ?? SandboxFactory.provider(configuration, logger: logger),
            hub: hub,
            logger: logger
        )
        let access = OperatorAccess(secret: configuration.adminSecret, isOpen: Self.isPrivate(configuration, addresses))
        let snapshots = try Self.archiveStore(configuration)
        let api = API(orchestrator: orchestrator, access: access, snapshots: snapshots)
        let tokens = Self.tokenVerifier(configuration.tokenSecret)
        let application = VibeApplication(orchestrator: orchestrator, api: api, tokens: tokens)
        let site = try Self.site(configuration, access, clock: parts.pageClock, logger: logger)
        let gate = ConnectionGate(limits: configuration.connections)
        let platform = PlatformResponder(
            api: api,
            policy: addresses.policy,
            site: site,
            hub: hub,
            streams: StreamRoutes(hub: hub, application: application, gate: gate, logger: logger)
        )
        let front = FrontResponder(
            policy: addresses.policy,
            platform: platform,
            gateway: PreviewGateway(directory: orchestrator, policy: addresses.policy, site: site)
        )
        let sockets = ProductUpgradeRouter(
            policy: addresses.policy,
            hub: hub,
            application: application,
            directory: orchestrator,
            gate: gate,
            compression: configuration.upgrade.compression,
            logger: logger
        )
        let http = Application(
            responder: front,
            server: .upgradable(router: sockets, options: configuration.upgrade),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: reservation.port),
                backlog: 4_096
            ),
            onServerRunning: { channel in
                do {
                    try await AcceptWatch.start(
                        on: channel,
                        reserving: configuration.connections.reservedDescriptors,
                        logger: logger
                    )
                } catch {
                    logger.warning("Accepting is not watched", metadata: ["error.type": "\(type(of: error))"])
                }
                let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
                await onReady("http://\(host):\(reservation.port)")
            },
            eventLoopGroupProvider: .shared(group),
            logger: logger
        )
        self.source = source
        routes = platform.routes
        self.logger = logger
        core = ServerCore(source: source, orchestrator: orchestrator, hub: hub, http: http)
    }

    package func run() async throws {
        // Services end in the reverse order: the simulator goes on answering until the last generation has ended.
        let services: [any Service] = source.simulator.map { [$0, core] } ?? [core]
        try await ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger)).run()
    }

    private static func check(_ configuration: ServerConfiguration) throws(ConfigurationError) {
        guard configuration.authentication == .open else {
            throw ConfigurationError("VIBE_AUTH=required is not available in this version; use open.")
        }
        guard !isLoopback(configuration.host) else { return }
        guard configuration.allowOpen else {
            throw ConfigurationError(
                """
                An open server lets anybody who reaches it run prompts: it listens on this machine only. \
                Set VIBE_ALLOW_OPEN=1 to listen on \(configuration.host) all the same.
                """
            )
        }
        guard configuration.sandbox != .process else {
            throw ConfigurationError("VIBE_SANDBOX=process isolates nothing: it is for loopback addresses only.")
        }
    }

    /// Whether only this machine reaches the server: it listens on loopback, and is known by no name of another's.
    ///
    /// A proxy in front of it is told by the public address.
    private static func isPrivate(_ configuration: ServerConfiguration, _ addresses: ServerAddresses) -> Bool {
        let names = [addresses.publicOrigin.host] + configuration.extraHosts
        return configuration.authentication == .open && isLoopback(configuration.host)
            && names.allSatisfy { isLoopback($0) || $0 == "[::1]" || $0.hasSuffix(".localhost") }
    }

    private static func archiveStore(_ configuration: ServerConfiguration) throws -> ArchiveStore {
        do {
            return try ArchiveStore(
                dataFolder: SiteLocator.absolute(configuration.dataDirectory),
                limits: configuration.snapshots
            )
        } catch SandboxError.system(let operation, _, let message) {
            throw ConfigurationError("Snapshots cannot be kept: \(operation): \(message) (VIBE_DATA_DIR)")
        }
    }

    private static func tokenVerifier(_ secret: Secret?) -> (any TokenVerifier)? {
        guard let secret, !secret.reveal().isEmpty else { return nil }
        return HMACTokenVerifier(secret: secret.reveal(), now: { UInt64(max(0, Date.now.timeIntervalSince1970)) })
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: 0), case .v4 = address else { return false }
        return host.hasPrefix("127.")
    }

    private static func openCatalogue(_ folder: String) throws -> SQLiteCatalogue {
        do {
            return try SQLiteCatalogue(folder: folder)
        } catch .locked(let text) {
            throw ConfigurationError("Another server uses the data folder \(folder) (VIBE_DATA_DIR): \(text)")
        } catch .full {
            throw ConfigurationError("The disk of the data folder \(folder) is full.")
        } catch .unusable(let text) {
            throw ConfigurationError("The data folder cannot be used (VIBE_DATA_DIR): \(text)")
        } catch {
            throw ConfigurationError("The data folder \(folder) cannot be used (VIBE_DATA_DIR): \(error)")
        }
    }

    private static func site(
        _ configuration: ServerConfiguration,
        _ access: OperatorAccess,
        clock: (@Sendable () -> NIODeadline)?,
        logger: Logger
    ) throws -> StaticSite {
        guard let folder = SiteLocator.find("Public", marker: "index.html", set: configuration.publicDirectory) else {
            guard configuration.publicDirectory == nil else {
                throw ConfigurationError("The folder of pages does not exist (VIBE_PUBLIC_DIR).")
            }
            logger.warning("No folder of pages was found: only the API answers")
            return StaticSite()
        }
        do {
            let bundler = ScriptBundler(bun: SandboxFactory.toolchain(configuration).bun)
            let documents = SiteLocator.find("protocol", marker: "openapi.json", set: nil)
            return try StaticSite(
                directory: SiteLocator.absolute(folder),
                isSimulated: configuration.usesSimulator,
                access: access,
                others: documents.map { ["/openapi.json": $0 + "/openapi.json"] } ?? [:],
                bundle: { modules in
                    do {
                        return try await bundler.bundle(modules)
                    } catch {
                        logger.warning("Pages load their modules one by one", metadata: ["error.message": "\(error)"])
                        return [:]
                    }
                },
                now: clock ?? { .now() }
            )
        } catch {
            throw ConfigurationError("The folder of pages \(folder) cannot be read (VIBE_PUBLIC_DIR): \(error)")
        }
    }

    private static func orchestration(
        _ configuration: ServerConfiguration,
        _ addresses: ServerAddresses
    ) -> OrchestrationConfiguration {
        var settings = configuration.orchestration
        settings.codeModel = configuration.codeModel
        settings.chatModel = configuration.chatModel
        settings.previewURL = addresses.preview.template
        settings.publicURL = addresses.publicOrigin.text
        return settings
    }
}
