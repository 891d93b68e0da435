import Catalogue
import Foundation
import HTTPTypes
import Sandboxes
import Testing
import WebSocketCodec

@testable import Orchestration
@testable import Realtime
@testable import VibeServer

/// `protocol/README.md` names what the code has, all of it and nothing else.
@Suite struct ProtocolTableTests {
    private let tables: ProtocolTables

    init() throws {
        tables = try ProtocolTables()
    }

    @Test func events() throws {
        var channels: [String: Set<String>] = [:]
        for kind in AppsEvent.Kind.allCases { channels[kind.rawValue, default: []].insert("apps") }
        for kind in AppEvent.Kind.allCases { channels[kind.rawValue, default: []].insert("app:{id}") }
        channels[StatsEvent.kind, default: []].insert("stats")
        let documented = try tables.rows("events").map { ($0[0], Set($0[1].split(separator: ", ").map(String.init))) }
        #expect(try Dictionary(documented, uniquingKeysWith: { _, _ in throw Twice() }) == channels)
    }

    @Test func words() throws {
        #expect(try tables.column("phases") == Phase.allCases.map(\.rawValue))
        #expect(try tables.column("states") == BuildEvent.State.allCases.map(\.rawValue))
        #expect(try tables.column("outcomes") == GenerationFinished.Outcome.allCases.map(\.rawValue))
        #expect(try tables.column("attempt reasons") == AttemptReason.allCases.map(\.rawValue))
        #expect(try tables.column("statuses") == AppStatus.allCases.map(\.rawValue))
    }

    @Test func channels() throws {
        #expect(try tables.column("channels") == ChannelName.Kind.allCases.map(\.rawValue))
    }

    @Test func buckets() throws {
        let bounds = [Latencies.firstTokenBounds, Latencies.buildBounds]
        #expect(try tables.column("buckets", 1) == bounds.map { $0.map(String.init).joined(separator: ", ") })
        #expect(bounds.allSatisfy { $0.count == 15 && $0 == $0.sorted() })
    }

    @Test func errorNotes() throws {
        #expect(try tables.column("error notes") == ErrorNote.Code.allCases.map(\.rawValue))
        #expect(try members("error notes", 1) == ErrorNote.Code.allCases.map(\.members))
    }

    @Test func turnErrors() throws {
        #expect(try tables.column("turn errors") == TurnError.allCases.map(\.rawValue))
        #expect(try members("turn errors", 1) == TurnError.allCases.map(\.members))
    }

    @Test func buildErrors() throws {
        #expect(try tables.column("build errors") == BuildError.Code.allCases.map(\.rawValue))
    }

    @Test func origins() throws {
        #expect(try tables.column("origins") == Origin.allCases.map(\.rawValue))
        #expect(try members("origins", 1) == Origin.allCases.map(\.members))
    }

    @Test func refusals() throws {
        #expect(try tables.column("refusals") == RefusalCode.allCases.map(\.rawValue))
        #expect(try members("refusals", 2) == RefusalCode.allCases.map(\.members))
        let statuses = RefusalCode.allCases.map { $0 == .httpError ? "any" : "\($0.status.code)" }
        #expect(try tables.column("refusals", 1) == statuses)
    }

    @Test func everyRefusalHasASentence() {
        for code in RefusalCode.allCases {
            let members = code.members.map { ($0, Meaning.Value.number(7)) }
            let meaning = Meaning(code.rawValue, Dictionary(members) { first, _ in first })
            let text = RefusalSentence.text(code, meaning)
            #expect(text.hasSuffix("."), "\(code)")
            #expect(!RefusalSentence.text(code, Meaning(code.rawValue)).isEmpty)
        }
    }

    @Test func clientLimits() throws {
        let documented = try tables.rows("client limits").map { [$0[0], $0[1].filter(\.isNumber)] }
        #expect(documented == ClientLimits().values.map { ["\($0.name)", "\($0.value)"] })
    }

    /// The names in a column, those that may be absent too.
    private func members(_ name: String, _ index: Int) throws -> [[String]] {
        try tables.column(name, index).map { cell in
            cell.split(separator: ",").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " ?")) }
        }
    }

    @Test func methods() throws {
        #expect(try Set(tables.column("methods")) == Set(RPCMethod.allCases.map(\.rawValue)))
        #expect(try tables.column("methods").count == RPCMethod.allCases.count)
    }

    @Test func errors() throws {
        let rows = try tables.rows("errors").map { Array($0.prefix(3)) }
        #expect(rows == ClientError.published.map { ["\($0.code)", $0.message, $0.isTemporary ? "yes" : "no"] })
        #expect(ClientError.published.map(\.code) == Array(100...113))
    }

    @Test func unsubscribeCodes() throws {
        let rows = try tables.rows("unsubscribes").map { Array($0.prefix(2)) }
        #expect(rows == UnsubscribeCode.allCases.map { ["\($0.code)", $0.reason] })
    }

    @Test func disconnectCodes() throws {
        let rows = try tables.rows("disconnects").map { Array($0.prefix(2)) }
        #expect(rows == Disconnect.allCases.map { ["\($0.code)", $0.reason] })
    }

    @Test func limits() throws {
        let server = ServerConfiguration()
        let hub = server.hub
        let expected: [String: Int64] = [
            "bytes of a client's frame": Int64(hub.messageLimits.maximumFrameBytes),
            "bytes of a client's message": Int64(hub.messageLimits.maximumMessageBytes),
            "fragments of a client's message": Int64(hub.messageLimits.maximumFragments),
            "bytes of a reply, a snapshot included": Int64(hub.maximumReplyBytes),
            "bytes waiting for a connection; one reply or publication is exempt, up to the bytes of a reply": Int64(
                hub.maximumPendingBytes
            ),
            "channels of a connection": Int64(hub.maximumSubscriptions),
            "commands a second on average; twice as many at once": Int64(try #require(hub.maximumCommandsPerSecond)),
            "connections in all, one-way streams included": Int64(server.connections.maximum),
            "connections of one address; 0 for any number": Int64(server.connections.maximumPerAddress),
            "publications a second on average; twice as many at once": Int64(
                try #require(hub.maximumPublicationsPerSecond)
            ),
            "calls that run at once on a connection": Int64(hub.maximumCallsInFlight),
            "commands that wait for one on the same channel": Int64(hub.maximumWaitingCommands),
            "bytes of a channel's name": Int64(CommandParser.maximumChannelBytes),
            "bytes of a publication on cursors": Int64(CursorPublication.maximumBytes),
            "seconds from the upgrade to connect": hub.connectTimeout.components.seconds,
            "seconds between pings": hub.pingInterval.components.seconds,
            "seconds for a pong": hub.pongTimeout.components.seconds,
            "calls of app.console a second": Int64(ConsoleArguments.perSecond),
            "entries in a call of app.console": Int64(ConsoleArguments.limits.upperBound),
            "characters of a console entry's text": Int64(ConsoleEntry.maximumTextCharacters),
            "characters of a console entry's path": Int64(ConsoleEntry.maximumPathCharacters),
            "console lines of an app that wait to be published; ten a second are": Int64(ConsoleBuffer.maximumWaiting),
            "apps in a snapshot of apps": Int64(AppsChannelState.shownLimit),
            "messages in a snapshot of app:{id}": Int64(AppChannelState.messageLimit),
            "points in a snapshot of stats": Int64(StatsPoints.limit),
            "snapshots of apps that are kept": Int64(server.snapshots.maximumCount),
            "bytes of a snapshot of an app": Int64(server.snapshots.maximumBytes),
        ]
        let documented = try tables.rows("limits").map { ($0[0], Int64($0[1].filter(\.isNumber))) }
        #expect(try Dictionary(documented, uniquingKeysWith: { _, _ in throw Twice() }) == expected)
    }

    @Test func whatIsReservedIsNotThereYet() throws {
        let there: [String: Set<String>] = [
            "channel": Set(ChannelName.Kind.allCases.map(\.rawValue)),
            "event": Set(
                AppEvent.Kind.allCases.map(\.rawValue) + AppsEvent.Kind.allCases.map(\.rawValue) + [StatsEvent.kind]
            ),
            "method": Set(RPCMethod.allCases.map(\.rawValue)),
        ]
        for row in try tables.rows("reserved") {
            #expect(try #require(there[row[1]]).contains(row[0]) == false, "\(row[0]) is there: move it to its table")
        }
    }

    /// A name that stands in a table twice.
    private struct Twice: Error {}
}
