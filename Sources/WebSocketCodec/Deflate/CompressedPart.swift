package import NIOCore

/// The middle of many messages, compressed once: a snapshot between the head and tail of each subscriber's own reply.
///
/// DEFLATE blocks that begin with an empty window and end at the end of a byte may stand anywhere in a message, so a frame of one
/// receiver is made of this and of two short uncompressed blocks, without a deflater (RFC 1951 §3.2.4, RFC 7692 §7.2.3.5).
package struct CompressedPart: Sendable {
    /// Whole blocks, the last of them empty.
    private let blocks: ByteBuffer

    /// Holds what a deflater has flushed, with the tail that ends each flush.
    init(blocks: ByteBuffer) {
        self.blocks = blocks
    }

    /// The text frame of a message that has this in its middle.
    ///
    /// - Parameters:
    ///   - head: What comes before it; not compressed.
    ///   - tail: What comes behind it; not compressed.
    /// - Returns: The frame in three pieces to be sent in this order; `shared` is the same buffer for every receiver.
    package func frame(
        head: ByteBuffer,
        tail: ByteBuffer
    ) -> (start: ByteBuffer, shared: ByteBuffer, end: ByteBuffer) {
        var end = ByteBuffer()
        Self.store(tail, into: &end)
        // The empty block that ends every compressed message, without its tail.
        end.writeInteger(0, as: UInt8.self)
        var stored = ByteBuffer()
        Self.store(head, into: &stored)
        var start = ByteBuffer()
        let count = stored.readableBytes + blocks.readableBytes + end.readableBytes
        FrameEncoder.writeHeader(.text, isCompressed: true, payloadBytes: count, into: &start)
        start.writeImmutableBuffer(stored)
        return (start, blocks, end)
    }

    /// Appends blocks without compression (RFC 1951 §3.2.4).
    private static func store(_ bytes: ByteBuffer, into buffer: inout ByteBuffer) {
        var rest = bytes
        while let piece = rest.readSlice(length: min(rest.readableBytes, 0xFFFF)), piece.readableBytes > 0 {
            let length = UInt16(piece.readableBytes)
            buffer.writeInteger(0, as: UInt8.self)
            buffer.writeInteger(length, endianness: .little)
            buffer.writeInteger(~length, endianness: .little)
            buffer.writeImmutableBuffer(piece)
        }
    }
}

extension SharedFrameCompressor {
    /// Compresses what many messages will have in their middle.
    ///
    /// - Parameter payload: Text, cut between characters or not.
    /// - Returns: The compressed part, or `nil` where it is better to send such messages uncompressed.
    package func compressedPart(_ payload: ByteBuffer) -> CompressedPart? {
        compress(CollectionOfOne(payload), keepsTail: true) { bytes in CompressedPart(blocks: ByteBuffer(bytes: bytes))
        }
    }
}
