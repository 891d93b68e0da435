import Foundation
import NIOCore
import NIOPosix

/// A server on a Unix socket that does with each connection what a test's script says.
struct ScriptedUpstream: Sendable {
    /// One accepted connection.
    struct Connection {
        fileprivate var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private(set) var received = ByteBuffer()

        fileprivate init(
            inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
            outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.iterator = inbound.makeAsyncIterator()
            self.outbound = outbound
        }

        /// Reads until the text has come; returns everything up to its end, or what there was at the end of the stream.
        mutating func read(until text: String) async throws -> String {
            while true {
                let all = String(buffer: received)
                if let range = all.range(of: text) {
                    let found = String(all[..<range.upperBound])
                    received.moveReaderIndex(forwardBy: found.utf8.count)
                    return found
                }
                guard var more = try await iterator.next() else {
                    defer { received.clear() }
                    return all
                }
                received.writeBuffer(&more)
            }
        }

        mutating func head() async throws -> String { try await read(until: "\r\n\r\n") }

        /// Says that nothing more comes, and waits for the other side to close: what was written is not lost.
        fileprivate mutating func end() async throws {
            outbound.finish()
            while try await iterator.next() != nil {}
        }

        func write(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
    }

    typealias Script = @Sendable (inout Connection) async throws -> Void

    let path: String

    /// Runs `body` beside a server with that script.
    static func run<Result: Sendable>(
        _ script: @escaping Script,
        _ body: @Sendable (ScriptedUpstream) async throws -> Result
    ) async throws -> Result {
        let folder = NSTemporaryDirectory() + "upstream-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/dev.sock"
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections {
                            group.addTask {
                                // What a script throws ends its connection, as a crash of the app would.
                                try? await connection.executeThenClose { inbound, outbound in
                                    var scripted = Connection(inbound: inbound, outbound: outbound)
                                    try await script(&scripted)
                                    try await scripted.end()
                                }
                            }
                        }
                    }
                }
            }
            let result = try await body(ScriptedUpstream(path: path))
            group.cancelAll()
            return result
        }
    }
}
