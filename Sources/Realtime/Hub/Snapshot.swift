internal import NIOCore
internal import WebSocketCodec

/// A channel's state at one offset, encoded at most once, and compressed at most once, for all who ask.
///
/// Holds a copy of the state until it is encoded, the encoded bytes afterwards.
final class Snapshot: Sendable {
    /// Runs work that is too long for an event loop.
    typealias Executor = @Sendable (_ work: @escaping @Sendable () -> Void) -> Void

    /// The encoded state.
    struct Encoded: Sendable {
        var bytes: ByteBuffer
        /// For readers that take compressed messages; `nil` for others, and where it is not worth it.
        var compressed: CompressedPart?
    }

    private let bytes: SharedResult<ByteBuffer>
    private let compressed = SharedResult<CompressedPart?>()

    /// - Parameter encode: called once at most, on `Executor`'s thread.
    init(_ encode: @escaping @Sendable () -> ByteBuffer) {
        bytes = SharedResult(encode)
    }

    /// Calls `body` with the encoded state: at once when it is there, else on the executor's thread.
    ///
    /// - Parameters:
    ///   - executor: encodes and compresses.
    ///   - compressor: compresses for a reader that takes it.
    ///   - body: called once.
    func whenEncoded(
        on executor: @escaping Executor,
        compressor: SharedFrameCompressor?,
        _ body: @escaping @Sendable (Encoded) -> Void
    ) {
        bytes.whenReady(on: executor) { [compressed] bytes in
            guard let compressor else { return body(Encoded(bytes: bytes)) }
            compressed.whenReady(on: executor, otherwise: { compressor.compressedPart(bytes) }) { part in
                body(Encoded(bytes: bytes, compressed: part))
            }
        }
    }
}
