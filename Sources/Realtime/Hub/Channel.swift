internal import NIOCore

/// A named stream of publications with a state: publish from any thread, subscribe from event loops.
///
/// Created by `Hub.open`. Publishing takes the channel's lock for microseconds: next offset, fold, encode once, hand to the
/// event loops that have subscribers.
package final class Channel<State: ChannelState>: Sendable {
    package let name: String

    init(name: String, state: State) {
        self.name = name
    }

    /// Folds and sends one event to every subscriber. Returns its offset.
    @discardableResult
    package func publish(_ event: State.Event) -> UInt64 { 0 }

    /// Reads the state as of the last publication, under the lock: keep it short.
    package func withState<Result>(_ body: (State) -> Result) -> Result { preconditionFailure("skeleton") }
}
