import NIOCore
import Synchronization

@testable import Realtime

/// An application that a test tells what to say.
final class TestApplication: RealtimeApplication {
    typealias Prepare = @Sendable (String, ClientIdentity) async throws(ClientError) -> Void
    typealias Call = @Sendable (String, ByteBuffer?) async throws(ClientError) -> ByteBuffer

    private let onConnect: @Sendable (ConnectRequest) -> ConnectAnswer
    private let onPrepare: Prepare
    private let onCall: Call
    private let tokens: (any TokenVerifier)?

    init(
        connect: @escaping @Sendable (ConnectRequest) -> ConnectAnswer = {
            .accepted(
                ConnectAcceptance(ClientIdentity(client: $0.client, user: "ada", name: "Ada", color: "#0A0B0C"))
            )
        },
        prepare: @escaping Prepare = { _, _ in },
        call: @escaping Call = { (method, data) throws(ClientError) in
            guard method == "echo" else { throw ClientError(code: 404, message: "no such method") }
            return data ?? ByteBuffer(string: "null")
        },
        tokens: (any TokenVerifier)? = nil
    ) {
        onConnect = connect
        onPrepare = prepare
        onCall = call
        self.tokens = tokens
    }

    func connect(_ request: ConnectRequest) -> ConnectAnswer { onConnect(request) }

    func prepare(
        _ request: SubscribeRequest,
        for client: ClientIdentity
    ) async throws(ClientError) -> SubscribeGrant {
        try await onPrepare(request.channel, client)
        guard let tokens, let token = request.token else { return SubscribeGrant() }
        return SubscribeGrant(expiry: try tokens.expiry(of: token, channel: request.channel, for: client))
    }

    func rpc(method: String, data: ByteBuffer?, from client: ClientIdentity) async throws(ClientError) -> ByteBuffer {
        try await onCall(method, data)
    }

    /// `"bad"` is refused; `{"key":…}` is coalesced with others of its key.
    func publish(
        channel: String,
        data: ByteBuffer,
        from client: ClientIdentity
    ) -> Result<ClientPublication, ClientError> {
        if String(buffer: data) == "\"bad\"" { return .failure(.badRequest) }
        let key = (try? JSONObject(data))?["key"]?.string
        return .success(ClientPublication(data: data, coalescingKey: key.map { "\(client.client)/\($0)" }))
    }

    func refresh(token: String, for client: ClientIdentity) -> RefreshAnswer {
        guard let tokens else { return .failed(.notAvailable) }
        do throws(TokenError) {
            return .extended(try tokens.connection(token).expiry)
        } catch {
            return error.refreshAnswer
        }
    }

    func refresh(channel: String, token: String, for client: ClientIdentity) -> Result<Expiry?, ClientError> {
        guard let tokens else { return .failure(.notAvailable) }
        do throws(ClientError) {
            return .success(try tokens.expiry(of: token, channel: channel, for: client))
        } catch {
            return .failure(error)
        }
    }
}

/// Opens when told: what waits at it goes on then.
final class Gate: Sendable {
    private enum State {
        case shut([CheckedContinuation<Void, Never>])
        case open
    }

    private let state = Mutex(State.shut([]))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                guard case .shut(let waiting) = state else { return true }
                state = .shut(waiting + [continuation])
                return false
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .shut(let waiting) = state else { return [] }
            state = .open
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Keeps work until a test runs it: stands in for the pool on which snapshots are encoded.
final class Later: Sendable {
    private let work = Mutex<[@Sendable () -> Void]>([])

    var executor: Snapshot.Executor {
        { work in self.work.withLock { $0.append(work) } }
    }

    var count: Int { work.withLock { $0.count } }

    func runAll() {
        let taken = work.withLock { work in
            defer { work = [] }
            return work
        }
        for item in taken { item() }
    }
}
