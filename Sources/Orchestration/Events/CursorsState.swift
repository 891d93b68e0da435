internal import Realtime

/// A channel of which the server knows nothing: what clients publish is passed on.
struct CursorsState: ChannelState {
    /// The server itself publishes nothing here.
    struct Event: ChannelEvent {
        func write(to json: inout JSONWriter) {
            json.null()
        }
    }

    mutating func fold(_ event: Event) {}

    func writeSnapshot(to json: inout JSONWriter) {
        json.null()
    }
}
