internal import CZlib
internal import NIOCore

/// Inflates the messages of one sender (RFC 7692 §7.2.2): a raw DEFLATE stream of which each message is a piece.
///
/// Sendable without a check: it is used by one owner at a time, and `SparePool`'s mutex lies between two owners.
/// A sender that reaches further back than its window is found out where the window is needed; within one call zlib looks
/// back into the output itself, and such a message comes out as it was meant.
///
/// Memory: about 7 KiB, and the window (32 KiB for 15 bits) from the first message that is cut in pieces.
final class Inflater: @unchecked Sendable {
    /// On the heap: zlib keeps a pointer to it.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether everything so far was whole blocks that ended at the end of a byte.
    private var isBetweenBlocks = true

    /// Fails when zlib has no memory.
    ///
    /// - Parameter windowBits: 8 to 15; the sender's window or a larger one.
    init?(windowBits: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard vibe_inflate_init(stream, Int32(windowBits)) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Forgets everything, the window included.
    func reset() {
        inflateReset(stream)
        isBetweenBlocks = true
    }

    /// Appends what the next bytes of a message inflate to.
    ///
    /// - Parameters:
    ///   - input: A piece of the message's payload, cut anywhere.
    ///   - output: The message so far.
    ///   - limit: The most bytes that `output` may come to hold; inflation stops there.
    /// - Returns: What ends the connection, or `nil`. After an error only `reset` may be called.
    func inflate(_ input: UnsafeRawBufferPointer, into output: inout ByteBuffer, limit: Int) -> WebSocketError? {
        guard let start = input.baseAddress, input.count > 0 else { return nil }
        guard let count = UInt32(exactly: input.count) else { return .tooLarge }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: start.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = count
        defer {
            stream.pointee.next_in = nil
            stream.pointee.next_out = nil
        }
        while true {
            let room = limit - output.readableBytes
            let (status, produced) = room > 0 ? step(into: &output, room: room) : probe()
            guard produced == 0 || room > 0 else { return .tooLarge }
            let isPending = stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
            switch status {
            case Z_OK, Z_BUF_ERROR:
                // Bits 0 to 5: unused bits of the last byte; bit 7: behind a block.
                isBetweenBlocks = stream.pointee.data_type & 0xBF == 0x80
                guard isPending, status == Z_OK else { return nil }
            case Z_STREAM_END:
                // RFC 7692 §7.2.3.4: a block with BFINAL may be followed by others, which still see the window.
                inflateResetKeep(stream)
                isBetweenBlocks = true
                guard stream.pointee.avail_in > 0 else { return nil }
            case Z_MEM_ERROR: return .compressionFailed
            default: return .invalidDeflateData
            }
        }
    }

    /// Ends a message: adds the four bytes that its sender has left out (RFC 7692 §7.2.2).
    ///
    /// Some senders leave nothing out where their last fragment or an empty message adds no block, which is as good.
    ///
    /// - Returns: What ends the connection, or `nil`.
    func finish(into output: inout ByteBuffer, limit: Int) -> WebSocketError? {
        guard !isBetweenBlocks else { return nil }
        let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
        if let error = tail.withUnsafeBytes({ inflate($0, into: &output, limit: limit) }) { return error }
        return isBetweenBlocks ? nil : .invalidDeflateData
    }

    private func step(into output: inout ByteBuffer, room: Int) -> (status: Int32, produced: Int) {
        let wanted = min(room, max(256, Int(stream.pointee.avail_in) &* 3))
        var status = Z_OK
        let produced = output.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { target in
            let size = UInt32(clamping: min(target.count, room))
            stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = size
            status = CZlib.inflate(stream, Z_SYNC_FLUSH)
            return Int(size - stream.pointee.avail_out)
        }
        return (status, produced)
    }

    /// The output is full: goes on with a byte that nobody wants, to see whether there is more.
    private func probe() -> (status: Int32, produced: Int) {
        var byte: UInt8 = 0
        return withUnsafeMutablePointer(to: &byte) { byte in
            stream.pointee.next_out = byte
            stream.pointee.avail_out = 1
            let status = CZlib.inflate(stream, Z_SYNC_FLUSH)
            return (status, 1 - Int(stream.pointee.avail_out))
        }
    }
}
