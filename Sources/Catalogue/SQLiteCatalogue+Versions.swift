internal import Foundation
internal import GRDB

extension SQLiteCatalogue {
    package func addVersion(_ version: VersionRecord, message: MessageRecord) async throws {
        try await write { db in
            try version.insert(db)
            try message.insert(db)
        }
    }

    package func versions(app id: String) async throws -> [VersionRecord] {
        try await read { db in
            let sql = """
                SELECT version.*, EXISTS (
                    SELECT 1 FROM still WHERE still.app_id = version.app_id AND still.version = version.number
                ) AS has_still
                FROM version WHERE app_id = ? ORDER BY number
                """
            return try Row.fetchAll(db, sql: sql, arguments: [id]).map { row in
                var version = VersionRecord(row: row, files: [:])
                version.hasStill = row["has_still"]
                return version
            }
        }
    }

    package func version(app id: String, number: Int?) async throws -> VersionRecord? {
        try await read { db in
            let condition = number == nil ? "" : " AND number = ?"
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: "SELECT * FROM version WHERE app_id = ?\(condition) ORDER BY number DESC LIMIT 1",
                    arguments: number.map { [id, $0] } ?? [id]
                )
            else { return nil }
            var files: [String: String] = [:]
            let found: Int = row["number"]
            let rows = try Row.fetchCursor(
                db,
                sql: "SELECT path, text FROM file WHERE app_id = ? AND version = ?",
                arguments: [id, found]
            )
            while let row = try rows.next() { files[row["path"]] = row["text"] }
            return VersionRecord(row: row, files: files)
        }
    }
}

extension VersionRecord {
    func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO version (app_id, number, prompt, origin, author_id, author_name, generation_id, model,
                    input_tokens, output_tokens, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                appID, number, prompt, try origin?.stored, authorID, authorName, generationID, model, inputTokens,
                outputTokens, createdAt.milliseconds,
            ]
        )
        for (path, text) in files {
            try db.execute(
                sql: "INSERT INTO file (app_id, version, path, text) VALUES (?, ?, ?, ?)",
                arguments: [appID, number, path, text]
            )
        }
    }

    fileprivate init(row: Row, files: [String: String]) {
        self.init(
            appID: row["app_id"],
            number: row["number"],
            prompt: row["prompt"],
            authorID: row["author_id"],
            authorName: row["author_name"],
            createdAt: Date(milliseconds: row["created_at"]),
            files: files
        )
        origin = Meaning(stored: row["origin"])
        generationID = row["generation_id"]
        model = row["model"]
        inputTokens = row["input_tokens"]
        outputTokens = row["output_tokens"]
    }
}
