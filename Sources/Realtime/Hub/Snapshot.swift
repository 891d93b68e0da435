internal import NIOCore
internal import Synchronization

/// A channel's state at one offset, encoded at most once and shared by all who ask.
///
/// Holds a copy of the state until it is encoded, the encoded bytes afterwards.
final class Snapshot: Sendable {
    /// Runs work that is too long for an event loop.
    typealias Executor = @Sendable (_ work: @escaping @Sendable () -> Void) -> Void

    private enum Progress {
        case notAsked(@Sendable () -> ByteBuffer)
        case encoding(waiting: [@Sendable (ByteBuffer) -> Void])
        case encoded(ByteBuffer)
    }

    private enum Step {
        case encode(@Sendable () -> ByteBuffer)
        case wait
        case answer(ByteBuffer)
    }

    private let progress: Mutex<Progress>

    /// - Parameter encode: called once at most, on `Executor`'s thread.
    init(_ encode: @escaping @Sendable () -> ByteBuffer) {
        progress = Mutex(.notAsked(encode))
    }

    /// Calls `body` with the encoded state: at once when it is there, else on the executor's thread.
    func whenEncoded(on executor: Executor, _ body: @escaping @Sendable (ByteBuffer) -> Void) {
        let step = progress.withLock { progress -> Step in
            switch progress {
            case .encoded(let bytes):
                return .answer(bytes)
            case .encoding(let waiting):
                progress = .encoding(waiting: waiting + [body])
                return .wait
            case .notAsked(let encode):
                progress = .encoding(waiting: [body])
                return .encode(encode)
            }
        }
        switch step {
        case .wait: break
        case .answer(let bytes): body(bytes)
        case .encode(let encode):
            executor { self.finish(encode()) }
        }
    }

    private func finish(_ bytes: ByteBuffer) {
        let waiting = progress.withLock { progress -> [@Sendable (ByteBuffer) -> Void] in
            guard case .encoding(let waiting) = progress else { return [] }
            progress = .encoded(bytes)
            return waiting
        }
        for body in waiting { body(bytes) }
    }
}
