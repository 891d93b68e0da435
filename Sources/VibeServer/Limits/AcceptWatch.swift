package import Logging
package import NIOCore

/// Pauses accepting when the system gives no more descriptors or memory, and says so in the log.
///
/// NIO's `AcceptBackoffHandler` holds back the next read, but where an accept fails at once the socket stays registered for
/// reading, and its loop spins on the error (swift-nio 2.101.2). Switching automatic reads off takes it out of the selector.
/// Bound to the listening channel's event loop.
final class AcceptWatchHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// Time until accepting is tried again.
    static let pause: TimeAmount = .seconds(1)
    /// Time between two lines.
    private static let quiet: TimeAmount = .seconds(60)

    private let logger: Logger
    private var nextLine: NIODeadline?
    private var resumption: Scheduled<Void>?

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError {
            pause(context)
            report(error, now: context.eventLoop.now)
        }
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        resumption?.cancel()
        resumption = nil
        context.fireChannelInactive()
    }

    private func pause(_ context: ChannelHandlerContext) {
        guard resumption == nil else { return }
        setAutoRead(false, context)
        resumption = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.resumption = nil
            self.setAutoRead(true, context)
        }
    }

    private func setAutoRead(_ isOn: Bool, _ context: ChannelHandlerContext) {
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: isOn)
        } catch {
            // The server is closing: it accepts nothing more in any case.
            logger.debug("Accepting not switched", metadata: ["error.type": "\(type(of: error))"])
        }
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

/// Keeps a listening channel from spinning when nothing can be accepted.
package enum AcceptWatch {
    /// Adds the watch before all other handlers, so that it sees what they keep for themselves.
    package static func start(on channel: any Channel, logger: Logger) async throws {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptWatchHandler(logger: logger), position: .first)
        }.get()
    }
}
