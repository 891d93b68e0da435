internal import Foundation
internal import GRDB

/// The catalogue in one SQLite file, in WAL mode with `synchronous=FULL`.
///
/// What a method has returned survives `kill -9` and power loss. Writes that wait together share one commit. SQLite runs on
/// GRDB's own queues, never on the cooperative pool. All errors are `CatalogueError`.
package final class SQLiteCatalogue: Catalogue {
    private let writer: any DatabaseWriter
    private let committer: GroupCommitter
    private let lock: FolderLock?

    /// Opens or creates `catalogue.sqlite` in a folder, and holds the folder for this process.
    ///
    /// - Throws: `CatalogueError.locked` when another server uses the folder, `unusable` when it cannot be written or the
    ///   file is no catalogue.
    package convenience init(folder: String) throws(CatalogueError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CatalogueError.unusable("cannot make the data folder \(folder): \(error.localizedDescription)")
        }
        let lock = try FolderLock(folder: folder)
        let path = folder + "/catalogue.sqlite"
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL when it turns on WAL; FULL also survives power loss.
                try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
            }
            try self.init(writer: pool, lock: lock)
        } catch let error as CatalogueError {
            throw error
        } catch {
            throw CatalogueError.unusable("cannot open \(path): \(error)")
        }
    }

    /// A catalogue that is gone with the process, for tests.
    package static func inMemory() throws -> SQLiteCatalogue {
        try SQLiteCatalogue(writer: DatabaseQueue(configuration: configuration), lock: nil)
    }

    private init(writer: any DatabaseWriter, lock: FolderLock?) throws {
        self.writer = writer
        self.lock = lock
        committer = GroupCommitter(writer: writer)
        try Schema.migrator.migrate(writer)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "catalogue"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        return configuration
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await committer.write(body)
        } catch {
            throw CatalogueError(error)
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await writer.read(body)
        } catch {
            throw CatalogueError(error)
        }
    }

    /// SQLite's own version, for `vibe doctor`.
    package static func libraryVersion() throws -> String {
        try DatabaseQueue().read { db in try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "" }
    }
}

extension CatalogueError {
    /// Names SQLite's errors in our own terms.
    init(_ error: any Error) {
        switch error {
        case let error as CatalogueError:
            self = error
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
            self = .full
        case let error as DatabaseError:
            self = .sqlite(code: error.extendedResultCode.rawValue, message: error.message ?? "no message")
        default:
            self = .sqlite(code: 1, message: "\(error)")
        }
    }
}

extension Date {
    /// Milliseconds since 1970, as the catalogue stores times.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}
