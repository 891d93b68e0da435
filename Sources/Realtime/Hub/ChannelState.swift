package import NIOCore

/// One publication's `data`, encoded once for everybody.
package protocol ChannelEvent: Sendable {
    /// Writes one JSON value, an object with a `type`.
    func write(to json: inout JSONWriter)

    /// Whether some events of the type can be merged; `false` by default, which spares history the question.
    static var canMerge: Bool { get }

    /// Takes in the event that was published next, so that this one says what both said.
    ///
    /// - Returns: false when the two cannot be one; then nothing changes. By default always.
    mutating func merge(_ next: Self) -> Bool

    /// What it is about, where only the newest event about a thing is worth keeping; `nil` by default: all are kept.
    var compactionKey: String? { get }

    /// The event to keep in place of this one and an `older` one of the same key; `nil` by default: this one.
    func standing(for older: Self) -> Self?
}

extension ChannelEvent {
    package static var canMerge: Bool { false }
    package mutating func merge(_ next: Self) -> Bool { false }
    package var compactionKey: String? { nil }
    package func standing(for older: Self) -> Self? { nil }
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

    /// Reads an event from a publication's `data`: what a client publishes, checked by the application, or what a broker
    /// brings from another server.
    ///
    /// There is a default, which returns `nil`: then a channel without history passes the data on as it is, and one with
    /// history refuses it, since its snapshot could not hold it.
    static func event(encoded data: ByteBuffer) -> Event?
}

extension ChannelState {
    package static func event(encoded data: ByteBuffer) -> Event? { nil }
}
