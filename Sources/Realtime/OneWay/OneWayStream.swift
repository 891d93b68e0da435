package import NIOCore
internal import Synchronization

/// What goes from a connection to the body of an HTTP response: filled on the event loop, emptied by the task that writes.
///
/// Bounded by what the connection lets wait (`HubOptions.maximumPendingBytes`).
package final class OneWayStream: Sendable {
    /// How pushes are written.
    package enum Format: Sendable {
        /// Server-Sent Events, with the positions of all channels as the event's id.
        case eventStream
        /// Newline-delimited JSON.
        case lines
    }

    private struct State {
        var buffers: [ByteBuffer] = []
        var bytes = 0
        /// Bytes that the reader has taken and may not have written yet.
        var takenBytes = 0
        var promises: [EventLoopPromise<Void>] = []
        var takenPromises: [EventLoopPromise<Void>] = []
        var isFinished = false
        /// Whether the reader has asked for more since `hasStalled` was asked.
        var hasMoved = true
        var reader: CheckedContinuation<ByteBuffer?, Never>?
    }

    package let format: Format
    private let state = Mutex(State())
    private let onEnd: @Sendable () -> Void
    private let onCut: @Sendable () -> Void

    /// - Parameters:
    ///   - format: how pushes are written.
    ///   - cut: ends the response at once.
    ///   - onEnd: told when the response has ended, on any thread.
    init(format: Format, cut: @escaping @Sendable () -> Void, onEnd: @escaping @Sendable () -> Void) {
        self.format = format
        onCut = cut
        self.onEnd = onEnd
    }

    /// Everything that waits, as soon as there is something; `nil` at the end.
    ///
    /// Asking again says that what was handed over before has been written.
    package func next() async -> ByteBuffer? {
        let written = state.withLock { state in
            defer {
                state.takenPromises = []
                state.takenBytes = 0
                state.hasMoved = true
            }
            return state.takenPromises
        }
        for promise in written { promise.succeed() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state -> (() -> Void)? in
                    if let bytes = Self.take(from: &state) { return { continuation.resume(returning: bytes) } }
                    if state.isFinished { return { continuation.resume(returning: nil) } }
                    state.reader = continuation
                    return nil
                }?()
            }
        } onCancel: {
            finish()
        }
    }

    /// The response has ended, or the peer has gone.
    package func ended() {
        let left = state.withLock { state in
            defer {
                state.promises = []
                state.takenPromises = []
                state.buffers = []
                state.isFinished = true
            }
            return state.promises + state.takenPromises
        }
        for promise in left { promise.succeed() }
        onEnd()
    }

    var waitingBytes: Int { state.withLock { $0.bytes + $0.takenBytes } }

    /// Whether something has waited since this was asked before, and the peer has taken nothing.
    func hasStalled() -> Bool {
        state.withLock { state in
            defer { state.hasMoved = false }
            return !state.hasMoved && state.bytes + state.takenBytes > 0
        }
    }

    /// Adds bytes; the promise is kept when they have been written, or never will be.
    func write(_ buffers: [ByteBuffer], _ promise: EventLoopPromise<Void>) {
        let wake = state.withLock { state -> (() -> Void)? in
            guard !state.isFinished else { return { promise.succeed() } }
            state.buffers += buffers
            state.bytes += buffers.reduce(0) { $0 + $1.readableBytes }
            state.promises.append(promise)
            guard let reader = state.reader, let bytes = Self.take(from: &state) else { return nil }
            state.reader = nil
            return { reader.resume(returning: bytes) }
        }
        wake?()
    }

    /// Nothing will follow what waits.
    func finish() {
        let reader = state.withLock { state in
            defer { state.reader = nil }
            state.isFinished = true
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// Ends the response at once, whatever waits.
    func cut() {
        finish()
        onCut()
    }

    private static func take(from state: inout State) -> ByteBuffer? {
        guard var joined = state.buffers.first else { return nil }
        for buffer in state.buffers.dropFirst() { joined.writeImmutableBuffer(buffer) }
        state.takenBytes = state.bytes
        state.takenPromises = state.promises
        state.buffers = []
        state.bytes = 0
        state.promises = []
        return joined
    }
}
