import Foundation
import NIOCore
import Testing

@testable import Realtime

/// The protocol's vectors of lines in both directions, which the pages' tests run too.
@Suite struct FrameVectorTests {
    private struct File: Decodable {
        var commands: [CommandVector]
        var replies: [ReplyVector]
        var server: [ServerVector]
    }

    private struct CommandVector: Decodable {
        var name: String
        var line: String
        var outcome: String
        var id: UInt32?
        var request: String?
        var fields: [String: Parsed]?
    }

    private struct ReplyVector: Decodable {
        var name: String
        var line: String
    }

    private struct ServerVector: Decodable {
        var name: String
        var lines: [String]
    }

    private let file: File

    init() throws {
        let root = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        file = try JSONDecoder().decode(
            File.self,
            from: Data(contentsOf: root.appending(path: "protocol/vectors/frames.json"))
        )
    }

    @Test func commandsAreReadAsTheProtocolSays() throws {
        for vector in file.commands {
            let name = Comment(rawValue: vector.name)
            let command: Command
            do throws(CommandParser.Failure) {
                command = try CommandParser.parse(ByteBuffer(string: vector.line))
            } catch {
                #expect(vector.outcome == "disconnect", name)
                continue
            }
            #expect(outcome(command) == vector.outcome, name)
            #expect(command.id == vector.id, name)
            guard let fields = fields(command) else { continue }
            #expect(fields.request == vector.request, name)
            #expect((vector.fields ?? [:]) == (vector.fields == nil ? [:] : fields.values), name)
        }
        #expect(Set(file.commands.map(\.outcome)) == ["ok", "unknown", "bad request", "disconnect"])
    }

    @Test func repliesAndPushesAreWrittenAsTheProtocolSays() throws {
        let replies = Dictionary(uniqueKeysWithValues: file.replies.map { ($0.name, $0.line) })
        let pushes = Dictionary(uniqueKeysWithValues: file.server.map { ($0.name, $0.lines[0]) })
        let noApp = ClientError(code: 404, message: "There is no such app.")
        let expected: [(String?, String)] = [
            (
                replies["an answer"],
                reply { ReplyWriter.writeCalled(ByteBuffer(string: #"{"status":"ok"}"#), id: 0, into: &$0) }
            ),
            (
                replies["an answer of null"],
                reply { ReplyWriter.writeCalled(ByteBuffer(string: "null"), id: 0, into: &$0) }
            ),
            (replies["an error"], reply { ReplyWriter.write(.methodNotFound, id: 0, into: &$0) }),
            (replies["an error that may pass"], reply { ReplyWriter.write(.tooManyRequests, id: 0, into: &$0) }),
            (replies["a method's own error"], reply { ReplyWriter.write(noApp, id: 0, into: &$0) }),
            (
                pushes["the app was ended"],
                try decodedText(PushWriter.unsubscribe(channel: "apps", code: .server).bytes)
            ),
            (
                pushes["something was missed"],
                try decodedText(PushWriter.unsubscribe(channel: "apps", code: .insufficient).bytes)
            ),
            (pushes["a publication"], try publication(#"{"n":1}"#, offset: 4)),
            (pushes["a publication without an offset"], try publication(#"{"typing":true}"#, from: ana)),
        ]
        for (vector, written) in expected {
            let vector = try #require(vector)
            #expect(try Parsed(written) == Parsed(vector))
        }
    }

    private let ana = ClientIdentity(client: "c-1", user: "ana", name: "Ana", color: "#8CC8F2")

    private func outcome(_ command: Command) -> String {
        switch command.request {
        case .malformed, .malformedConnect: "bad request"
        case .unknown: "unknown"
        default: "ok"
        }
    }

    /// What a command says; `nil` for those that say no more than their name.
    private func fields(_ command: Command) -> (request: String, values: [String: Parsed])? {
        func text(_ value: String?) -> Parsed? { value.map(Parsed.text) }
        func text(_ value: ByteBuffer?) -> Parsed? { value.map { .text(String(buffer: $0)) } }
        let (request, values): (String, [String: Parsed?])
        switch command.request {
        case .pong: (request, values) = ("pong", [:])
        case .send: (request, values) = ("send", [:])
        case .connect(let it):
            request = "connect"
            values = [
                "token": text(it.token), "data": text(it.data), "name": text(it.name), "version": text(it.version),
            ]
        case .subscribe(let it):
            request = "subscribe"
            values = [
                "channel": text(it.channel), "data": text(it.data), "recover": .bool(it.recovery != nil),
                "epoch": text(it.recovery?.epoch ?? ""), "offset": text(String(it.recovery?.offset ?? 0)),
            ]
        case .unsubscribe(let channel): (request, values) = ("unsubscribe", ["channel": text(channel)])
        case .publish(let it):
            (request, values) = ("publish", ["channel": text(it.channel), "data": text(it.data)])
        case .rpc(let method, let data):
            (request, values) = ("rpc", ["method": text(method), "data": text(data)])
        default: return nil
        }
        return (request, values.compactMapValues { $0 })
    }

    private func reply(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        write(&buffer)
        return String(buffer: buffer)
    }

    private func publication(
        _ data: String,
        offset: UInt64? = nil,
        from publisher: ClientIdentity? = nil
    ) throws -> String {
        var (begun, _) = PushWriter.beginPublication(
            prefix: PushWriter.publicationPrefix(channel: "apps"),
            event: RawEvent(data: ByteBuffer(string: data)),
            publisher: publisher
        )
        return try decodedText(PushWriter.endPublication(&begun, offset: offset).bytes)
    }
}
