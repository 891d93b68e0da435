import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import VibeServer

@Suite struct AcceptWatchTests {
    /// Keeps the messages that are logged.
    private final class Lines: Sendable {
        private let held = Mutex<[String]>([])
        var all: [String] { held.withLock { $0 } }
        func add(_ line: String) { held.withLock { $0.append(line) } }
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.add("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }

    @Test func saysOnceAMinuteThatNothingIsAccepted() throws {
        let lines = Lines()
        let channel = EmbeddedChannel(
            handler: AcceptWatchHandler(logger: Logger(label: "test") { _ in Recorder(lines: lines) })
        )
        let error = IOError(errnoCode: 24, reason: "accept")
        for _ in 0..<5 {
            channel.pipeline.fireErrorCaught(error)
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            // What the handlers behind do with it is their business.
            #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        }
        #expect(lines.all.count == 1)
        #expect(lines.all[0].hasPrefix("error New connections wait") && lines.all[0].contains("24"))
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        channel.pipeline.fireErrorCaught(error)
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        #expect(lines.all.count == 2)
    }

    /// The socket is taken out of the selector, or its loop would spin on the error.
    @Test func stopsReadingForAWhile() throws {
        let channel = EmbeddedChannel(
            handler: AcceptWatchHandler(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        )
        func reads() -> Bool? {
            channel.options.first { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
        }
        for _ in 0..<3 {
            for _ in 0..<3 {
                channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
                #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
                #expect(reads() == false)
            }
            channel.embeddedEventLoop.advanceTime(by: AcceptWatchHandler.pause)
            #expect(reads() == true)
        }
    }

    @Test func saysNothingOfOtherErrors() throws {
        let lines = Lines()
        let channel = EmbeddedChannel(
            handler: AcceptWatchHandler(logger: Logger(label: "test") { _ in Recorder(lines: lines) })
        )
        channel.pipeline.fireErrorCaught(ChannelError.ioOnClosedChannel)
        #expect(throws: ChannelError.self) { try channel.throwIfErrorCaught() }
        #expect(lines.all.isEmpty)
    }

    /// Connections leave some descriptors to files and sandboxes.
    @Test func connectionsPastTheReserveWaitUntilSomeHaveGone() throws {
        let lines = Lines()
        let channel = EmbeddedChannel(
            handler: AcceptWatchHandler(
                maximumConnections: 2,
                logger: Logger(label: "test") { _ in Recorder(lines: lines) }
            )
        )
        func reads() -> Bool? {
            channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
        }
        let children = (0..<3).map { _ in EmbeddedChannel(loop: channel.embeddedEventLoop) }
        func accept(_ child: EmbeddedChannel) throws {
            channel.pipeline.fireChannelRead(child)
            #expect(try channel.readInbound(as: EmbeddedChannel.self) === child, "who was accepted is served")
        }
        try accept(children[0])
        #expect(reads() == nil)
        try accept(children[1])
        #expect(reads() == false)
        // One more may come in the same waking.
        try accept(children[2])
        for _ in 0..<3 {
            channel.embeddedEventLoop.advanceTime(by: AcceptWatchHandler.pause)
            #expect(reads() == false)
        }
        children[0].close(promise: nil)
        channel.embeddedEventLoop.advanceTime(by: AcceptWatchHandler.pause)
        #expect(reads() == false, "two are left")
        children[1].close(promise: nil)
        channel.embeddedEventLoop.advanceTime(by: AcceptWatchHandler.pause)
        #expect(reads() == true)
        #expect(lines.all.count == 1 && lines.all[0].hasPrefix("error New connections wait"))
    }

    @Test(
        arguments: [
            (4_096, 256, 3_836), (256, 256, 124), (600, 256, 340), (1_048_576, 0, .max), (nil, 256, .max),
            (.max, 256, Int.max - 260),
        ] as [(UInt64?, Int, Int)]
    )
    func theReserveIsAtMostHalfOfTheLimit(limit: UInt64?, reserved: Int, maximum: Int) {
        #expect(AcceptWatch.maximumConnections(limit: limit, reserved: reserved) == maximum)
    }

    @Test func theSoftLimitIsRaisedToTheHardOne() throws {
        let before = try #require(DescriptorLimit.current)
        let raised = try #require(DescriptorLimit.raise())
        #expect(raised >= before && DescriptorLimit.current == raised)
        #expect(DescriptorLimit.raise() == raised)
    }
}
