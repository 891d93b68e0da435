internal import NIOCore
internal import Synchronization
internal import WebSocketCodec

/// A publication's compressed frame: made when the first reader that takes it is sent to, and shared by all of them.
final class SharedCompression: Sendable {
    private enum Progress {
        case notAsked(payload: ByteBuffer)
        case done(ByteBuffer?)
    }

    private let compressor: SharedFrameCompressor
    private let progress: Mutex<Progress>

    init(payload: ByteBuffer, compressor: SharedFrameCompressor) {
        self.compressor = compressor
        progress = Mutex(.notAsked(payload: payload))
    }

    /// The compressed frame; `nil` where the plain one is better.
    ///
    /// Two event loops that ask at once wait for each other: compressing is longer than that.
    var frame: ByteBuffer? {
        progress.withLock { progress in
            switch progress {
            case .done(let frame): return frame
            case .notAsked(let payload):
                let frame = compressor.compressedFrame(payload: payload)
                progress = .done(frame)
                return frame
            }
        }
    }
}
