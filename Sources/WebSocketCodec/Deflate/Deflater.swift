internal import CZlib
internal import NIOCore

/// Deflates messages (RFC 7692 §7.2.1): a raw DEFLATE stream of which each message is a piece.
///
/// Sendable without a check: it is used by one owner at a time, and `SparePool`'s mutex lies between two owners.
/// Memory: 264 KiB for a window of 15 bits.
final class Deflater: @unchecked Sendable {
    /// What ends every flush, and is left out at a message's end.
    private static let tailBytes = 4

    /// On the heap: zlib keeps a pointer to it.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Fails when zlib has no memory.
    ///
    /// - Parameters:
    ///   - level: 1 (fastest) to 9 (smallest).
    ///   - windowBits: 9 to 15.
    init?(level: Int, windowBits: Int = 15) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 8 is zlib's own default of memory.
        guard vibe_deflate_init(stream, Int32(clamping: level), Int32(windowBits), 8) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Forgets the window.
    func reset() {
        deflateReset(stream)
    }

    /// Compresses one message and hands its compressed bytes to `body`.
    ///
    /// - Parameters:
    ///   - parts: The message's payload, in one or several parts.
    ///   - keepsTail: Whether the empty block's last four bytes stay, because more of the message will follow.
    ///   - body: Gets the payload of the compressed frame, for the time of the call.
    /// - Returns: What `body` returned; `nil` when zlib failed, after which only `reset` may be called.
    func compress<Result>(
        _ parts: some Collection<ByteBuffer>,
        keepsTail: Bool = false,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let count = parts.reduce(0) { $0 + $1.readableBytes }
        guard count > 0 else {
            // RFC 7692 §7.2.3.6: one empty block, which no deflater writes twice in succession.
            return ([0x00] + (keepsTail ? [0x00, 0x00, 0xFF, 0xFF] : []) as [UInt8]).withUnsafeBytes(body)
        }
        guard count <= Int(Int32.max) else { return nil }
        // A flush adds at most a block's header and the tail to what zlib calls the bound.
        let capacity = Int(deflateBound(stream, UInt(count))) + 16
        return withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 1) { target -> Result? in
            stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(capacity)
            defer {
                stream.pointee.next_in = nil
                stream.pointee.next_out = nil
            }
            for part in parts {
                guard feed(part, flush: Z_NO_FLUSH) else { return nil }
            }
            guard feed(ByteBuffer(), flush: Z_SYNC_FLUSH), stream.pointee.avail_out > 0 else { return nil }
            let produced = capacity - Int(stream.pointee.avail_out)
            guard produced > Self.tailBytes else { return nil }
            return body(UnsafeRawBufferPointer(rebasing: target[..<(keepsTail ? produced : produced - Self.tailBytes)]))
        }
    }

    private func feed(_ part: ByteBuffer, flush: Int32) -> Bool {
        part.withUnsafeReadableBytes { bytes in
            stream.pointee.next_in = bytes.baseAddress.map {
                UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
            }
            stream.pointee.avail_in = UInt32(bytes.count)
            guard flush != Z_NO_FLUSH || bytes.count > 0 else { return true }
            return deflate(stream, flush) == Z_OK && stream.pointee.avail_in == 0
        }
    }
}
