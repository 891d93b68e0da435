internal import Catalogue
internal import Logging
package import Sandboxes

/// A snapshot that was made.
package struct SnapshotView: Sendable, Equatable {
    package var id: String
    package var appID: String
    package var bytes: UInt64
}

extension Orchestrator {
    /// Makes a tar file of the app's folder, or of its newest version where it has none.
    ///
    /// - Throws: `OrchestrationError`: `tooLarge`, `storageFull`; then nothing is left of it.
    package func snapshot(appID: String, in store: ArchiveStore) async throws -> SnapshotView {
        try await recovered.value()
        do {
            guard let app = try await services.catalogue.app(appID) else { throw OrchestrationError.unknownApp }
            guard !app.isTerminated else { throw OrchestrationError.terminated }
            let files = try await services.catalogue.version(app: appID, number: nil)?.files
            let id = Identifier.snapshot(at: services.time.date())
            let bytes = try await store.store(id: id, appID: appID, files: files ?? [:])
            services.logger.info("Snapshot was made", metadata: ["app.id": "\(appID)", "snapshot.bytes": "\(bytes)"])
            return SnapshotView(id: id, appID: appID, bytes: bytes)
        } catch ArchiveError.tooLarge(let limit) {
            throw OrchestrationError.tooLarge(limitBytes: limit)
        } catch ArchiveError.full {
            throw OrchestrationError.storageFull
        } catch {
            throw OrchestrationError(error)
        }
    }
}
