internal import NIOCore

/// The server's subscriptions that are made before a client is told that it is connected.
///
/// Bound to the connection's event loop.
final class Greeting {
    private let acceptance: ConnectAcceptance
    private let whenDone: (Result<Welcome, ClientError>) -> Void
    private var results: [String: SubscribeResult] = [:]
    private var isOver = false

    init(_ acceptance: ConnectAcceptance, whenDone: @escaping (Result<Welcome, ClientError>) -> Void) {
        self.acceptance = acceptance
        self.whenDone = whenDone
    }

    /// One subscription is there; with the last one the client can be told.
    func subscribed(to channel: String, _ result: SubscribeResult) {
        guard !isOver else { return }
        results[channel] = result
        guard results.count == Set(acceptance.channels).count else { return }
        isOver = true
        let subscriptions = acceptance.channels.compactMap { channel in
            results.removeValue(forKey: channel).map { (channel, $0) }
        }
        whenDone(.success(Welcome(acceptance: acceptance, subscriptions: subscriptions)))
    }

    /// One has failed, and all with it.
    func fail(_ error: ClientError) {
        guard !isOver else { return }
        isOver = true
        whenDone(.failure(error))
    }
}

extension ClientError {
    /// Says to one who is not connected yet that it will not be.
    package init(_ disconnect: Disconnect) {
        self.init(code: UInt32(disconnect.code), message: disconnect.reason, isTemporary: disconnect.reconnects)
    }
}
