package import NIOCore

/// Compresses a message once for many receivers: one whole text frame that begins with an empty window.
///
/// Such a frame may go to every connection that has negotiated compression by `CompressionPolicy.noContextTakeover`: each of
/// them inflates each message on its own, with the full window. Callable from any thread; deflaters (264 KiB each) come from a
/// pool of a few, so that connections hold none.
package struct SharedFrameCompressor: Sendable {
    private let options: CompressionOptions
    private let spares = SparePool<Deflater>(limit: 4)

    package init(options: CompressionOptions = CompressionOptions()) {
        self.options = options
    }

    /// The compressed frame of a message (RFC 7692 §7.2.1), with RSV1 set.
    ///
    /// - Parameter payload: The message's text.
    /// - Returns: The frame, or `nil` where the uncompressed one is better: compression is off, the message is shorter than the
    ///   threshold, or it does not become smaller.
    package func compressedFrame(payload: ByteBuffer) -> ByteBuffer? {
        compressedFrame(parts: CollectionOfOne(payload))
    }

    /// The same, for a message that lies in several parts.
    ///
    /// - Parameter parts: The message's text, in its order.
    /// - Returns: The frame, or `nil` where the uncompressed one is better.
    package func compressedFrame(parts: some Collection<ByteBuffer>) -> ByteBuffer? {
        compress(parts, keepsTail: false) { bytes in
            var frame = ByteBuffer()
            frame.reserveCapacity(FrameEncoder.headerBytes(forPayload: bytes.count) + bytes.count)
            FrameEncoder.writeHeader(.text, isCompressed: true, payloadBytes: bytes.count, into: &frame)
            frame.writeBytes(bytes)
            return frame
        }
    }

    /// Compresses with a spare deflater, unless it is not worth it.
    func compress<Result>(
        _ parts: some Collection<ByteBuffer>,
        keepsTail: Bool,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let count = parts.reduce(0) { $0 + $1.readableBytes }
        guard
            options.isEnabled, count >= options.threshold, count > 0,
            let deflater = spares.take() ?? Deflater(level: options.level)
        else { return nil }
        defer {
            deflater.reset()
            spares.give(deflater)
        }
        let result = deflater.compress(parts, keepsTail: keepsTail) { bytes in bytes.count < count ? body(bytes) : nil }
        return result ?? nil
    }
}
