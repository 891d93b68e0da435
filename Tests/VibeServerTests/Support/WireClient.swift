import Foundation
import NIOCore
import NIOPosix

/// A TCP client that sends and reads bytes as a test says.
struct WireClient {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()
    let channel: any Channel

    /// Connects to a port of this machine for the time of `body`.
    static func open<Result>(
        port: Int,
        _ body: (inout WireClient) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = WireClient(
                iterator: inbound.makeAsyncIterator(),
                outbound: outbound,
                channel: channel.channel
            )
            return try await body(&connection)
        }
    }

    func write(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Reads until the text has come, or to the end of the stream.
    mutating func read(until text: String) async throws -> String {
        while true {
            let all = String(buffer: received)
            if let range = all.range(of: text) {
                let found = String(all[..<range.upperBound])
                received.moveReaderIndex(forwardBy: found.utf8.count)
                return found
            }
            guard var more = try await iterator.next() else {
                received.clear()
                return all
            }
            received.writeBuffer(&more)
        }
    }

    /// Everything until the server closes.
    mutating func readToEnd() async throws -> String {
        while var more = try await iterator.next() { received.writeBuffer(&more) }
        defer { received.clear() }
        return String(buffer: received)
    }
}
