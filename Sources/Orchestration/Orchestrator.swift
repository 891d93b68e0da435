package import Catalogue
package import Claude
package import Logging
package import Realtime
package import Sandboxes
internal import ServiceLifecycle
internal import Synchronization

/// All apps of this server: creates them, finds their sessions, keeps the `apps` channel, recovers after a restart.
///
/// A long-lived service: `run` takes up what the last process left (interrupted generations, queues, sandboxes) and returns
/// after a graceful shutdown. Calls are answered as soon as `run` has read the catalogue; earlier ones wait for that.
package final class Orchestrator: Service {
    /// What is known of the sessions.
    struct Registry: Sendable {
        /// Sessions that are loaded or being loaded; `nil` inside stands for an app that is not there.
        var sessions: [String: OneShot<AppSession?>] = [:]
        /// Set for good when the server ends.
        var isClosing = false
    }

    /// The time that sessions have to end what runs before their sandboxes are taken from them.
    private static let closingTime = Duration.seconds(5)

    let services: Services
    let registry = Mutex(Registry())
    /// Resolved when the catalogue was read.
    let recovered = OneShot<Void>()

    package convenience init(
        configuration: OrchestrationConfiguration,
        catalogue: any Catalogue,
        model: any ModelClient,
        sandboxes: any SandboxProvider,
        hub: Hub,
        logger: Logger
    ) {
        self.init(
            configuration: configuration,
            catalogue: catalogue,
            model: model,
            sandboxes: sandboxes,
            hub: hub,
            logger: logger,
            time: .system,
            tap: nil
        )
    }

    /// As the other, with clocks and a tap of a test's own.
    init(
        configuration: OrchestrationConfiguration,
        catalogue: any Catalogue,
        model: any ModelClient,
        sandboxes: any SandboxProvider,
        hub: Hub,
        logger: Logger,
        time: Timekeeper,
        tap: PublicationTap?
    ) {
        let board = AppsBoard(time: time, distinctViewers: { hub.viewers })
        let meter = ServerMeter()
        services = Services(
            configuration: configuration,
            catalogue: catalogue,
            model: model,
            sandboxes: sandboxes,
            hub: hub,
            limiter: GenerationLimiter(limit: configuration.maximumGenerations),
            board: board,
            meter: meter,
            stats: StatsBoard(hub: hub, apps: board, meter: meter, time: time),
            idle: IdleWatch(time: time, limit: configuration.idleSleep),
            time: time,
            logger: logger,
            tap: tap
        )
    }

    /// Limits and names of the orchestration.
    package var configuration: OrchestrationConfiguration { services.configuration }

    /// Whether the catalogue was read and calls are answered.
    package var isReady: Bool {
        if case .success = recovered.current { !registry.withLock { $0.isClosing } } else { false }
    }

    /// Takes up what the last process left, then runs until the graceful shutdown and ends what runs.
    ///
    /// - Throws: `CatalogueError` when the catalogue cannot be read.
    package func run() async throws {
        let resumed: [Resumption]
        do {
            resumed = try await recover()
        } catch {
            recovered.resolve(.failure(OrchestrationError(error)))
            throw error
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.resume(resumed) }
            group.addTask { await self.services.idle.run() }
            group.addTask { await self.services.stills.run(atOnce: self.services.configuration.stillsAtOnce) }
            // Cancelled is ended as well.
            try? await gracefulShutdown()
            group.cancelAll()
        }
        await shutDown()
    }

    private func shutDown() async {
        let loaded = registry.withLock { registry in
            registry.isClosing = true
            return Array(registry.sessions.values)
        }
        let services = services
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withTaskGroup(of: Void.self) { group in
                    for promise in loaded {
                        guard case .success(let session?) = promise.current else { continue }
                        group.addTask { await session.close() }
                    }
                }
            }
            group.addTask {
                // A bundler that does not end holds a session up: without its sandbox it ends. Cut short when all have closed.
                try? await services.time.sleep(Self.closingTime)
                await services.sandboxes.shutdown()
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// The session of an app, loaded if need be.
    ///
    /// - Throws: `unknownApp`, `terminated`, `shuttingDown`, or a storage error.
    func session(_ appID: String) async throws -> AppSession {
        try await recovered.value()
        return try await loadSession(appID)
    }

    /// As `session`, for the recovery itself.
    ///
    /// - Parameters:
    ///   - appID: the app.
    ///   - phase: the phase to begin with, when it does not follow from the catalogue.
    /// - Returns: the one session of the app.
    /// - Throws: `unknownApp`, `terminated`, `shuttingDown`, or a storage error.
    func loadSession(_ appID: String, phase: Phase? = nil) async throws -> AppSession {
        guard Identifier.isApp(appID) else { throw OrchestrationError.unknownApp }
        let (promise, mustLoad) = try registry.withLock { registry in
            if let promise = registry.sessions[appID] { return (promise, false) }
            guard !registry.isClosing else { throw OrchestrationError.shuttingDown }
            let promise = OneShot<AppSession?>()
            registry.sessions[appID] = promise
            return (promise, true)
        }
        if mustLoad {
            // The bridge from one load to its many waiters, any of which may be cancelled.
            Task { await load(appID, phase: phase, into: promise) }
        }
        guard let session = try await promise.value() else { throw OrchestrationError.unknownApp }
        return session
    }

    private func load(_ appID: String, phase: Phase?, into promise: OneShot<AppSession?>) async {
        do {
            guard var seed = try await AppSeed(appID: appID, catalogue: services.catalogue) else {
                forget(appID)
                promise.resolve(.success(nil))
                return
            }
            guard !seed.app.isTerminated else { throw OrchestrationError.terminated }
            seed.phase = phase
            services.board.loaded(AppView(seed.app, url: services.pageURL(appID)))
            let session = makeSession(seed)
            services.board.changed(session.view, isBuilding: !seed.queue.isEmpty)
            promise.resolve(.success(session))
            if registry.withLock({ $0.isClosing }) { await session.close() } else { await session.startLoop() }
        } catch {
            forget(appID)
            promise.resolve(.failure(OrchestrationError(error)))
        }
    }

    /// Takes a session out of the registry.
    func forget(_ appID: String) {
        registry.withLock { _ = $0.sessions.removeValue(forKey: appID) }
    }

    /// Opens the app's channel and makes its session.
    ///
    /// Once for each app.
    func makeSession(_ seed: AppSeed) -> AppSession {
        let id = seed.app.id
        let services = services
        var options = ChannelOptions()
        options.countsViewers = true
        options.hasPresence = true
        options.history = services.configuration.history
        return AppSession(seed: seed, services: services) { [options] state in
            let channel = services.hub.open(
                ChannelName(.app, appID: id).text,
                state: state,
                options: options,
                onSubscribers: { count in
                    services.board.viewers(id, count)
                    services.idle.viewers(id, count)
                }
            )
            return Feed(channel: channel, tap: services.tap)
        }
    }
}
