import Foundation
import GRDB
import Testing

@testable import Catalogue

/// A folder that is gone with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/catalogue-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

enum Samples {
    static let time = Date(timeIntervalSince1970: 1_790_000_000.123)

    static func app(_ id: String, author: String = "u1") -> AppRecord {
        AppRecord(
            id: id,
            title: "Title \(id)",
            prompt: "prompt \(id)",
            authorID: author,
            authorName: author.uppercased(),
            createdAt: time
        )
    }

    static func prompt(_ id: String, app: String, author: String = "u1", text: String = "do it") -> PromptRecord {
        PromptRecord(
            messageID: id,
            appID: app,
            text: text,
            authorID: author,
            authorName: author.uppercased(),
            createdAt: time
        )
    }

    static func message(_ id: String, app: String, role: MessageRecord.Role = .user, version: Int? = nil)
        -> MessageRecord
    {
        MessageRecord(
            id: id,
            appID: app,
            role: role,
            content: "content \(id) é 👩‍👩‍👧",
            authorID: "u1",
            authorName: "U1",
            createdAt: time,
            version: version
        )
    }

    static func version(_ number: Int, app: String) -> VersionRecord {
        VersionRecord(
            appID: app,
            number: number,
            prompt: "p",
            authorID: "u1",
            authorName: "U1",
            createdAt: time,
            files: ["src/LLMComponent.tsx": "export default 1 // \(number)", "src/a.css": "a{}"]
        )
    }
}

@Suite struct SQLiteCatalogueTests {
    let folder: TemporaryFolder
    let catalogue: SQLiteCatalogue

    init() throws {
        folder = try TemporaryFolder()
        catalogue = try SQLiteCatalogue(folder: folder.path)
    }

    @Test func storesAnAppWithItsFirstPrompt() async throws {
        try await catalogue.createApp(Samples.app("a"), prompt: Samples.prompt("m1", app: "a"))
        let app = try #require(try await catalogue.app("a"))
        #expect(app.title == "Title a")
        #expect(app.createdAt.milliseconds == Samples.time.milliseconds)
        #expect(app.authors == [AuthorRecord(userID: "u1", name: "U1")])
        #expect(try await catalogue.queue(app: "a").map(\.messageID) == ["m1"])
        #expect(try await catalogue.app("b") == nil)
    }

    @Test func aTurnLeavesQueueAndEntersHistoryInOneStep() async throws {
        try await catalogue.createApp(Samples.app("a"), prompt: Samples.prompt("m1", app: "a"))
        var generation = GenerationRecord(
            id: "g1",
            appID: "a",
            messageID: "m1",
            model: "model",
            startedAt: Samples.time
        )
        try await catalogue.beginGeneration(generation, message: Samples.message("m1", app: "a"))
        #expect(try await catalogue.queue(app: "a").isEmpty)
        #expect(try await catalogue.runningGenerations() == [generation])

        generation.outcome = .succeeded
        generation.version = 1
        generation.outputTokens = 7
        generation.finishedAt = Samples.time
        try await catalogue.finishGeneration(
            generation,
            message: Samples.message("m2", app: "a", role: .assistant, version: 1),
            version: Samples.version(1, app: "a")
        )
        #expect(try await catalogue.runningGenerations().isEmpty)
        #expect(try await catalogue.generations(app: "a") == [generation])
        let page = try await catalogue.messages(app: "a", before: nil, limit: 100)
        #expect(
            page.messages == [
                Samples.message("m1", app: "a"), Samples.message("m2", app: "a", role: .assistant, version: 1),
            ]
        )
        #expect(!page.hasMore)
        let version = try #require(try await catalogue.version(app: "a", number: nil))
        #expect(version == Samples.version(1, app: "a"))
        #expect(try await catalogue.app("a")?.versionCount == 1)
        #expect(try await catalogue.versions(app: "a").first?.files.isEmpty == true)
    }

    @Test func howATurnEndedAndWhatBrokeIsKept() async throws {
        var repair = Samples.prompt("m1", app: "a")
        repair.origin = Meaning("repair", ["error": .text("no_default_export")])
        try await catalogue.createApp(Samples.app("a"), prompt: repair)
        #expect(try await catalogue.queue(app: "a") == [repair])
        var generation = GenerationRecord(id: "g", appID: "a", messageID: "m1", model: "m", startedAt: Samples.time)
        try await catalogue.beginGeneration(generation, message: Samples.message("m1", app: "a"))
        generation.outcome = .failed
        generation.error = Meaning("build_failed", ["repairs": 2, "repair_limit": 2])
        generation.errors = [
            ErrorRecord(path: "src/é.tsx", line: 3, column: 7, text: "Expected \"}\"\n👩‍👩‍👧"),
            ErrorRecord(path: "src/a.tsx", line: 1, column: 1, text: "", code: "no_default_export"),
        ]
        var message = Samples.message("m2", app: "a", role: .assistant)
        message.outcome = .failed
        message.stoppedBy = AuthorRecord(userID: "", name: "Mira")
        message.error = generation.error
        message.origin = Meaning("revert", ["version": 1])
        try await catalogue.finishGeneration(generation, message: message, version: nil)
        #expect(try await catalogue.generations(app: "a") == [generation])
        #expect(try await catalogue.messages(app: "a", before: nil, limit: 1).messages == [message])
    }

    @Test func aCopyIsStoredWithItsFirstVersionInOneStep() async throws {
        let message = Samples.message("m1", app: "a", role: .assistant, version: 1)
        try await catalogue.createApp(Samples.app("a"), version: Samples.version(1, app: "a"), message: message)
        let app = try #require(try await catalogue.app("a"))
        #expect(app.versionCount == 1 && app.authors == [AuthorRecord(userID: "u1", name: "U1")])
        #expect(try await catalogue.version(app: "a", number: nil) == Samples.version(1, app: "a"))
        #expect(try await catalogue.queue(app: "a").isEmpty)
        await #expect(throws: CatalogueError.self) {
            // The message's id is taken, so nothing of this copy is stored.
            try await catalogue.createApp(Samples.app("b"), version: Samples.version(1, app: "b"), message: message)
        }
        #expect(try await catalogue.app("b") == nil)
    }

    @Test func anOlderCatalogueIsTakenOver() async throws {
        let old = try TemporaryFolder()
        do {
            let queue = try DatabaseQueue(path: old.path + "/catalogue.sqlite")
            try Schema.migrator.migrate(queue, upTo: "1 apps, prompts, messages, versions, generations")
            try await queue.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO app (id, title, prompt, author_id, author_name, created_at, updated_at)
                        VALUES ('a', 't', 'p', 'u', 'U', 1, 1);
                        INSERT INTO prompt (message_id, app_id, text, author_id, author_name, created_at)
                        VALUES ('m1', 'a', 'x', 'u', 'U', 1);
                        INSERT INTO message (id, app_id, role, content, author_id, author_name, created_at)
                        VALUES ('m0', 'a', 'assistant', 'Stopped by U.', 'u', 'U', 1);
                        """
                )
            }
            try queue.close()
        }
        let catalogue = try SQLiteCatalogue(folder: old.path)
        #expect(try await catalogue.queue(app: "a").map(\.origin) == [nil])
        let message = try #require(try await catalogue.messages(app: "a", before: nil, limit: 9).messages.first)
        #expect(message.outcome == nil && message.stoppedBy == nil)
    }

    @Test func sentencesOfAnOlderCatalogueBecomeCodes() async throws {
        let old = try TemporaryFolder()
        do {
            let queue = try DatabaseQueue(path: old.path + "/catalogue.sqlite")
            try Schema.migrator.migrate(queue, upTo: "3 stills")
            try await queue.write { db in
                try db.execute(sql: Self.sentences)
            }
            try queue.close()
        }
        let catalogue = try SQLiteCatalogue(folder: old.path)
        let messages = try await catalogue.messages(app: "a", before: nil, limit: 9).messages
        #expect(
            messages.map(\.content) == [
                "I make it.", "", "", "I tell: Stopped by Ben. So it was.", "Two repairs did not mend it.",
            ]
        )
        #expect(messages.allSatisfy { $0.error == nil && $0.origin == nil })
        #expect(
            try await catalogue.generations(app: "a").map(\.error) == [
                nil, Meaning("interrupted"), Meaning("build_failed"),
                Meaning("unknown", ["text": .text("The model said \u{201C}é\".")]), nil,
            ]
        )
        let queue = try await catalogue.queue(app: "a")
        #expect(queue.map(\.text) == ["src/A.tsx:1:2 x", "Fix what broke: the bell"])
        #expect(queue.map(\.origin) == [Meaning("repair"), nil])
    }

    /// Rows as servers stored them before there were codes.
    private static let sentences = """
        INSERT INTO app (id, title, prompt, author_id, author_name, created_at, updated_at)
        VALUES ('a', 't', 'p', 'u', 'U', 1, 1);
        INSERT INTO prompt (message_id, app_id, text, author_id, author_name, created_at, is_repair) VALUES
            ('m8', 'a', 'Fix what broke:' || char(10) || 'src/A.tsx:1:2 x', 'u', 'U', 1, 1),
            ('m9', 'a', 'Fix what broke: the bell', 'u', 'U', 1, 0);
        INSERT INTO message (id, app_id, role, content, author_id, author_name, created_at, outcome, stopped_by_id,
            stopped_by_name) VALUES
            ('m1', 'a', 'assistant', 'I make it.' || char(10) || char(10) || 'Stopped by Ben.', 'u', 'U', 1, 'stopped',
                'ben', 'Ben'),
            ('m2', 'a', 'assistant', 'Stopped by somebody.', 'u', 'U', 1, 'stopped', '', ''),
            ('m3', 'a', 'assistant', 'Stopped because the app was ended.', 'u', 'U', 1, 'stopped', NULL, NULL),
            ('m4', 'a', 'assistant', 'I tell: Stopped by Ben. So it was.', 'u', 'U', 1, 'stopped', 'ben', 'Ben'),
            ('m5', 'a', 'assistant', 'Two repairs did not mend it.', 'u', 'U', 1, 'failed', NULL, NULL);
        INSERT INTO generation (id, app_id, message_id, model, attempt, outcome, error, errors, input_tokens,
            output_tokens, started_at) VALUES
            ('g1', 'a', 'm1', 'm', 1, 'stopped', 'Stopped by Ben.', NULL, 1, 1, 1),
            ('g2', 'a', 'm1', 'm', 1, 'interrupted', 'The server was restarted.', NULL, 1, 1, 1),
            ('g3', 'a', 'm1', 'm', 3, 'failed', 'Two repairs did not mend it.',
                '[{"path":"a","line":1,"column":1,"text":"x"}]', 1, 1, 1),
            ('g4', 'a', 'm1', 'm', 1, 'failed', 'The model said \u{201C}é".', NULL, 1, 1, 1),
            ('g5', 'a', 'm1', 'm', 1, 'succeeded', NULL, NULL, 1, 1, 1);
        """

    @Test func aFailedStepStoresNothingOfItself() async throws {
        try await catalogue.createApp(Samples.app("a"), prompt: Samples.prompt("m1", app: "a"))
        let generation = GenerationRecord(id: "g1", appID: "a", messageID: "m1", model: "m", startedAt: Samples.time)
        try await catalogue.beginGeneration(generation, message: Samples.message("m1", app: "a"))
        await #expect(throws: CatalogueError.self) {
            // The message's id is taken, so the version must not be stored either.
            try await catalogue.finishGeneration(
                generation,
                message: Samples.message("m1", app: "a"),
                version: Samples.version(1, app: "a")
            )
        }
        #expect(try await catalogue.version(app: "a", number: 1) == nil)
        #expect(try await catalogue.runningGenerations().count == 1)
    }

    @Test func foreignKeysAreEnforced() async throws {
        await #expect(throws: CatalogueError.self) { try await catalogue.enqueue(Samples.prompt("m", app: "nobody")) }
    }

    @Test func pagesMessagesOldestFirst() async throws {
        try await catalogue.createApp(Samples.app("a"), prompt: Samples.prompt("p", app: "a"))
        for number in 1...7 {
            try await catalogue.addVersion(
                Samples.version(number, app: "a"),
                message: Samples.message("m\(number)", app: "a")
            )
        }
        let newest = try await catalogue.messages(app: "a", before: nil, limit: 3)
        #expect(newest.messages.map(\.id) == ["m5", "m6", "m7"])
        #expect(newest.hasMore)
        let older = try await catalogue.messages(app: "a", before: "m5", limit: 4)
        #expect(older.messages.map(\.id) == ["m1", "m2", "m3", "m4"])
        #expect(!older.hasMore)
        #expect(try await catalogue.messages(app: "a", before: "unknown", limit: 4).messages.isEmpty)
    }

    @Test func listsNewestFirstWithFilters() async throws {
        for (index, id) in ["a", "b", "c", "d"].enumerated() {
            try await catalogue.createApp(
                Samples.app(id, author: index == 1 ? "u2" : "u1"),
                prompt: Samples.prompt("m\(id)", app: id, author: index == 1 ? "u2" : "u1")
            )
        }
        try await catalogue.setFeatured(true, app: "c")
        try await catalogue.setTerminated(app: "d", at: Samples.time)
        try await catalogue.setTitle("100% of_it\\", app: "a")

        func ids(_ change: (inout AppQuery) -> Void) async throws -> [String] {
            var query = AppQuery()
            change(&query)
            return try await catalogue.apps(query).map(\.id)
        }
        #expect(try await ids { _ in } == ["c", "b", "a"])
        #expect(try await ids { $0.limit = 2 } == ["c", "b"])
        #expect(try await ids { $0.cursor = "b" } == ["a"])
        #expect(try await ids { $0.featured = true } == ["c"])
        #expect(try await ids { $0.authorID = "u2" } == ["b"])
        #expect(try await ids { $0.text = "TITLE B" } == ["b"])
        #expect(try await ids { $0.text = "0% of_it\\" } == ["a"])
        #expect(try await ids { $0.text = "0%it" }.isEmpty)
        #expect(try await catalogue.appCount(includingTerminated: true) == 4)
        #expect(try await catalogue.openApps().count == 3)
    }

    @Test func keepsPicturesOfVersions() async throws {
        let catalogue = try SQLiteCatalogue.inMemory()
        let id = "app-a"
        try await catalogue.createApp(Samples.app(id), prompt: Samples.prompt("m1", app: id))
        func still(_ version: Int, _ byte: UInt8, _ format: StillRecord.Format = .webp) -> StillRecord {
            StillRecord(appID: id, version: version, format: format, bytes: [UInt8](repeating: byte, count: 100_000))
        }
        await #expect(throws: CatalogueError.notFound("app-a version 1")) { try await catalogue.addStill(still(1, 0)) }
        #expect(try await catalogue.still(app: id, version: nil) == nil)
        for number in 1...2 {
            let version = VersionRecord(
                appID: id,
                number: number,
                prompt: "p",
                authorID: "u1",
                authorName: "U1",
                createdAt: Samples.time,
                files: [:]
            )
            let message = MessageRecord(
                id: "a\(number)",
                appID: id,
                role: .assistant,
                content: "made",
                authorID: "u1",
                authorName: "U1",
                createdAt: Samples.time,
                version: number
            )
            try await catalogue.addVersion(version, message: message)
        }
        #expect(try await catalogue.app(id)?.stillVersion == nil)
        try await catalogue.addStill(still(1, 1))
        #expect(try await catalogue.app(id)?.stillVersion == 1)
        #expect(try await catalogue.versions(app: id).map(\.hasStill) == [true, false])
        try await catalogue.addStill(still(2, 2))
        try await catalogue.addStill(still(2, 3, .png))
        #expect(try await catalogue.app(id)?.stillVersion == 2)
        #expect(try await catalogue.openApps().map(\.stillVersion) == [2])
        #expect(try await catalogue.still(app: id, version: 1) == still(1, 1))
        #expect(try await catalogue.still(app: id, version: nil) == still(2, 3, .png))
        #expect(try await catalogue.still(app: id, version: 3) == nil)
    }

    @Test func survivesClosingAndOpening() async throws {
        let folder = try TemporaryFolder()
        do {
            let first = try SQLiteCatalogue(folder: folder.path)
            try await first.createApp(Samples.app("a"), prompt: Samples.prompt("m1", app: "a"))
            try await first.setRunning(true, app: "a")
        }
        let second = try SQLiteCatalogue(folder: folder.path)
        #expect(try await second.app("a")?.isRunning == true)
        #expect(try await second.queue(app: "a").count == 1)
    }

    @Test func writesAreDurableAndTheLogIsWriteAhead() async throws {
        let settings = try await catalogue.write { db in
            [
                try Int.fetchOne(db, sql: "PRAGMA synchronous"), try Int.fetchOne(db, sql: "PRAGMA foreign_keys"),
            ]
        }
        #expect(settings == [2, 1])
        #expect(try await catalogue.write { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        #expect(try await catalogue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test func refusesASecondServerOnTheFolder() throws {
        #expect(throws: CatalogueError.locked("another server already uses the data folder \(folder.path)")) {
            try SQLiteCatalogue(folder: folder.path)
        }
    }

    @Test func refusesAFileThatIsNoCatalogue() throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 0x41, count: 4096).write(to: URL(fileURLWithPath: folder.path + "/catalogue.sqlite"))
        #expect {
            try SQLiteCatalogue(folder: folder.path)
        } throws: { error in
            guard case CatalogueError.unusable = error else { return false }
            return true
        }
    }

    @Test func refusesAFolderThatIsAFile() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        #expect(throws: CatalogueError.self) { try SQLiteCatalogue(folder: folder.path + "/file") }
    }

    @Test func aFullDiskIsNamedAndNothingIsStored() async throws {
        try await catalogue.createApp(Samples.app("a"), prompt: Samples.prompt("m1", app: "a"))
        let pages = try await catalogue.write { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
            return pages
        }
        #expect(pages > 0)
        let large = String(repeating: "x", count: 100_000)
        await #expect(throws: CatalogueError.full) {
            try await catalogue.enqueue(Samples.prompt("m2", app: "a", text: large))
        }
        #expect(try await catalogue.queue(app: "a").map(\.messageID) == ["m1"])
        _ = try await catalogue.write { try Int.fetchOne($0, sql: "PRAGMA max_page_count = 1000000") }
        try await catalogue.enqueue(Samples.prompt("m2", app: "a", text: large))
        #expect(try await catalogue.queue(app: "a").count == 2)
    }
}

@Suite struct GroupCommitterTests {
    final class CommitCounter: TransactionObserver, @unchecked Sendable {
        // Only touched on the writer's queue.
        var commits = 0
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidCommit(_ db: Database) { commits += 1 }
        func databaseDidRollback(_ db: Database) {}
    }

    @Test func writesThatWaitTogetherShareACommit() async throws {
        let folder = try TemporaryFolder()
        let pool = try DatabasePool(path: folder.path + "/db")
        let counter = CommitCounter()
        pool.add(transactionObserver: counter, extent: .databaseLifetime)
        let committer = GroupCommitter(writer: pool)
        try await committer.write { try $0.execute(sql: "CREATE TABLE t (n INTEGER PRIMARY KEY)") }
        let before = try await pool.write { _ in counter.commits }

        // The first write holds the writer until all the others wait behind it.
        let gate = DispatchSemaphore(value: 0)
        let (holding, holder) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await committer.write { _ in
                    holder.finish()
                    gate.wait()
                }
            }
            for await _ in holding {}
            for n in 1...200 {
                group.addTask { try await committer.write { try $0.execute(sql: "INSERT INTO t VALUES (\(n))") } }
            }
            while committer.waiting < 200 { await Task.yield() }
            gate.signal()
            try await group.waitForAll()
        }
        let after = try await pool.write { _ in counter.commits }
        #expect(after - before <= 4)
        #expect(try await pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 200)
    }

    @Test func aWriteThatFailsTakesBackOnlyItself() async throws {
        let committer = GroupCommitter(writer: try DatabaseQueue())
        try await committer.write { try $0.execute(sql: "CREATE TABLE t (n INTEGER PRIMARY KEY)") }
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for n in 0..<100 {
                group.addTask {
                    do {
                        try await committer.write { try $0.execute(sql: "INSERT INTO t VALUES (\(n / 2))") }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 }.count == 50)
        #expect(try await committer.write { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 50)
    }
}
