internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Sandboxes

/// One request to a sandbox and its answer, over a connection of its own on the sandbox's Unix socket.
struct UpstreamExchange: Sendable {
    private let channel: any Channel
    private let inbox: NIOLoopBound<UpstreamInbox>
    private let limits: GatewayLimits

    /// Connects.
    ///
    /// - Throws: `GatewayError.unreachable`.
    static func connect(
        socketPath: String,
        on eventLoop: any EventLoop,
        limits: GatewayLimits
    ) async throws -> UpstreamExchange {
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelOption(.autoRead, value: false)
        do {
            let descriptor = try SandboxEndpoint(socketPath: socketPath).connect()
            return try await bootstrap.withConnectedSocket(descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let inbox = UpstreamInbox()
                    var decoding = NIOHTTPDecoderLimitConfiguration()
                    decoding.maxHeaderFieldSize = limits.maximumFieldBytes
                    decoding.maxHeaderListSize = limits.maximumHeadBytes
                    decoding.maxHeaderFieldCount = limits.maximumFields
                    try channel.pipeline.syncOperations.addHTTPClientHandlers(
                        leftOverBytesStrategy: .dropBytes,
                        enableOutboundHeaderValidation: true,
                        encoderConfiguration: .init(),
                        decoderLimitConfiguration: decoding
                    )
                    try channel.pipeline.syncOperations.addHandler(inbox)
                    let bound = NIOLoopBound(inbox, eventLoop: channel.eventLoop)
                    return UpstreamExchange(channel: channel, inbox: bound, limits: limits)
                }
            }
        } catch {
            throw GatewayError.unreachable
        }
    }

    /// Sends the request's head; `hasBody` says whether `send` and `finish` follow.
    func send(_ head: HTTPRequestHead, hasBody: Bool) async throws {
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if hasBody {
            channel.flush()
        } else {
            try await finish()
        }
    }

    /// Sends a piece of the body; returns when the kernel has taken it.
    func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(bytes)))
    }

    func finish() async throws {
        try await channel.writeAndFlush(HTTPClientRequestPart.end(nil))
    }

    /// The head of the answer.
    ///
    /// - Throws: `GatewayError`, also for an upgrade that nobody asked for.
    func head() async throws -> HTTPResponseHead {
        guard case .head(let head) = try await part(within: limits.headTimeout) else { throw GatewayError.malformed }
        guard head.status != .switchingProtocols else { throw GatewayError.badUpgrade }
        return head
    }

    /// The next piece of the answer's body; `nil` after the last.
    func nextBytes() async throws -> ByteBuffer? {
        switch try await part(within: limits.idleTimeout) {
        case .body(let bytes): bytes
        case .end: nil
        case .head: throw GatewayError.malformed
        }
    }

    /// Ends the exchange, done or not; may be called again.
    func close() {
        channel.close(promise: nil)
    }

    /// Ends the exchange when `other`, the browser's connection, ends.
    func close(with other: any Channel) {
        other.closeFuture.whenComplete { [channel] _ in channel.close(promise: nil) }
    }

    private func part(within timeout: TimeAmount) async throws -> HTTPClientResponsePart {
        try await channel.eventLoop.flatSubmit { [inbox, channel] in
            inbox.value.next(on: channel.eventLoop, within: timeout)
        }.get()
    }
}
