internal import Foundation
internal import GRDB

extension SQLiteCatalogue {
    package func addStill(_ still: StillRecord) async throws {
        try await write { db in
            guard
                try Bool.fetchOne(
                    db,
                    sql: "SELECT 1 FROM version WHERE app_id = ? AND number = ?",
                    arguments: [still.appID, still.version]
                ) == true
            else { throw CatalogueError.notFound("\(still.appID) version \(still.version)") }
            try db.execute(
                sql: "INSERT OR REPLACE INTO still (app_id, version, format, bytes) VALUES (?, ?, ?, ?)",
                arguments: [still.appID, still.version, still.format.rawValue, Data(still.bytes)]
            )
        }
    }

    package func still(app id: String, version: Int?) async throws -> StillRecord? {
        try await read { db in
            let condition = version == nil ? "" : " AND version = ?"
            let row = try Row.fetchOne(
                db,
                sql: "SELECT * FROM still WHERE app_id = ?\(condition) ORDER BY version DESC LIMIT 1",
                arguments: version.map { [id, $0] } ?? [id]
            )
            guard let row, let format = StillRecord.Format(rawValue: row["format"]) else { return nil }
            let bytes: Data = row["bytes"]
            return StillRecord(appID: id, version: row["version"], format: format, bytes: Array(bytes))
        }
    }
}
