internal import HTTPTypes
internal import NIOCore
internal import Synchronization

/// Counts clients' connections, and refuses those that are too many.
final class ConnectionGate: Sendable {
    private struct Counts {
        var all = 0
        /// Only kept where there is a limit for them.
        var byAddress: [ClientAddress: Int] = [:]
    }

    private let limits: ConnectionLimits
    private let counts = Mutex(Counts())

    init(limits: ConnectionLimits = ConnectionLimits()) {
        self.limits = limits
    }

    /// Connections that have been let in and have not ended.
    var count: Int { counts.withLock { $0.all } }

    /// Lets one more in.
    ///
    /// - Parameter address: where it comes from; a connection without an address counts in all only.
    /// - Returns: to be given back when the connection has ended.
    /// - Throws: 503 when there are too many in all, 429 when too many come from that address.
    func enter(from address: SocketAddress?) throws(APIError) -> ConnectionTicket {
        let client = limits.maximumPerAddress > 0 ? address.flatMap(ClientAddress.init) : nil
        let refusal = counts.withLock { counts -> APIError? in
            guard counts.all < limits.maximum else { return .tooManyConnections }
            if let client {
                guard counts.byAddress[client, default: 0] < limits.maximumPerAddress else {
                    return .tooManyConnectionsOfAddress
                }
                counts.byAddress[client, default: 0] += 1
            }
            counts.all += 1
            return nil
        }
        if let refusal { throw refusal }
        return ConnectionTicket { [self] in leave(client) }
    }

    private func leave(_ client: ClientAddress?) {
        counts.withLock { counts in
            counts.all -= 1
            guard let client, let count = counts.byAddress[client] else { return }
            counts.byAddress[client] = count > 1 ? count - 1 : nil
        }
    }
}

/// One connection's place.
final class ConnectionTicket: Sendable {
    private let isGivenBack = Atomic(false)
    private let onReturn: @Sendable () -> Void

    init(onReturn: @escaping @Sendable () -> Void) {
        self.onReturn = onReturn
    }

    /// The connection has ended; later calls do nothing.
    func giveBack() {
        if !isGivenBack.exchange(true, ordering: .relaxed) { onReturn() }
    }
}

extension APIError {
    /// 503 for a connection when the server has as many as it takes.
    static let tooManyConnections = APIError(
        .tooManyConnections,
        headers: [.retryAfter: "5"]
    )

    /// 429 for a connection from an address that has as many as one may have.
    static let tooManyConnectionsOfAddress = APIError(
        .tooManyConnectionsOfAddress,
        headers: [.retryAfter: "5"]
    )
}
