package import Logging
package import NIOCore

/// Says in the log when connections cannot be accepted: for want of descriptors or of memory.
///
/// NIO itself then waits for a second before it accepts again (`AcceptBackoffHandler`), and says nothing. Bound to the
/// listening channel's event loop.
final class AcceptWatchHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// Time between two lines.
    private static let quiet: TimeAmount = .seconds(60)

    private let logger: Logger
    private var nextLine: NIODeadline?

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError { report(error, now: context.eventLoop.now) }
        context.fireErrorCaught(error)
    }

    private func report(_ error: IOError, now: NIODeadline) {
        if let nextLine, now < nextLine { return }
        nextLine = now + Self.quiet
        logger.error(
            "New connections wait: the system accepts no more (too many open files?)",
            metadata: [
                "error.errno": "\(error.errnoCode)", "descriptors.limit": "\(DescriptorLimit.current ?? 0)",
            ]
        )
    }
}

/// Watches a listening channel.
package enum AcceptWatch {
    /// Adds the watch before all other handlers, so that it sees what they keep for themselves.
    package static func start(on channel: any Channel, logger: Logger) async throws {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptWatchHandler(logger: logger), position: .first)
        }.get()
    }
}
