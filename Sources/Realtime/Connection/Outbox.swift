internal import NIOCore
internal import WebSocketCodec

/// What a connection will write at the end of the tick, in order: pushes and replies of a tick share a frame.
///
/// Pure.
struct Outbox {
    /// A run of bytes for the socket.
    ///
    /// Only whole frames come one after another, but a long reply may span several.
    struct Entry {
        var bytes: ByteBuffer
        /// The length of the header where the bytes are one text frame that may be joined with others; 0 where not.
        var headerBytes = 0
        /// The length of the reply frame that ends here; 0 where none does.
        var replyBytes = 0
        /// The length of the longest publication in it, as far as it is exempt; 0 where there is none.
        var publicationBytes = 0
        /// What need not count against the limit of what may wait.
        var exemptBytes: Int { max(replyBytes, publicationBytes) }
    }

    /// Frames are joined up to this many bytes, which is what copying them costs at most.
    private static let maximumJoinedBytes = 65_536
    /// A snapshot from this size on is sent from the shared buffer rather than copied into the frame.
    private static let shareFrom = 16_384

    /// The first entry lies apart: mostly it is the only one, and needs no array.
    private var first: Entry?
    private var rest: [Entry] = []
    /// Replies of the frame that is being filled, behind room for its header; empty when there is none.
    private var replies = ByteBuffer()

    /// Whether there is nothing to write.
    var isEmpty: Bool { first == nil && replies.readableBytes == 0 }

    /// Adds a text frame, with the length of the longest publication in it.
    mutating func append(_ frame: Frame, publicationBytes: Int = 0) {
        sealReplies()
        add(Entry(bytes: frame.bytes, headerBytes: frame.headerBytes, publicationBytes: publicationBytes))
    }

    /// Adds bytes that stay as they are: control frames, or what is no WebSocket frame.
    mutating func append(opaque bytes: ByteBuffer, replyBytes: Int = 0, publicationBytes: Int = 0) {
        sealReplies()
        add(Entry(bytes: bytes, replyBytes: replyBytes, publicationBytes: publicationBytes))
    }

    /// Adds one reply; `write` appends it to the buffer, without a line feed.
    mutating func reply(_ write: (inout ByteBuffer) -> Void) {
        if replies.readableBytes >= Self.maximumJoinedBytes { sealReplies() }
        if replies.readableBytes == 0 {
            replies.reserveCapacity(256)
            replies.writeRepeatingByte(0, count: PushWriter.headerRoom)
        } else {
            replies.writeInteger(UInt8(ascii: "\n"))
        }
        write(&replies)
    }

    /// Adds one reply whose middle is shared by many connections: a frame of its own when it is long.
    mutating func reply(head: ByteBuffer, shared: ByteBuffer, tail: ByteBuffer) {
        guard shared.readableBytes >= Self.shareFrom else {
            reply { buffer in
                buffer.writeImmutableBuffer(head)
                buffer.writeImmutableBuffer(shared)
                buffer.writeImmutableBuffer(tail)
            }
            return
        }
        let payloadBytes = head.readableBytes + shared.readableBytes + tail.readableBytes
        var start = ByteBuffer()
        start.reserveCapacity(PushWriter.headerRoom + head.readableBytes)
        FrameEncoder.writeHeader(.text, payloadBytes: payloadBytes, into: &start)
        start.writeImmutableBuffer(head)
        replyFrame(start, shared, tail)
    }

    /// Adds one reply that is a whole frame in three pieces.
    mutating func replyFrame(_ start: ByteBuffer, _ middle: ByteBuffer, _ end: ByteBuffer) {
        sealReplies()
        add(Entry(bytes: start))
        add(Entry(bytes: middle))
        let frameBytes = start.readableBytes + middle.readableBytes + end.readableBytes
        add(Entry(bytes: end, replyBytes: frameBytes))
    }

    /// Hands everything over, in order: the first entry, `nil` when there is none, and those behind it.
    ///
    /// Replies, which are one client's alone, are compressed where it is worth it.
    mutating func take(compressor: SharedFrameCompressor? = nil) -> (first: Entry?, rest: [Entry]) {
        sealReplies()
        guard let first else { return (nil, []) }
        self.first = nil
        guard !rest.isEmpty else { return (first.compressed(by: compressor), []) }
        defer { rest = [] }
        if let one = joined(first, rest) { return (one.compressed(by: compressor), []) }
        guard compressor != nil else { return (first, rest) }
        return (first.compressed(by: compressor), rest.map { $0.compressed(by: compressor) })
    }

    /// Drops everything.
    mutating func clear() {
        self = Outbox()
    }

    /// One frame of several, where they are short.
    private func joined(_ first: Entry, _ rest: [Entry]) -> Entry? {
        var total = first.bytes.readableBytes
        for entry in rest { total += entry.bytes.readableBytes }
        guard total <= Self.maximumJoinedBytes, first.headerBytes > 0, rest.allSatisfy({ $0.headerBytes > 0 }) else {
            return nil
        }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(PushWriter.headerRoom + total)
        buffer.writeRepeatingByte(0, count: PushWriter.headerRoom)
        buffer.writeImmutableBuffer(first.bytes.slice(first.headerBytes..<first.bytes.readableBytes))
        var holdsReply = first.replyBytes > 0
        var publicationBytes = first.publicationBytes
        for entry in rest {
            buffer.writeInteger(UInt8(ascii: "\n"))
            buffer.writeImmutableBuffer(entry.bytes.slice(entry.headerBytes..<entry.bytes.readableBytes))
            holdsReply = holdsReply || entry.replyBytes > 0
            publicationBytes = max(publicationBytes, entry.publicationBytes)
        }
        let frame = PushWriter.frame(&buffer)
        return Entry(
            bytes: frame.bytes,
            headerBytes: frame.headerBytes,
            replyBytes: holdsReply ? frame.bytes.readableBytes : 0,
            publicationBytes: publicationBytes
        )
    }

    private mutating func add(_ entry: Entry) {
        if first == nil { first = entry } else { rest.append(entry) }
    }

    private mutating func sealReplies() {
        guard replies.readableBytes > 0 else { return }
        let frame = PushWriter.frame(&replies)
        add(
            Entry(bytes: frame.bytes, headerBytes: frame.headerBytes, replyBytes: frame.bytes.readableBytes)
        )
        replies = ByteBuffer()
    }
}

extension Outbox.Entry {
    /// A reply's frame compressed; anything else, and what does not become smaller, as it is.
    fileprivate func compressed(by compressor: SharedFrameCompressor?) -> Outbox.Entry {
        guard let compressor, headerBytes > 0, replyBytes > 0 else { return self }
        let payload = bytes.slice(headerBytes..<bytes.readableBytes)
        guard let frame = compressor.compressedFrame(payload: payload) else { return self }
        return Outbox.Entry(bytes: frame, replyBytes: frame.readableBytes)
    }
}
