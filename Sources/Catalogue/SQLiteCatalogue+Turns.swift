internal import Foundation
internal import GRDB

extension SQLiteCatalogue {
    package func enqueue(_ prompt: PromptRecord) async throws {
        try await write { db in try prompt.insert(db) }
    }

    package func queue(app id: String) async throws -> [PromptRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM prompt WHERE app_id = ? ORDER BY sequence", arguments: [id])
                .map(PromptRecord.init(row:))
        }
    }

    package func removePrompt(_ messageID: String) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM prompt WHERE message_id = ?", arguments: [messageID])
            guard db.changesCount == 1 else { throw CatalogueError.notFound(messageID) }
        }
    }

    package func beginGeneration(_ generation: GenerationRecord, message: MessageRecord) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM prompt WHERE message_id = ?", arguments: [message.id])
            try message.insert(db)
            try generation.insert(db)
        }
    }

    package func finishGeneration(
        _ generation: GenerationRecord,
        message: MessageRecord,
        version: VersionRecord?
    ) async throws {
        try await write { db in
            try generation.update(db)
            try version?.insert(db)
            try message.insert(db)
        }
    }

    package func messages(
        app id: String,
        before: String?,
        limit: Int
    ) async throws -> (messages: [MessageRecord], hasMore: Bool) {
        let limit = min(max(limit, 1), 500)
        return try await read { db in
            var condition = "app_id = ?"
            var arguments: StatementArguments = [id]
            if let before {
                condition += " AND sequence < (SELECT sequence FROM message WHERE id = ? AND app_id = ?)"
                arguments += [before, id]
            }
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT * FROM message WHERE \(condition) ORDER BY sequence DESC LIMIT \(limit + 1)",
                arguments: arguments
            )
            return (rows.prefix(limit).reversed().map(MessageRecord.init(row:)), rows.count > limit)
        }
    }

    package func generations(app id: String) async throws -> [GenerationRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM generation WHERE app_id = ? ORDER BY sequence", arguments: [id])
                .map(GenerationRecord.init(row:))
        }
    }

    package func runningGenerations() async throws -> [GenerationRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM generation WHERE outcome = 'running' ORDER BY sequence")
                .map(GenerationRecord.init(row:))
        }
    }
}

extension PromptRecord {
    func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO prompt (message_id, app_id, text, author_id, author_name, origin, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [messageID, appID, text, authorID, authorName, try origin?.stored, createdAt.milliseconds]
        )
        try AuthorRecord(userID: authorID, name: authorName).insert(db, app: appID)
        try AppTouch.touch(db, app: appID, at: createdAt)
    }

    fileprivate init(row: Row) {
        self.init(
            messageID: row["message_id"],
            appID: row["app_id"],
            text: row["text"],
            authorID: row["author_id"],
            authorName: row["author_name"],
            createdAt: Date(milliseconds: row["created_at"])
        )
        origin = Meaning(stored: row["origin"])
    }
}

extension MessageRecord {
    func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO message (id, app_id, role, content, author_id, author_name, created_at, version, outcome,
                    stopped_by_id, stopped_by_name, error, origin)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, appID, role.rawValue, content, authorID, authorName, createdAt.milliseconds, version,
                outcome?.rawValue, stoppedBy?.userID, stoppedBy?.name, try error?.stored, try origin?.stored,
            ]
        )
        try AppTouch.touch(db, app: appID, at: createdAt)
    }

    fileprivate init(row: Row) {
        self.init(
            id: row["id"],
            appID: row["app_id"],
            role: Role(rawValue: row["role"]) ?? .assistant,
            content: row["content"],
            authorID: row["author_id"],
            authorName: row["author_name"],
            createdAt: Date(milliseconds: row["created_at"]),
            version: row["version"]
        )
        outcome = (row["outcome"] as String?).flatMap(GenerationRecord.Outcome.init)
        if let userID = row["stopped_by_id"] as String? {
            stoppedBy = AuthorRecord(userID: userID, name: row["stopped_by_name"] ?? "")
        }
        error = Meaning(stored: row["error"])
        origin = Meaning(stored: row["origin"])
    }
}

extension GenerationRecord {
    fileprivate func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO generation (id, app_id, message_id, model, attempt, outcome, stopped_by, error, version,
                    input_tokens, output_tokens, started_at, finished_at, partial_code)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, appID, messageID, model, attempt, outcome.rawValue, stoppedBy, try error?.stored, version,
                inputTokens, outputTokens, startedAt.milliseconds, finishedAt?.milliseconds, partialCode,
            ]
        )
    }

    fileprivate func update(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE generation SET model = ?, attempt = ?, outcome = ?, stopped_by = ?, error = ?, errors = ?,
                    version = ?, input_tokens = ?, output_tokens = ?, finished_at = ?, partial_code = ?
                WHERE id = ? AND app_id = ?
                """,
            arguments: [
                model, attempt, outcome.rawValue, stoppedBy, try error?.stored, try storedErrors(), version,
                inputTokens,
                outputTokens, finishedAt?.milliseconds, partialCode, id, appID,
            ]
        )
        guard db.changesCount == 1 else { throw CatalogueError.notFound(id) }
    }

    private func storedErrors() throws -> String? {
        errors.isEmpty ? nil : String(decoding: try JSONEncoder().encode(errors), as: UTF8.self)
    }

    fileprivate init(row: Row) {
        self.init(
            id: row["id"],
            appID: row["app_id"],
            messageID: row["message_id"],
            model: row["model"],
            startedAt: Date(milliseconds: row["started_at"])
        )
        attempt = row["attempt"]
        outcome = Outcome(rawValue: row["outcome"]) ?? .interrupted
        stoppedBy = row["stopped_by"]
        error = Meaning(stored: row["error"])
        // What an older or newer server wrote otherwise is no reason to refuse the generation.
        errors =
            (row["errors"] as String?).flatMap { try? JSONDecoder().decode([ErrorRecord].self, from: Data($0.utf8)) }
            ?? []
        version = row["version"]
        inputTokens = row["input_tokens"]
        outputTokens = row["output_tokens"]
        finishedAt = (row["finished_at"] as Int64?).map(Date.init(milliseconds:))
        partialCode = row["partial_code"]
    }
}

/// Keeps `updated_at`, which never goes backwards.
enum AppTouch {
    static func touch(_ db: Database, app id: String, at time: Date) throws {
        try db.execute(
            sql: "UPDATE app SET updated_at = max(updated_at, ?) WHERE id = ?",
            arguments: [time.milliseconds, id]
        )
    }
}
