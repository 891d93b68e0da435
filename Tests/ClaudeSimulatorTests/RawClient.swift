import NIOCore
import NIOPosix

/// A client that reads a streamed answer as it comes.
enum RawClient {
    /// Posts a body and reads until the server closes the connection.
    ///
    /// - Parameters:
    ///   - port: on the loopback address.
    ///   - body: JSON.
    ///   - onFirstDelta: called once, when the first piece of text has come.
    /// - Throws: when the connection fails.
    static func post(port: Int, body: ByteBuffer, onFirstDelta: @Sendable () -> Void) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, outbound in
            var request = ByteBuffer(
                string: "POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: k\r\nanthropic-version: 2023-06-01\r\n"
                    + "Content-Length: \(body.readableBytes)\r\n\r\n"
            )
            request.writeImmutableBuffer(body)
            try await outbound.write(request)
            var text = ""
            var told = false
            for try await part in inbound {
                text += String(buffer: part)
                guard !told, text.contains("content_block_delta") else { continue }
                told = true
                onFirstDelta()
            }
        }
    }
}
