internal import NIOCore

/// Writes pushes for one-way streams, and reads where a client stood when it comes back.
///
/// Pure.
package enum OneWayWriter {
    /// One push: `payload` is a reply of the WebSocket protocol, `{"push":…}` or `{}`, of which the push is sent bare.
    static func push(_ payload: ByteBuffer, format: OneWayStream.Format, id: String?) -> ByteBuffer {
        let start = "{\"push\":".utf8.count
        let isPush = payload.readableBytes > start
        let bare = isPush ? payload.slice(start..<payload.readableBytes - 1) : payload
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bare.readableBytes + 64)
        switch format {
        case .eventStream where !isPush:
            // A ping: a comment, of which `EventSource` says nothing.
            buffer.writeStaticString(":\n\n")
        case .eventStream:
            if let id {
                buffer.writeStaticString("id: ")
                buffer.writeString(id)
                buffer.writeStaticString("\n")
            }
            buffer.writeStaticString("data: ")
            buffer.writeImmutableBuffer(bare)
            buffer.writeStaticString("\n\n")
        case .lines:
            buffer.writeImmutableBuffer(bare)
            buffer.writeStaticString("\n")
        }
        return buffer
    }

    /// The positions of a stream's channels, in the channels' order: `epoch:offset`, `-` where a channel has none, with
    /// commas between them.
    static func id(of positions: [StreamPosition?]) -> String {
        positions.map { $0.map { "\($0.epoch):\($0.offset)" } ?? "-" }.joined(separator: ",")
    }

    /// Reads what `id` has written; anything else gives no positions, and the client gets snapshots.
    ///
    /// - Parameters:
    ///   - id: `Last-Event-ID`, or the query's.
    ///   - channels: in the order of the request.
    /// - Returns: the position of each channel that has one.
    package static func positions(id: String, channels: [String]) -> [String: StreamPosition] {
        let parts = id.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == channels.count else { return [:] }
        var positions: [String: StreamPosition] = [:]
        for (channel, part) in zip(channels, parts) {
            let fields = part.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 2, !fields[0].isEmpty,
                let offset = JSONValue(text: ByteBuffer(bytes: fields[1])).unsignedInteger
            else { continue }
            positions[channel] = StreamPosition(epoch: String(decoding: fields[0], as: UTF8.self), offset: offset)
        }
        return positions
    }
}
