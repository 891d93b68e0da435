package import NIOCore

/// Whose connections are meant.
package enum HubTarget: Sendable, Equatable {
    /// The connection with this client id.
    case client(String)
    /// All connections of a user.
    case user(String)
}

/// What the server does to connections of its own accord; none of it waits for the event loops.
extension Hub {
    /// Ends connections.
    package func disconnect(_ target: HubTarget, _ disconnect: Disconnect) {
        onEveryShard { shard in
            for connection in shard.connections(of: target) { connection.disconnect(disconnect) }
        }
    }

    /// Ends subscriptions to a channel.
    ///
    /// From 2500 on clients subscribe again by themselves.
    package func unsubscribe(_ target: HubTarget, from channel: String, _ code: UnsubscribeCode) {
        onEveryShard { shard in
            for connection in shard.connections(of: target) { connection.unsubscribe(from: channel, code) }
        }
    }

    /// Subscribes connections to a channel: the application prepares it as for a client, then the client is told.
    ///
    /// Nothing happens where the client is subscribed already, holds too many channels, or the application refuses.
    package func subscribe(_ target: HubTarget, to channel: String) {
        onEveryShard { shard in
            for connection in shard.connections(of: target) { connection.subscribeByServer(to: channel) }
        }
    }

    /// Sends a message outside of all channels: `data` is one JSON value.
    package func send(_ data: ByteBuffer, to target: HubTarget) {
        let frame = PushWriter.message(data)
        onEveryShard { shard in
            for connection in shard.connections(of: target) where connection.isConnected { connection.push(frame) }
        }
    }

    /// Changes how long connections are good, and tells the clients.
    package func refresh(_ target: HubTarget, _ expiry: Expiry) {
        let frame = PushWriter.refresh(expiry)
        onEveryShard { shard in
            for connection in shard.connections(of: target) where connection.isConnected {
                connection.expires(expiry)
                connection.push(frame)
            }
        }
    }
}
