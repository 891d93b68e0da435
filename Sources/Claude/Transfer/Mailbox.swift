internal import CCurl
internal import Synchronization

/// What the curl thread is asked to do.
enum TransferCommand: Sendable {
    case start(id: UInt64, body: [UInt8], queue: EventQueue)
    case cancel(id: UInt64)
    /// The reader has drained its queue.
    case resume(id: UInt64)
    case shutdown
}

/// The way to the curl thread: a list of commands, and the multi handle's wake-up.
///
/// The handle lies behind the same lock, so that nobody wakes it after it was freed.
final class Mailbox: Sendable {
    private struct State {
        var commands: [TransferCommand] = []
        var isOpen = true
        var waiters: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    /// The curl thread's, apart from its wake-up, which libcurl lets any thread call.
    ///
    /// Guarded by `state`: it is freed only after `isOpen` went false under the lock, and used here only under the lock while
    /// `isOpen` is true.
    nonisolated(unsafe) let multi: UnsafeMutableRawPointer

    private let state = Mutex(State())

    /// Makes the multi handle, which the curl thread frees; `nil` without memory.
    init?() {
        guard let multi = curl_multi_init() else { return nil }
        self.multi = multi
    }

    /// - Returns: false when the thread has ended or is about to, and nothing will come of the command.
    @discardableResult
    func post(_ command: TransferCommand) -> Bool {
        state.withLock { state in
            guard state.isOpen else { return false }
            state.commands.append(command)
            // Later commands ride with the first.
            if state.commands.count == 1 { curl_multi_wakeup(multi) }
            return true
        }
    }

    /// All waiting commands, in order.
    func take() -> [TransferCommand] {
        state.withLock { state in
            defer { state.commands.removeAll(keepingCapacity: true) }
            return state.commands
        }
    }

    /// Takes no more commands and wakes nobody from now on.
    ///
    /// - Returns: commands that came too late.
    func close() -> [TransferCommand] {
        state.withLock { state in
            defer { state.commands = [] }
            state.isOpen = false
            return state.commands
        }
    }

    /// Tells those who wait that the thread is done.
    func announceEnd() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            state.hasEnded = true
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the thread is done.
    func end() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}
