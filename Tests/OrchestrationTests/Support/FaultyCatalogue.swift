import Catalogue
import Foundation
import Synchronization

/// A catalogue whose writes fail as on a full disk when a test says so.
final class FaultyCatalogue: Catalogue {
    let inner: any Catalogue
    let isFull = Mutex(false)
    /// How many writes were refused.
    let refusals = Mutex(0)

    init(_ inner: any Catalogue) { self.inner = inner }

    private func write() throws {
        guard isFull.withLock({ $0 }) else { return }
        refusals.withLock { $0 += 1 }
        throw CatalogueError.full
    }

    func createApp(_ app: AppRecord, prompt: PromptRecord) async throws {
        try write(); try await inner.createApp(app, prompt: prompt)
    }
    func createApp(_ app: AppRecord, version: VersionRecord, message: MessageRecord) async throws {
        try write(); try await inner.createApp(app, version: version, message: message)
    }
    func app(_ id: String) async throws -> AppRecord? { try await inner.app(id) }
    func apps(_ query: AppQuery) async throws -> [AppRecord] { try await inner.apps(query) }
    func openApps() async throws -> [AppRecord] { try await inner.openApps() }
    func appCount(includingTerminated: Bool) async throws -> Int {
        try await inner.appCount(includingTerminated: includingTerminated)
    }
    func setTitle(_ title: String, app id: String) async throws {
        try write(); try await inner.setTitle(title, app: id)
    }
    func setFeatured(_ featured: Bool, app id: String) async throws {
        try write(); try await inner.setFeatured(featured, app: id)
    }
    func setTerminated(app id: String, at time: Date) async throws {
        try write(); try await inner.setTerminated(app: id, at: time)
    }
    func setRunning(_ running: Bool, app id: String) async throws {
        try write(); try await inner.setRunning(running, app: id)
    }
    func enqueue(_ prompt: PromptRecord) async throws { try write(); try await inner.enqueue(prompt) }
    func queue(app id: String) async throws -> [PromptRecord] { try await inner.queue(app: id) }
    func removePrompt(_ messageID: String) async throws { try write(); try await inner.removePrompt(messageID) }
    func beginGeneration(_ generation: GenerationRecord, message: MessageRecord) async throws {
        try write()
        try await inner.beginGeneration(generation, message: message)
    }
    func finishGeneration(_ generation: GenerationRecord, message: MessageRecord, version: VersionRecord?) async throws
    {
        try write()
        try await inner.finishGeneration(generation, message: message, version: version)
    }
    func messages(app id: String, before: String?, limit: Int) async throws -> (
        messages: [MessageRecord], hasMore: Bool
    ) {
        try await inner.messages(app: id, before: before, limit: limit)
    }
    func addVersion(_ version: VersionRecord, message: MessageRecord) async throws {
        try write()
        try await inner.addVersion(version, message: message)
    }
    func versions(app id: String) async throws -> [VersionRecord] { try await inner.versions(app: id) }
    func version(app id: String, number: Int?) async throws -> VersionRecord? {
        try await inner.version(app: id, number: number)
    }
    func addStill(_ still: StillRecord) async throws { try write(); try await inner.addStill(still) }
    func still(app id: String, version: Int?) async throws -> StillRecord? {
        try await inner.still(app: id, version: version)
    }
    func generations(app id: String) async throws -> [GenerationRecord] { try await inner.generations(app: id) }
    func runningGenerations() async throws -> [GenerationRecord] { try await inner.runningGenerations() }
}
