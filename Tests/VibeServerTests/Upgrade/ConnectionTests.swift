import NIOCore
import NIOHTTP1
import Testing

@testable import VibeServer

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    // MARK: Requests and responses in their order

    @Test func keepsTheConnectionForFurtherRequests() async throws {
        try await withUpgradeServer { server in
            try await server.connect { connection in
                for count in 1...3 {
                    try await connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                    try await connection.read { bytes in
                        responses(String(decoding: bytes, as: UTF8.self)) == count
                            && bytes.suffix(5).elementsEqual("hello".utf8)
                    }
                }
            }
            #expect(server.counter.value == 3)
        }
    }

    @Test func answersPipelinedRequestsInTheirOrder() async throws {
        try await withUpgradeServer { server in
            var request = ""
            for number in 1...20 {
                request += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\(100 + number)"
            }
            request +=
                "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
            let answer = try await server.exchange(request)
            let bodies = answer.split(separator: "\r\n\r\n").dropFirst().map { $0.prefix(3) }
            #expect(bodies == (1...20).map { "\(100 + $0)"[...] } + ["hel"])
            #expect(responses(answer) == 21)
            #expect(server.counter.value == 21)
        }
    }

    @Test func readsABodyInChunks() async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange(
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\nabcde"))
        }
    }

    @Test func closesBehindAResponseToHTTP10() async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange("GET /hello HTTP/1.0\r\n\r\n")
            #expect(answer.contains("\r\nConnection: close\r\n") && answer.hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test func answersAPeerThatHasClosedItsSendingSide() async throws {
        try await withUpgradeServer { server in
            try await server.connect { connection in
                try await connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                connection.finish()
                let answer = try await connection.readToEnd()
                #expect(answer.hasSuffix("\r\n\r\nhello"))
            }
        }
    }

    @Test func answersA413WithoutReadingTheWholeBody() async throws {
        try await withUpgradeServer { server in
            try await server.connect { connection in
                try await connection.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
                try await connection.send(String(repeating: "x", count: 100_000))
                let answer = try await connection.read { $0.count > 40 }
                #expect(answer.hasPrefix("HTTP/1.1 413 "))
            }
        }
    }

    @Test func turnsAnAbsoluteTargetIntoItsPath() async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange(
                "GET http://A.example:80/target?x=1 HTTP/1.1\r\nHost: a.example:80\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.hasSuffix("\r\n\r\n/target?x=1"))
        }
    }

    // MARK: Deadlines

    // A client of a busy machine may need a while for its first bytes: without any the server closes in silence.
    @Test func answers408ToAHeadThatDoesNotArriveInTime() async throws {
        try await withUpgradeServer(options: .short { $0.headDeadline = .milliseconds(500) }) { server in
            let answer = try await server.exchange("GET /hello HTTP/1.1\r\nHo")
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(answer.contains(#""code":"request_timeout""#))
        }
    }

    @Test func answers408ToALaterHeadThatDoesNotArriveInTime() async throws {
        try await withUpgradeServer(options: .short { $0.headDeadline = .milliseconds(500) }) { server in
            try await server.connect { connection in
                try await connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                try await connection.read(through: "hello")
                try await connection.send("G")
                let answer = try await connection.readToEnd()
                #expect(answer.contains("helloHTTP/1.1 408 "))
            }
        }
    }

    @Test func closesAConnectionThatSendsNothing() async throws {
        try await withUpgradeServer(options: .short { $0.headDeadline = .milliseconds(50) }) { server in
            let answer = try await server.exchange("")
            #expect(answer == "")
        }
    }

    @Test func closesAnIdleConnection() async throws {
        try await withUpgradeServer(options: .short { $0.idleTimeout = .milliseconds(50) }) { server in
            let answer = try await server.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.hasSuffix("\r\n\r\nhello") && responses(answer) == 1)
        }
    }

    @Test func answers408ToABodyThatMakesNoProgress() async throws {
        try await withUpgradeServer(options: .short { $0.bodyDeadline = .milliseconds(50) }) { server in
            let answer = try await server.exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(responses(answer) == 1)
        }
    }

    // MARK: Requests that two readers could understand differently

    /// One fault each; every one has a request behind it that must stay unread.
    private static let smuggling: [Attack] = [
        Attack("both lengths", post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        Attack("both lengths, other order", post("Transfer-Encoding: chunked\r\nContent-Length: 3", "0\r\n\r\n")),
        Attack("two lengths", post("Content-Length: 3\r\nContent-Length: 4", "abcd")),
        Attack("two equal lengths", post("Content-Length: 3\r\nContent-Length: 3", "abc")),
        Attack("length list", post("Content-Length: 3, 3", "abc")),
        Attack("signed length", post("Content-Length: +3", "abc")),
        Attack("negative length", post("Content-Length: -1", "")),
        Attack("hexadecimal length", post("Content-Length: 0x3", "abc")),
        Attack("empty length", post("Content-Length:", "")),
        Attack("huge length", post("Content-Length: 18446744073709551617", "a")),
        Attack("unknown coding", post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
        Attack("coding list", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
        Attack("chunked twice", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
        Attack("two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n")),
        Attack("coding with a vertical tab", post("Transfer-Encoding:\u{B}chunked", "0\r\n\r\n")),
        Attack("blank before the colon", post("Transfer-Encoding : chunked", "0\r\n\r\n")),
        Attack("chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Attack("bare CR in a value", post("X: a\rb", "")),
        Attack("bare CR before the colon", post("X\r: a", "")),
        Attack("NUL in a value", post("X: a\u{0}b", "")),
        Attack("control in a value", post("X: a\u{1}b", "")),
        Attack("obsolete folding", post("X: a\r\n b", "")),
        Attack("folding of the first line", "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n"),
        Attack("bare LF after a header", "GET /hello HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
        Attack("bare LF after the first line", "GET /hello HTTP/1.1\nHost: a\r\n\r\n"),
        Attack("no colon", post("Nonsense", "")),
        Attack("empty name", post(": a", "")),
        Attack("name that is no token", post("X(): a", "")),
        Attack("no host", "GET /hello HTTP/1.1\r\n\r\n"),
        Attack("two hosts", post("Host: b", "")),
        Attack("two equal hosts", post("Host: a", "")),
        Attack("other host in the target", "GET http://b/hello HTTP/1.1\r\nHost: a\r\n\r\n"),
        Attack("userinfo in the target", "GET http://a@b/hello HTTP/1.1\r\nHost: b\r\n\r\n"),
        Attack("target without a slash", "GET hello HTTP/1.1\r\nHost: a\r\n\r\n"),
        Attack("control in the target", "GET /hel\u{1}lo HTTP/1.1\r\nHost: a\r\n\r\n"),
        Attack("no HTTP", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}"),
        Attack("chunk size that is none", post("Transfer-Encoding: chunked", "x\r\nabc\r\n0\r\n\r\n"), reaches: true),
        Attack("huge chunk", post("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFF\r\na"), reaches: true),
        Attack("bad chunk terminator", post("Transfer-Encoding: chunked", "3\r\nabcXX0\r\n\r\n"), reaches: true),
        Attack(
            "bare LF in a chunk extension",
            post("Transfer-Encoding: chunked", "3;a\nabc\r\n0\r\n\r\n"),
            reaches: true
        ),
        Attack(
            "bare CR in a chunk extension",
            post("Transfer-Encoding: chunked", "3;a\rb\r\nabc\r\n0\r\n\r\n"),
            reaches: true
        ),
    ]

    @Test(arguments: smuggling)
    func answers400AndCloses(attack: Attack) async throws {
        try await withUpgradeServer(options: .short { $0.bodyDeadline = .seconds(20) }) { server in
            let answer = try await server.exchange(attack.request + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(answer)")
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(responses(answer) == 1)
            // A sound head before a broken body may reach its route, or end with the connection first.
            #expect(server.counter.value <= (attack.reachesRoute ? 1 : 0))
        }
    }

    @Test func refusesOtherVersionsAndMethods() async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            let connect = "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"
            let refused = try await server.exchange(connect)
            #expect(refused.hasPrefix("HTTP/1.1 405 "))
        }
    }

    @Test(arguments: [
        "GET /hello HTTP/1.1\r\nHost: a\r\n" + (0..<101).map { "X-\($0): a\r\n" }.joined() + "\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 20_000) + "\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\n"
            + (0..<10).map { "X-\($0): \(String(repeating: "x", count: 8_000))\r\n" }.joined() + "\r\n",
        "GET /hello?" + String(repeating: "x", count: 20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func answers431ToTooMuchOfAHead(request: String) async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange(request + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
            #expect(responses(answer) == 1)
            #expect(server.counter.value == 0)
        }
    }

    private static func post(_ fields: String, _ body: String) -> String {
        "POST /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }
}

/// A request that must be answered 400.
struct Attack: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: String
    /// Whether its fault is in the body, so that a route has seen its head.
    let reachesRoute: Bool

    init(_ description: String, _ request: String, reaches: Bool = false) {
        testDescription = description
        self.request = request
        reachesRoute = reaches
    }
}

extension UpgradeOptions {
    /// Defaults with a change.
    static func short(_ change: (inout UpgradeOptions) -> Void) -> UpgradeOptions {
        var options = UpgradeOptions()
        change(&options)
        return options
    }
}
