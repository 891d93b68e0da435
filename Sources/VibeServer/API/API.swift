internal import HTTPTypes
internal import Catalogue
package import Orchestration
internal import Realtime
package import Sandboxes

/// The calls that HTTP and RPC share: checks arguments, asks the orchestrator, shapes the answer.
package struct API: Sendable {
    private let orchestrator: Orchestrator
    /// Who may act on all apps.
    let access: OperatorAccess
    private let snapshots: ArchiveStore?

    /// Without a place for snapshots there are none.
    package init(orchestrator: Orchestrator, access: OperatorAccess, snapshots: ArchiveStore? = nil) {
        self.orchestrator = orchestrator
        self.access = access
        self.snapshots = snapshots
    }

    /// Whether calls are answered.
    var isReady: Bool { orchestrator.isReady }

    func create(prompt: String, by person: Person) async throws -> CreateAnswer {
        let app = try await orchestrator.create(prompt: prompt, author: person)
        return CreateAnswer(appID: app.id, url: app.url, channel: ChannelName(.app, appID: app.id).text)
    }

    func waitUntilLive(_ appID: String) async throws {
        try await orchestrator.waitUntilLive(appID: appID)
    }

    func write(_ appID: String, text: String, by person: Person) async throws -> WriteAnswer {
        let (messageID, position) = try await orchestrator.write(appID: appID, text: text, author: person)
        return WriteAnswer(messageID: messageID, position: position)
    }

    func history(_ appID: String, _ arguments: HistoryArguments) async throws -> HistoryAnswer {
        let limit = arguments.limit ?? HistoryArguments.defaultLimit
        try Self.check(limit, in: HistoryArguments.limits, "limit")
        let page = try await orchestrator.history(appID: appID, before: arguments.before, limit: limit)
        return HistoryAnswer(messages: page.messages, more: page.more)
    }

    func status(_ appID: String) async throws -> StatusAnswer {
        let (status, phase) = try await orchestrator.status(appID: appID)
        return StatusAnswer(status: status, phase: phase)
    }

    func ping(_ appID: String) async throws -> DoneAnswer {
        try await orchestrator.ping(appID: appID)
        return DoneAnswer()
    }

    func list(_ arguments: ListArguments) async throws -> ListAnswer {
        var query = AppQuery()
        if let limit = arguments.limit {
            try Self.check(limit, in: ListArguments.limits, "limit")
            query.limit = limit
        }
        query.cursor = arguments.cursor
        query.featured = arguments.featured
        query.text = arguments.text.flatMap { $0.isEmpty ? nil : $0 }
        query.authorID = arguments.userID.flatMap { $0.isEmpty ? nil : $0 }
        return ListAnswer(try await orchestrator.list(query))
    }

    func detail(_ appID: String) async throws -> DetailAnswer {
        DetailAnswer(detail: try await orchestrator.detail(appID: appID))
    }

    func code(_ appID: String, _ arguments: CodeArguments) async throws -> CodeView {
        try await orchestrator.code(appID: appID, version: arguments.version)
    }

    func versions(_ appID: String) async throws -> VersionsAnswer {
        VersionsAnswer(versions: try await orchestrator.versions(appID: appID))
    }

    func revert(_ appID: String, version: Int, by person: Person) async throws -> DoneAnswer {
        DoneAnswer(version: try await orchestrator.revert(appID: appID, version: version, by: person))
    }

    func stop(_ appID: String, by person: Person) async throws -> DoneAnswer {
        try await orchestrator.stop(appID: appID, by: person)
        return DoneAnswer()
    }

    func retry(_ appID: String, by person: Person) async throws -> WriteAnswer {
        let (messageID, position) = try await orchestrator.retry(appID: appID, by: person)
        return WriteAnswer(messageID: messageID, position: position)
    }

    func terminate(_ appID: String) async throws -> DoneAnswer {
        try await orchestrator.terminate(appID: appID)
        return DoneAnswer()
    }

    func toggleFeature(_ appID: String) async throws -> DoneAnswer {
        DoneAnswer(isFeatured: try await orchestrator.toggleFeature(appID: appID))
    }

    func terminateAll() async throws -> DoneAnswer {
        DoneAnswer(terminated: try await orchestrator.terminateAll())
    }

    func snapshot(_ appID: String) async throws -> SnapshotAnswer {
        guard let snapshots else { throw APIError.notFound }
        return SnapshotAnswer(try await orchestrator.snapshot(appID: appID, in: snapshots))
    }

    /// The path of a snapshot's file.
    func snapshotFile(_ id: String) throws(APIError) -> String {
        guard let path = snapshots?.file(id: id) else { throw .notFound }
        return path
    }

    /// All counters as Prometheus reads them.
    func metricsText(_ hub: HubMetrics) -> String { MetricsText(orchestrator.metrics, hub: hub).text }

    private static func check(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws(APIError) {
        guard range.contains(value) else {
            throw .invalid("\"\(name)\" is a number from \(range.lowerBound) to \(range.upperBound).")
        }
    }
}
