internal import Sandboxes

/// The place of an app's one sandbox: empty, being filled, or filled.
struct SandboxSlot: Sendable {
    /// What is in the slot.
    enum Content: Sendable {
        case none
        case starting(OneShot<any Sandbox>)
        case running(any Sandbox)
    }

    private(set) var content = Content.none
    /// Tells one sandbox of this app from the next; news of an older one are ignored.
    private(set) var serial = 0
    /// Resolved when the sandbox that was taken out last is gone; until then its place is taken.
    var leaving: OneShot<Void>?
    /// Whether the newest start failed because all places were taken.
    var wasFull = false
    /// No visit starts a sandbox before this time, after a start that failed.
    var nextWake: Duration?

    init() {}

    /// The sandbox that runs.
    var running: (any Sandbox)? {
        if case .running(let sandbox) = content { sandbox } else { nil }
    }

    var isRunning: Bool { running != nil }

    /// Begins a start.
    mutating func begin() -> (serial: Int, promise: OneShot<any Sandbox>) {
        let promise = OneShot<any Sandbox>()
        serial += 1
        content = .starting(promise)
        return (serial, promise)
    }

    /// The start went well.
    mutating func fill(_ sandbox: any Sandbox) {
        content = .running(sandbox)
        wasFull = false
        nextWake = nil
    }

    /// The sandbox is gone, or did not start.
    ///
    /// Returns it if it ran.
    @discardableResult
    mutating func empty() -> (any Sandbox)? {
        defer { content = .none }
        serial += 1
        return running
    }
}
