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

    @Test func theSoftLimitIsRaisedToTheHardOne() throws {
        let before = try #require(DescriptorLimit.current)
        let raised = try #require(DescriptorLimit.raise())
        #expect(raised >= before && DescriptorLimit.current == raised)
        #expect(DescriptorLimit.raise() == raised)
    }
}
