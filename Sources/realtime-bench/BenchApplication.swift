internal import NIOCore
internal import Realtime
internal import Synchronization

/// An application in which everybody may do everything on `bench:*`: to measure fan-out beside other servers.
struct BenchApplication: RealtimeApplication {
    private let channels: BenchChannels

    init(hub: Hub) {
        channels = BenchChannels(hub: hub)
    }

    func connect(_ request: ConnectRequest) -> Result<ClientIdentity, ClientError> {
        .success(ClientIdentity(client: request.client, user: "", name: "", color: "#808080"))
    }

    func prepare(channel: String, data: ByteBuffer?, for client: ClientIdentity) async throws(ClientError) {
        guard channel.utf8.starts(with: "bench:".utf8) else { throw .unknownChannel }
        channels.open(channel)
    }

    /// `echo` answers its data; there is nothing else to call.
    func rpc(method: String, data: ByteBuffer?, from client: ClientIdentity) async throws(ClientError) -> ByteBuffer {
        guard method == "echo" else { throw .methodNotFound }
        return data ?? ByteBuffer(string: "null")
    }

    func publish(channel: String, data: ByteBuffer, from client: ClientIdentity) -> Result<ByteBuffer, ClientError> {
        .success(data)
    }
}

/// Opens each channel once, whoever asks first; none is closed.
final class BenchChannels: Sendable {
    private let hub: Hub
    private let opening = Mutex(())

    init(hub: Hub) {
        self.hub = hub
    }

    /// Opens a channel unless it is open.
    func open(_ name: String) {
        opening.withLock { _ in
            guard !hub.isOpen(name) else { return }
            var options = ChannelOptions()
            options.clientsMayPublish = true
            options.publishingNeedsSubscription = false
            _ = hub.open(name, state: RawChannelState(), options: options)
        }
    }
}
