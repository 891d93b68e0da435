internal import NIOCore
internal import WebSocketCodec

/// What a connection will write at the end of the tick: whole frames in order, replies batched.
///
/// Pure.
struct Outbox {
    /// A run of bytes for the socket.
    ///
    /// Only whole frames come one after another, but a long reply may span several.
    struct Entry {
        var bytes: ByteBuffer
        /// The length of the reply frame that ends here; 0 where none does.
        var replyBytes = 0
    }

    /// Replies are joined into one frame up to this many bytes.
    private static let maximumBatchBytes = 65_536
    /// A snapshot from this size on is sent from the shared buffer rather than copied into the frame.
    private static let shareFrom = 16_384

    /// The first entry lies apart: mostly it is the only one, and needs no array.
    private var first: Entry?
    private var rest: [Entry] = []
    /// Replies of the frame that is being filled, behind room for its header; empty when there is none.
    private var replies = ByteBuffer()

    /// Whether there is nothing to write.
    var isEmpty: Bool { first == nil && replies.readableBytes == 0 }

    /// Adds whole frames.
    mutating func append(_ frames: ByteBuffer) {
        sealReplies()
        add(Entry(bytes: frames))
    }

    /// Adds one reply; `write` appends it to the buffer, without a line feed.
    mutating func reply(_ write: (inout ByteBuffer) -> Void) {
        if replies.readableBytes >= Self.maximumBatchBytes { sealReplies() }
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
        sealReplies()
        let payloadBytes = head.readableBytes + shared.readableBytes + tail.readableBytes
        var start = ByteBuffer()
        start.reserveCapacity(PushWriter.headerRoom + head.readableBytes)
        FrameEncoder.writeHeader(.text, payloadBytes: payloadBytes, into: &start)
        let frameBytes = start.readableBytes + payloadBytes
        start.writeImmutableBuffer(head)
        add(Entry(bytes: start))
        add(Entry(bytes: shared))
        add(Entry(bytes: tail, replyBytes: frameBytes))
    }

    /// Hands everything over, in order: the first entry, `nil` when there is none, and those behind it.
    mutating func take() -> (first: Entry?, rest: [Entry]) {
        sealReplies()
        let taken = (first, rest)
        first = nil
        if !rest.isEmpty { rest = [] }
        return taken
    }

    /// Drops everything.
    mutating func clear() {
        self = Outbox()
    }

    private mutating func add(_ entry: Entry) {
        if first == nil { first = entry } else { rest.append(entry) }
    }

    private mutating func sealReplies() {
        guard replies.readableBytes > 0 else { return }
        PushWriter.putHeader(&replies)
        add(Entry(bytes: replies, replyBytes: replies.readableBytes))
        replies = ByteBuffer()
    }
}
