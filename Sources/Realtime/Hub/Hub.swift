package import NIOCore

/// All channels and connections of this process, with one shard an event loop.
package final class Hub: Sendable {
    /// - Parameter group: its loops own the connections; one shard is made for each.
    package init(group: any EventLoopGroup, options: HubOptions = HubOptions()) {}

    /// Opens a channel, or replaces nothing: a programmer error when the name is open already.
    ///
    /// - Parameter onSubscribers: told the number of distinct connections subscribed after each change; called on an
    ///   event loop, must not block.
    package func open<State: ChannelState>(
        _ name: String,
        state: State,
        options: ChannelOptions = ChannelOptions(),
        onSubscribers: (@Sendable (Int) -> Void)? = nil
    ) -> Channel<State> {
        Channel(name: name, state: state)
    }

    /// Unsubscribes everybody with `code` and forgets the channel. Unknown names are ignored.
    package func close(_ name: String, code: UnsubscribeCode) {}

    /// Whether a channel of this name is open.
    package func isOpen(_ name: String) -> Bool { false }

    /// Ends every connection with `3001 shutdown`; returns when all have been told and flushed, or `deadline` has passed.
    package func shutdown(deadline: Duration) async {}
}
