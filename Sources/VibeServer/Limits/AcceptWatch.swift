package import Logging
package import NIOCore
internal import Synchronization

/// Pauses accepting when the system gives no more descriptors or memory, or connections have taken all but the reserve; and
/// says so in the log.
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
    private let maximumConnections: Int
    private let accepted = AcceptedConnections()
    private var nextLine: NIODeadline?
    private var resumption: Scheduled<Void>?

    /// - Parameters:
    ///   - maximumConnections: accepted and not ended at once; the others wait in the system's queue.
    ///   - logger: told when connections wait.
    init(maximumConnections: Int = .max, logger: Logger) {
        self.maximumConnections = maximumConnections
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        accepted.add(unwrapInboundIn(data))
        if accepted.count >= maximumConnections {
            pause(context)
            report(now: context.eventLoop.now, [:])
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError {
            pause(context)
            report(now: context.eventLoop.now, ["error.errno": "\(error.errnoCode)"])
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
            if self.accepted.count >= self.maximumConnections {
                self.pause(context)
            } else {
                self.setAutoRead(true, context)
            }
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

    private func report(now: NIODeadline, _ metadata: Logger.Metadata) {
        if let nextLine, now < nextLine { return }
        nextLine = now + Self.quiet
        let known: Logger.Metadata = [
            "descriptors.limit": "\(DescriptorLimit.current ?? 0)", "connections": "\(accepted.count)",
        ]
        logger.error(
            "New connections wait: the system accepts no more, or no more is to be taken (too many open files?)",
            metadata: metadata.merging(known) { given, _ in given }
        )
    }
}

/// Counts connections from their acceptance to their end.
private final class AcceptedConnections: Sendable {
    private let open = Atomic(0)

    var count: Int { open.load(ordering: .relaxed) }

    func add(_ channel: any Channel) {
        open.add(1, ordering: .relaxed)
        channel.closeFuture.whenComplete { _ in self.open.subtract(1, ordering: .relaxed) }
    }
}

/// Keeps a listening channel from spinning when nothing can be accepted.
package enum AcceptWatch {
    /// Adds the watch before all other handlers, so that it sees what they keep for themselves.
    ///
    /// - Parameters:
    ///   - channel: the listening one.
    ///   - reserved: descriptors that connections leave to files and sandboxes.
    ///   - logger: told when connections wait.
    /// - Throws: when the channel has closed.
    package static func start(on channel: any Channel, reserving reserved: Int = 0, logger: Logger) async throws {
        let maximum = maximumConnections(limit: DescriptorLimit.current, reserved: reserved)
        try await channel.eventLoop.submit {
            let handler = AcceptWatchHandler(maximumConnections: maximum, logger: logger)
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
        }.get()
    }

    /// How many connections may be open: of a limit that is hardly more than the reserve they get half.
    static func maximumConnections(limit: UInt64?, reserved: Int) -> Int {
        guard reserved > 0, let limit = limit.map(Int.init(clamping:)) else { return .max }
        // Some may be accepted at once before accepting stops.
        return max(limit - reserved, limit / 2) - acceptedAtOnce
    }

    /// What NIO accepts of one waking, at most (`maxMessagesPerRead` of swift-nio 2.101.2).
    private static let acceptedAtOnce = 4
}
