internal import WebSocketCodec

/// How messages are compressed for readers that have negotiated it: one compressor for all of a hub.
struct HubCompression: Sendable {
    let compressor: SharedFrameCompressor
    /// Bytes of a frame from which it is worth to be asked; `Int.max` where compression is off.
    let threshold: Int

    init(_ options: CompressionOptions) {
        compressor = SharedFrameCompressor(options: options)
        threshold = options.isEnabled ? options.threshold : .max
    }
}
