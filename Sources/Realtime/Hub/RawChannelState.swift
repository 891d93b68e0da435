package import NIOCore

/// A publication whose `data` is JSON already.
package struct RawEvent: ChannelEvent {
    /// One JSON value.
    package var data: ByteBuffer

    /// - Parameter data: one JSON value, already checked.
    package init(data: ByteBuffer) {
        self.data = data
    }

    package func write(to json: inout JSONWriter) {
        json.raw(data)
    }
}

/// The simplest state: the last publication's `data` is the snapshot, `null` before there is one.
///
/// For channels on which clients publish and nothing is known of the content: cursors, bench channels.
package struct RawChannelState: ChannelState {
    private var last: ByteBuffer?

    package init() {}

    package mutating func fold(_ event: RawEvent) {
        last = event.data
    }

    package func writeSnapshot(to json: inout JSONWriter) {
        if let last { json.raw(last) } else { json.null() }
    }

    package static func event(encoded data: ByteBuffer) -> RawEvent? {
        // A copy, so that the buffer that the client's frame arrived in can go.
        RawEvent(data: ByteBuffer(bytes: data.readableBytesView))
    }
}
