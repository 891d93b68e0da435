internal import Catalogue
internal import Synchronization

/// A turn that runs, as the operator sees it.
struct RunningBuild: Sendable, Equatable {
    var appID: String
    var title: String
    /// Who asked for it.
    var person: Person
    var phase: Phase
    var attempt: Int
    /// Why that attempt began; `nil` for the first.
    var reason: AttemptReason?
    /// Which repair it is in; `nil` before the first.
    var repair: BuildEvent.Repair?
    /// RFC 3339 UTC with milliseconds.
    var startedAt: String
}

/// Something that went wrong, as the operator sees it.
struct ErrorNote: Sendable, Equatable {
    /// What kind of thing went wrong, for programs.
    enum Code: String, Sendable, CaseIterable {
        case bundleFailed = "bundle_failed"
        case modelOverloaded = "model_overloaded"
        case modelFailed = "model_failed"
        case sandboxFailed = "sandbox_failed"
        case sandboxDied = "sandbox_died"
        case storageFailed = "storage_failed"
        case slowConsumer = "slow_consumer"
        case runtimeError = "runtime_error"
        case rateLimited = "rate_limited"

        /// The names of the numbers of an `error` that is the note's own.
        var members: [String] {
            switch self {
            case .slowConsumer: ["connections"]
            case .rateLimited: ["limit"]
            default: []
            }
        }
    }

    /// RFC 3339 UTC with milliseconds.
    var time: String
    var code: Code
    /// `nil` where it is about no app.
    var appID: String?
    var title = ""
    /// What it was, where a code says it.
    var error: Meaning?
    /// Others' words: the bundler's, a browser's, a process's.
    var text: String?
}

extension Meaning {
    /// What an error note tells in numbers.
    init(note code: ErrorNote.Code, _ members: [String: Value]) {
        assert(members.keys.allSatisfy(code.members.contains), "a member that the protocol does not name")
        self.init(code.rawValue, members)
    }
}

/// What the sessions of this server have measured since its start; read from any thread.
///
/// Token publications add to an atomic; what comes a few times a turn takes a lock for microseconds.
final class ServerMeter: Sendable {
    /// Errors that are kept.
    static let errorLimit = 20
    /// UTF-16 units that count as one token: no service tells its tokens while it streams.
    static let unitsPerToken = 4
    /// Characters of an error's text that are kept.
    private static let textLimit = 300

    /// What takes the lock.
    struct State: Sendable {
        var firstToken = Latencies(bounds: Latencies.firstTokenBounds)
        var build = Latencies(bounds: Latencies.buildBounds)
        /// By app.
        var builds: [String: RunningBuild] = [:]
        /// Newest first.
        var errors: [ErrorNote] = []
        /// Ended turns by outcome, and errors by code, since the start.
        var outcomes: [GenerationFinished.Outcome: UInt64] = [:]
        var errorCounts: [ErrorNote.Code: UInt64] = [:]
    }

    private let units = Atomic<UInt64>(0)
    private let locked = Mutex(State())

    /// All of it now.
    var state: State { locked.withLock { $0 } }

    /// UTF-16 units of text that models have written.
    var streamedUnits: UInt64 { units.load(ordering: .relaxed) }

    /// Text was published.
    func streamed(units count: Int) { units.add(UInt64(max(0, count)), ordering: .relaxed) }

    /// The first text of a turn came.
    func firstToken(after time: Duration) { locked.withLock { $0.firstToken.add(time.milliseconds) } }

    /// A turn ended; one that succeeded tells how long it took.
    func ended(_ outcome: GenerationFinished.Outcome, after time: Duration) {
        locked.withLock { state in
            state.outcomes[outcome, default: 0] += 1
            if outcome == .succeeded { state.build.add(time.milliseconds) }
        }
    }

    /// What runs of an app; `nil` when nothing does.
    func show(_ build: RunningBuild?, of appID: String) {
        locked.withLock { $0.builds[appID] = build }
    }

    /// Keeps an error.
    func note(_ error: ErrorNote) {
        var error = error
        error.text = error.text.map { text in
            String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.textLimit)))
        }
        locked.withLock { state in
            state.errorCounts[error.code, default: 0] += 1
            state.errors.insert(error, at: 0)
            if state.errors.count > Self.errorLimit { state.errors.removeLast() }
        }
    }
}
