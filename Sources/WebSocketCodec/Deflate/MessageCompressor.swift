package import NIOCore

/// Writes one connection's messages as frames, compressed where that was negotiated and is worth it (RFC 7692 §7.2.1).
///
/// It keeps the window from one message to the next where the negotiated parameters allow it; a deflater (up to 264 KiB) is
/// made with the first message that needs it. Not for broadcasts: see `SharedFrameCompressor`.
package struct MessageCompressor {
    private let keepsContext: Bool
    private let windowBits: Int
    private let options: CompressionOptions
    private var deflater: Deflater?

    /// - Parameters:
    ///   - parameters: What was negotiated.
    ///   - options: What is compressed, and how hard.
    package init(_ parameters: CompressionParameters, options: CompressionOptions = CompressionOptions()) {
        let direction = parameters.direction(from: .server)
        keepsContext = direction.keepsContext
        windowBits = direction.windowBits
        self.options = options
    }

    /// Appends a whole message as one final, unmasked frame.
    ///
    /// - Parameters:
    ///   - opcode: Text or binary; control frames are never compressed (RFC 7692 §6.1).
    ///   - payload: The message.
    ///   - buffer: Where the frame is appended.
    package mutating func write(_ opcode: Opcode, payload: ByteBuffer, into buffer: inout ByteBuffer) {
        guard
            !opcode.isControl, payload.readableBytes >= options.threshold,
            let deflater = deflater ?? Deflater(level: options.level, windowBits: windowBits)
        else { return FrameEncoder.write(opcode, payload: payload, into: &buffer) }
        self.deflater = deflater
        let written: Void? = deflater.compress(CollectionOfOne(payload)) { bytes in
            FrameEncoder.writeHeader(opcode, isCompressed: true, payloadBytes: bytes.count, into: &buffer)
            buffer.writeBytes(bytes)
        }
        if written == nil {
            // The peer has seen nothing of it, and an empty window is always allowed.
            deflater.reset()
            FrameEncoder.write(opcode, payload: payload, into: &buffer)
        } else if !keepsContext {
            deflater.reset()
        }
    }
}
