package import NIOCore

/// One publication's `data`, encoded once for everybody.
package protocol ChannelEvent: Sendable {
    /// Writes one JSON value, an object with a `type`.
    func write(to json: inout JSONWriter)
}

/// What a channel knows: the fold of all its publications, from which late joiners get their snapshot.
///
/// A value type. `fold` runs under the channel's lock for microseconds; `writeSnapshot` runs on a copy, outside the lock.
package protocol ChannelState: Sendable {
    associatedtype Event: ChannelEvent

    /// Takes in a publication, in the order of offsets.
    mutating func fold(_ event: Event)

    /// Writes the snapshot: one JSON value, the state exactly after the last folded event.
    func writeSnapshot(to json: inout JSONWriter)

    /// Makes an event of what a client publishes, `data` being checked by the application.
    ///
    /// Used only on channels opened with `clientsMayPublish`. There is a default, which returns `nil`: then a channel without
    /// history passes the data on as it is, and one with history refuses it, since its snapshot could not hold it.
    static func event(clientData data: ByteBuffer) -> Event?
}

extension ChannelState {
    package static func event(clientData data: ByteBuffer) -> Event? { nil }
}
