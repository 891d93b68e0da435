internal import HTTPTypes
internal import NIOCore
internal import Catalogue
internal import struct Foundation.Date
package import Claude
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
        CreateAnswer(try await orchestrator.create(prompt: prompt, author: person))
    }

    func waitUntilLive(_ appID: String) async throws -> FirstVersion {
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

    /// The app as lists show it, also one that has been ended.
    func app(_ appID: String) async throws -> AppView {
        try await orchestrator.view(appID)
    }

    /// - Throws: 404 also while there is no picture.
    func still(_ appID: String, version: Int?) async throws -> StillView {
        guard let still = try await orchestrator.still(appID: appID, version: version) else {
            throw APIError(.noStill)
        }
        return still
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

    func repair(_ appID: String, by person: Person) async throws -> WriteAnswer {
        let (messageID, position) = try await orchestrator.repair(appID: appID, by: person)
        return WriteAnswer(messageID: messageID, position: position)
    }

    func rename(_ appID: String, title: String) async throws -> DoneAnswer {
        DoneAnswer(title: try await orchestrator.rename(appID: appID, title: title))
    }

    func withdraw(_ appID: String, messageID: String, by person: Person, isAdmin: Bool) async throws -> DoneAnswer {
        try await orchestrator.withdraw(appID: appID, messageID: messageID, by: person, isAdmin: isAdmin)
        return DoneAnswer()
    }

    func fork(_ appID: String, version: Int?, by person: Person) async throws -> CreateAnswer {
        if let version { try Self.check(version, in: CodeArguments.numbers, "version") }
        return CreateAnswer(try await orchestrator.fork(appID: appID, version: version, by: person))
    }

    /// A version as a project of its own, and as a zip archive.
    func export(_ appID: String, version: Int?) async throws -> (project: ExportProject, archive: ByteBuffer) {
        let code = try await orchestrator.code(appID: appID, version: version)
        let title = try await orchestrator.view(appID).title
        let project = try ExportProject(title: title, version: code.version, source: code.files)
        return (project, project.archive(date: Date()))
    }

    func console(_ appID: String, _ arguments: ConsoleArguments, by person: Person) async throws -> DoneAnswer {
        try await orchestrator.report(appID: appID, arguments.checked(), by: person)
        return DoneAnswer()
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
        guard range.contains(value) else { throw .outOfRange(name, range) }
    }
}
