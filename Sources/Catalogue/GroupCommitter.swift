internal import GRDB
internal import Synchronization

/// Joins writes that wait at the same time into one transaction, so that one fsync serves them all.
///
/// Each write runs in a savepoint of its own: one that fails takes back only itself. A write returns after the commit; when
/// the commit fails, every write of the group fails. Writes run in the order of their calls. Waiting writes are bounded by
/// their callers, each of which waits for its own.
final class GroupCommitter: Sendable {
    private struct Pending: Sendable {
        /// Runs the write inside a savepoint.
        let run: @Sendable (Database) -> Completion
        /// Answers a write that never ran.
        let fail: @Sendable (any Error) -> Void
    }

    /// What a write that ran wants to be told.
    private struct Completion {
        /// The write's own error.
        var error: (any Error)?
        /// Called with `nil` after the commit, or with the error of the group.
        var complete: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var pending: [Pending] = []
        var isDraining = false
    }

    /// Writes of one transaction at most.
    private static let groupLimit = 256

    private let writer: any DatabaseWriter
    private let state = Mutex(State())

    init(writer: any DatabaseWriter) {
        self.writer = writer
    }

    /// Runs a write and returns its value once it is durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let pending = Pending(
                run: { db in Self.run(body, in: db, answering: continuation) },
                fail: { continuation.resume(throwing: $0) }
            )
            let mustStart = state.withLock { state in
                state.pending.append(pending)
                defer { state.isDraining = true }
                return !state.isDraining
            }
            if mustStart { drain() }
        }
    }

    /// Writes that no transaction has taken yet.
    var waiting: Int { state.withLock { $0.pending.count } }

    private func drain() {
        writer.asyncWriteWithoutTransaction { db in
            while let group = self.takeGroup() {
                self.commit(group, in: db)
            }
        }
    }

    private func takeGroup() -> [Pending]? {
        state.withLock { state in
            guard !state.pending.isEmpty else {
                state.isDraining = false
                return nil
            }
            let group = Array(state.pending.prefix(Self.groupLimit))
            state.pending.removeFirst(group.count)
            return group
        }
    }

    private static func run<Value: Sendable>(
        _ body: @Sendable (Database) throws -> Value,
        in db: Database,
        answering continuation: CheckedContinuation<Value, any Error>
    ) -> Completion {
        do {
            var value: Value?
            try db.inSavepoint {
                value = try body(db)
                return .commit
            }
            guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return Completion(error: nil) { error in
                if let error { continuation.resume(throwing: error) } else { continuation.resume(returning: value) }
            }
        } catch {
            return Completion(error: error) { _ in continuation.resume(throwing: error) }
        }
    }

    private func commit(_ group: [Pending], in db: Database) {
        var completions: [Completion] = []
        completions.reserveCapacity(group.count)
        do {
            try db.inTransaction(.immediate) {
                for pending in group {
                    completions.append(pending.run(db))
                    // SQLite takes back the whole transaction by itself on a full disk or an input/output error.
                    guard db.isInsideTransaction else {
                        throw completions.last?.error ?? DatabaseError(resultCode: .SQLITE_ABORT)
                    }
                }
                return .commit
            }
            for completion in completions { completion.complete(nil) }
        } catch {
            for completion in completions { completion.complete(error) }
            for pending in group.dropFirst(completions.count) { pending.fail(error) }
        }
    }
}
