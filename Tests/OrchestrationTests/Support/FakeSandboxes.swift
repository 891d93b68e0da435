import Sandboxes
import Synchronization

@testable import Orchestration

/// Sandboxes that do what a test says.
final class FakeSandboxes: SandboxProvider {
    struct State {
        var starts: [(appID: String, files: [String: String]?)] = []
        var sandboxes: [FakeSandbox] = []
        var removed: [String] = []
        var cleanUps = 0
        var isShutDown = false
        var startErrors: [SandboxError] = []
        var outcomes: [Result<EditOutcome, SandboxError>] = []
        var startGate: OneShot<Void>?
        var editGate: OneShot<Void>?
        var stopGate: OneShot<Void>?
    }

    let state = Mutex(State())
    /// Takes pictures when a test has set it.
    let fakeCamera = Mutex<FakeCamera?>(nil)
    var camera: (any StillCamera)? { fakeCamera.withLock { $0 } }

    /// The newest sandbox.
    var newest: FakeSandbox? { state.withLock { $0.sandboxes.last } }
    var startCount: Int { state.withLock { $0.starts.count } }

    /// The next starts fail.
    func failStarts(_ errors: [SandboxError]) { state.withLock { $0.startErrors = errors } }
    /// What the next edits say; then they succeed.
    func answerEdits(_ outcomes: [Result<EditOutcome, SandboxError>]) { state.withLock { $0.outcomes = outcomes } }
    /// Starts wait until the returned gate is resolved.
    func holdStarts() -> OneShot<Void> {
        let gate = OneShot<Void>()
        state.withLock { $0.startGate = gate }
        return gate
    }
    /// Edits wait until the returned gate is resolved.
    func holdEdits() -> OneShot<Void> {
        let gate = OneShot<Void>()
        state.withLock { $0.editGate = gate }
        return gate
    }
    /// Stops wait until the returned gate is resolved.
    func holdStops() -> OneShot<Void> {
        let gate = OneShot<Void>()
        state.withLock { $0.stopGate = gate }
        return gate
    }

    func cleanUp() async throws { state.withLock { $0.cleanUps += 1 } }

    func start(appID: String, files: [String: String]?) async throws -> any Sandbox {
        let gate = state.withLock { state in
            state.starts.append((appID, files))
            return state.startGate
        }
        try await gate?.value()
        return try state.withLock { state in
            if !state.startErrors.isEmpty { throw state.startErrors.removeFirst() }
            // As the real ones: the place of an app is taken until its sandbox is gone.
            guard !state.sandboxes.contains(where: { $0.appID == appID && !$0.hasEnded }) else {
                throw SandboxError.refused("the app runs already")
            }
            let sandbox = FakeSandbox(appID: appID, provider: self)
            state.sandboxes.append(sandbox)
            return sandbox
        }
    }

    func remove(appID: String) async throws { state.withLock { $0.removed.append(appID) } }
    func shutdown() async { state.withLock { $0.isShutDown = true } }
}

/// A camera whose pictures a test makes.
final class FakeCamera: StillCamera {
    /// One picture that is being taken.
    struct Shot: Sendable {
        let appID: String
        let result = OneShot<[UInt8]>()
    }

    let shots = Mailbox<Shot>()

    func picture(appID: String) async throws -> [UInt8] {
        let shot = Shot(appID: appID)
        shots.put(shot)
        return try await shot.result.value()
    }
}

final class FakeSandbox: Sandbox {
    let appID: String
    let endpoint = SandboxEndpoint(socketPath: "/tmp/dev.sock")
    private unowned let provider: FakeSandboxes
    private let ended = OneShot<SandboxExit>()
    private let edited = Mutex<[(files: [String: String], checksNames: Bool)]>([])

    init(appID: String, provider: FakeSandboxes) {
        self.appID = appID
        self.provider = provider
    }

    var edits: [[String: String]] { edited.withLock { $0.map(\.files) } }
    /// Of which edits the names were to be checked.
    var checks: [Bool] { edited.withLock { $0.map(\.checksNames) } }
    var hasEnded: Bool { ended.current != nil }
    var isStopped: Bool { if case .success(.stopped) = ended.current { true } else { false } }

    func die(_ reason: String) { ended.resolve(.success(.died(reason))) }

    func edit(files: [String: String], checksNames: Bool) async throws -> EditOutcome {
        edited.withLock { $0.append((files, checksNames)) }
        let (gate, outcome) = provider.state.withLock { state in
            (state.editGate, state.outcomes.isEmpty ? nil : state.outcomes.removeFirst())
        }
        try await gate?.value()
        return try outcome?.get() ?? .succeeded
    }

    func heartbeat() async throws {
        if ended.current != nil { throw SandboxError.died("gone") }
    }

    func exit() async -> SandboxExit { (try? await ended.value()) ?? .stopped }
    func stop() async {
        // A gate is never resolved with an error.
        try? await provider.state.withLock { $0.stopGate }?.value()
        ended.resolve(.success(.stopped))
    }
}
