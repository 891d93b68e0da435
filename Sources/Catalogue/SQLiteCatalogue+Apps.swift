package import Foundation
internal import GRDB

extension SQLiteCatalogue {
    package func createApp(_ app: AppRecord, prompt: PromptRecord) async throws {
        try await write { db in
            try app.insert(db)
            try prompt.insert(db)
        }
    }

    package func createApp(_ app: AppRecord, version: VersionRecord, message: MessageRecord) async throws {
        try await write { db in
            try app.insert(db)
            try AuthorRecord(userID: app.authorID, name: app.authorName).insert(db, app: app.id)
            try version.insert(db)
            try message.insert(db)
        }
    }

    package func app(_ id: String) async throws -> AppRecord? {
        try await read { db in try AppRecord.fetch(db, where: "app.id = ?", arguments: [id]).first }
    }

    package func apps(_ query: AppQuery) async throws -> [AppRecord] {
        try await read { db in
            var conditions = ["app.terminated_at IS NULL"]
            var arguments = StatementArguments()
            if let cursor = query.cursor {
                conditions.append("app.sequence < (SELECT sequence FROM app WHERE id = ?)")
                arguments += [cursor]
            }
            if let featured = query.featured {
                conditions.append("app.is_featured = ?")
                arguments += [featured]
            }
            if let text = query.text, !text.isEmpty {
                let pattern = "%" + text.escapedForLike + "%"
                conditions.append("(app.title LIKE ? ESCAPE '\\' OR app.prompt LIKE ? ESCAPE '\\')")
                arguments += [pattern, pattern]
            }
            if let author = query.authorID {
                conditions.append("app.id IN (SELECT app_id FROM author WHERE user_id = ?)")
                arguments += [author]
            }
            return try AppRecord.fetch(
                db,
                where: conditions.joined(separator: " AND "),
                arguments: arguments,
                limit: min(max(query.limit, 1), 200)
            )
        }
    }

    package func openApps() async throws -> [AppRecord] {
        try await read { db in try AppRecord.fetch(db, where: "app.terminated_at IS NULL", arguments: []) }
    }

    package func appCount(includingTerminated: Bool) async throws -> Int {
        try await read { db in
            let condition = includingTerminated ? "" : " WHERE terminated_at IS NULL"
            return try Int.fetchOne(db, sql: "SELECT count(*) FROM app" + condition) ?? 0
        }
    }

    package func setTitle(_ title: String, app id: String) async throws {
        try await update(app: id, "title = ?", [title])
    }

    package func setFeatured(_ featured: Bool, app id: String) async throws {
        try await update(app: id, "is_featured = ?", [featured])
    }

    package func setTerminated(app id: String, at time: Date) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE app SET terminated_at = ?, is_running = 0, is_featured = 0 WHERE id = ?",
                arguments: [time.milliseconds, id]
            )
            guard db.changesCount == 1 else { throw CatalogueError.notFound(id) }
            try db.execute(sql: "DELETE FROM prompt WHERE app_id = ?", arguments: [id])
        }
    }

    package func setRunning(_ running: Bool, app id: String) async throws {
        try await update(app: id, "is_running = ?", [running])
    }

    private func update(app id: String, _ assignment: String, _ arguments: StatementArguments) async throws {
        try await write { db in
            try db.execute(sql: "UPDATE app SET \(assignment) WHERE id = ?", arguments: arguments + [id])
            guard db.changesCount == 1 else { throw CatalogueError.notFound(id) }
        }
    }
}

extension AuthorRecord {
    /// Notes somebody as one of an app's people, under the newest name.
    func insert(_ db: Database, app id: String) throws {
        try db.execute(
            sql: """
                INSERT INTO author (app_id, user_id, name) VALUES (?, ?, ?)
                ON CONFLICT (app_id, user_id) DO UPDATE SET name = excluded.name
                """,
            arguments: [id, userID, name]
        )
    }
}

extension AppRecord {
    fileprivate func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO app (id, title, prompt, author_id, author_name, is_featured, is_running, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, title, prompt, authorID, authorName, isFeatured, isRunning, createdAt.milliseconds,
                updatedAt.milliseconds,
            ]
        )
    }

    /// Newest first.
    fileprivate static func fetch(
        _ db: Database,
        where condition: String,
        arguments: StatementArguments,
        limit: Int = -1
    ) throws -> [AppRecord] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT app.*, (SELECT count(*) FROM version WHERE app_id = app.id) AS version_count,
                    (SELECT max(version) FROM still WHERE app_id = app.id) AS still_version,
                    (SELECT outcome FROM generation WHERE app_id = app.id ORDER BY sequence DESC LIMIT 1) AS last_outcome
                FROM app WHERE \(condition) ORDER BY app.sequence DESC LIMIT \(limit)
                """,
            arguments: arguments
        )
        var apps = rows.map(AppRecord.init(row:))
        guard !apps.isEmpty else { return [] }
        var authors: [String: [AuthorRecord]] = [:]
        let ids = apps.count == 1 ? "app_id = ?" : "app_id IN (SELECT value FROM json_each(?))"
        let list =
            apps.count == 1 ? apps[0].id : String(decoding: try JSONEncoder().encode(apps.map(\.id)), as: UTF8.self)
        let authorRows = try Row.fetchCursor(
            db,
            sql: "SELECT app_id, user_id, name FROM author WHERE \(ids) ORDER BY sequence",
            arguments: [list]
        )
        while let row = try authorRows.next() {
            authors[row["app_id"], default: []].append(AuthorRecord(userID: row["user_id"], name: row["name"]))
        }
        for index in apps.indices { apps[index].authors = authors[apps[index].id] ?? [] }
        return apps
    }

    fileprivate init(row: Row) {
        self.init(
            id: row["id"],
            title: row["title"],
            prompt: row["prompt"],
            authorID: row["author_id"],
            authorName: row["author_name"],
            createdAt: Date(milliseconds: row["created_at"])
        )
        isFeatured = row["is_featured"]
        isTerminated = row["terminated_at"] as Int64? != nil
        isRunning = row["is_running"]
        updatedAt = Date(milliseconds: row["updated_at"])
        versionCount = row["version_count"]
        stillVersion = row["still_version"]
        isAnswered = row["last_outcome"] as String? == GenerationRecord.Outcome.answered.rawValue
    }
}

extension String {
    /// Takes the meaning from LIKE's own signs.
    fileprivate var escapedForLike: String {
        var escaped = ""
        for scalar in unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
