import Foundation
import NIOCore
import Orchestration
import Testing

@testable import VibeServer

@Suite struct PreviewGatewayTests {
    private func get(
        _ upstream: ScriptedUpstream,
        _ path: String = "/",
        method: String = "GET",
        fields: [(String, String)] = [],
        body: String? = nil,
        limits: GatewayLimits = GatewayLimits()
    ) async throws -> RawResponse {
        let response = try await GatewayHarness.run(.running(socketPath: upstream.path), limits: limits) { port in
            try await WireClient.request(
                port: port,
                method,
                path,
                host: GatewayHarness.host,
                fields: fields,
                body: body
            )
        }
        return try #require(response)
    }

    @Test func passesOnlyWhatAnAppMaySee() async throws {
        let (heads, continuation) = AsyncStream<String>.makeStream()
        let response = try await ScriptedUpstream.run { connection in
            continuation.yield(try await connection.head())
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/html\r\n\r\nok")
        } _: { upstream in
            try await get(
                upstream,
                "/a?b=c",
                fields: [
                    ("Cookie", "session=1"), ("Authorization", "Bearer x"), ("X-CSRF-Token", "y"),
                    ("Origin", "http://a"),
                    ("Referer", "http://a/app/secret"), ("Accept", "text/html"), ("Upgrade-Insecure-Requests", "1"),
                    ("If-None-Match", "\"e\""), ("X-Forwarded-For", "1.2.3.4"), ("TE", "trailers"),
                ]
            )
        }
        #expect(response.status == 200 && response.body == "ok")
        var iterator = heads.makeAsyncIterator()
        let head = try #require(await iterator.next()).lowercased()
        #expect(head.hasPrefix("get /a?b=c http/1.1\r\n"))
        #expect(head.contains("\r\nhost: localhost\r\n") && head.contains("\r\naccept: text/html\r\n"))
        #expect(head.contains("\r\nif-none-match: \"e\"\r\n"))
        for hidden in [
            "cookie", "authorization", "csrf", "origin:", "referer", "upgrade-insecure", "forwarded", "\r\nte:",
        ] {
            #expect(!head.contains(hidden))
        }
    }

    @Test func keepsWhatAnAppMayNotSay() async throws {
        let response = try await ScriptedUpstream.run { connection in
            _ = try await connection.head()
            try await connection.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b; Domain=vibe.localhost\r\nService-Worker-Allowed: /\r\n"
                    + "Clear-Site-Data: \"*\"\r\nContent-Security-Policy: frame-ancestors *\r\nX-Frame-Options: DENY\r\n"
                    + "Strict-Transport-Security: max-age=1\r\nAccess-Control-Allow-Origin: *\r\nETag: \"e\"\r\n\r\nok"
            )
        } _: {
            try await get($0)
        }
        #expect(response.status == 200)
        for hidden in [
            "set-cookie", "service-worker-allowed", "clear-site-data", "x-frame-options", "strict-transport-security",
            "access-control-allow-origin",
        ] {
            #expect(response[hidden] == nil)
        }
        #expect(response["etag"] == "\"e\"" && response["cache-control"] == "no-store")
        #expect(response["x-content-type-options"] == "nosniff")
        #expect(
            response["content-security-policy"] == "frame-ancestors http://127.0.0.1:8080 http://vibe.localhost:8080"
        )
        #expect(response["x-request-id"]?.isEmpty == false)
    }

    @Test func streamsAnswersAsTheyCome() async throws {
        let (steps, step) = AsyncStream<Void>.makeStream()
        try await ScriptedUpstream.run { connection in
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            // Goes on only when the client has seen the first part.
            var iterator = steps.makeAsyncIterator()
            await iterator.next()
            try await connection.write("6\r\nsecond\r\n0\r\n\r\n")
        } _: { upstream in
            try await GatewayHarness.run(.running(socketPath: upstream.path)) { port in
                try await WireClient.open(port: port) { client in
                    try await client.write(
                        "GET / HTTP/1.1\r\nHost: \(GatewayHarness.host)\r\nConnection: close\r\n\r\n"
                    )
                    _ = try await client.read(until: "first")
                    step.yield()
                    let rest = try await client.readToEnd()
                    #expect(rest.contains("second") && rest.hasSuffix("0\r\n\r\n"))
                }
            }
        }
    }

    @Test func streamsBodiesAsTheyCome() async throws {
        let (steps, step) = AsyncStream<Void>.makeStream()
        try await ScriptedUpstream.run { connection in
            let head = try await connection.head().lowercased()
            #expect(head.contains("transfer-encoding: chunked"))
            _ = try await connection.read(until: "first")
            step.yield()
            let rest = try await connection.read(until: "0\r\n\r\n")
            try await connection.write("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n")
            try await connection.write(rest.contains("second") ? "ok" : "no")
        } _: { upstream in
            try await GatewayHarness.run(.running(socketPath: upstream.path)) { port in
                try await WireClient.open(port: port) { client in
                    try await client.write(
                        "POST /api HTTP/1.1\r\nHost: \(GatewayHarness.host)\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
                            + "\r\n5\r\nfirst\r\n"
                    )
                    var iterator = steps.makeAsyncIterator()
                    await iterator.next()
                    try await client.write("6\r\nsecond\r\n0\r\n\r\n")
                    let response = try #require(RawResponse(try await client.readToEnd()))
                    #expect(response.status == 201 && response.body == "ok")
                }
            }
        }
    }

    @Test func passesLargeBodiesBothWays() async throws {
        let size = 1_000_000
        let response = try await ScriptedUpstream.run { connection in
            _ = try await connection.head()
            let body = try await connection.read(until: "END")
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
        } _: { upstream in
            try await get(upstream, "/", method: "PUT", body: String(repeating: "x", count: size) + "END")
        }
        #expect(response.status == 200)
        #expect(response["content-length"] == "\(size + 3)")
        #expect(response.body.utf8.count == size + 3)
    }

    @Test func answersHeadWithoutABody() async throws {
        let response = try await ScriptedUpstream.run { connection in
            #expect(try await connection.head().hasPrefix("HEAD / "))
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        } _: {
            try await get($0, method: "HEAD")
        }
        #expect(response.status == 200 && response.body.isEmpty && response["content-length"] == "500")
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", "",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 70_000) + "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le",
    ])
    func malformedAnswersBecome502(answer: String) async throws {
        let response = try await ScriptedUpstream.run { connection in
            _ = try await connection.head()
            try await connection.write(answer)
        } _: {
            try await get($0)
        }
        #expect(response.status == 502)
        #expect(response.body.contains("preview_failed"))
    }

    @Test func anEarlyEndCutsTheAnswerVisibly() async throws {
        let text = try await ScriptedUpstream.run { connection in
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart")
        } _: {
            try await get($0)
        }
        #expect(text.status == 200 && text["content-length"] == "100")
        #expect(text.body.utf8.count < 100)
    }

    @Test func aSilentAppBecomes504() async throws {
        var limits = GatewayLimits()
        limits.headTimeout = .milliseconds(50)
        let response = try await ScriptedUpstream.run { connection in
            _ = try await connection.read(until: "never")
        } _: { [limits] in
            try await get($0, limits: limits)
        }
        #expect(response.status == 504)
    }

    @Test(arguments: ["/edit", "/heartbeat", "//edit", "/%65dit", "/x/../edit", "/EDIT?a"])
    func controlPathsAreNotThere(path: String) async throws {
        let (heads, continuation) = AsyncStream<String>.makeStream()
        let response = try await ScriptedUpstream.run { connection in
            continuation.yield(try await connection.head())
        } _: {
            try await get($0, path, method: "POST", body: "{}")
        }
        continuation.finish()
        #expect(response.status == 404)
        for await head in heads { Issue.record("reached the app: \(head)") }
    }

    @Test(arguments: ["TRACE", "PROPFIND"])
    func unusualMethodsAre405(method: String) async throws {
        let response = try await ScriptedUpstream.run { _ in
        } _: {
            try await get($0, method: method)
        }
        #expect(response.status == 405 && response["allow"]?.contains("GET") == true)
    }

    @Test(arguments: [
        (PreviewTarget.starting, 503, "waking", "Waking A &lt;b&gt; &quot;&amp;&#39; list"),
        (.full, 503, "full", "Every sandbox is awake"), (.empty, 503, "empty", "The first version appears here"),
        (.terminated, 410, "ended", "This app has been ended"), (.unknown, 404, "unknown", "No app at this address"),
    ])
    func pagesSayWhyNothingIsShown(target: PreviewTarget, status: Int, reason: String, words: String) async throws {
        let response = try await absent(target, fields: [("Accept", "text/html")])
        #expect(response.status == status && response["content-type"] == "text/html; charset=utf-8")
        #expect(response["cache-control"] == "no-store" && response["x-content-type-options"] == "nosniff")
        #expect((response["retry-after"] != nil) == (status == 503))
        #expect(response.body.contains("<h1 id=\"reason\">\(words)</h1>"))
        #expect(response.body.contains("<title>\(words) · vibe</title>"))
        for (name, content) in [
            ("reason", reason), ("app", GatewayHarness.appID), ("title", "A &lt;b&gt; &quot;&amp;&#39; list"),
        ] {
            #expect(response.body.contains("<meta name=\"vibe-\(name)\" content=\"\(content)\">\n"))
        }
        #expect(!response.body.contains("<b>") && !response.body.contains("The server is restarting"))
    }

    @Test func thePageOfAPreviewStandsAlone() async throws {
        let response = try await absent(.starting, fields: [("Accept", "text/html")])
        let policy = try #require(response["content-security-policy"])
        let nonce = try #require(policy.split(separator: "'nonce-").last?.split(separator: "'").first)
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors http://127.0.0.1:8080"))
        #expect(response.body.components(separatedBy: "<style nonce=\"\(nonce)\">").count == 5)
        for missing in ["<script", "<link", "@font-face", "url(", "href=\"/\"", "style=\""] {
            #expect(!response.body.contains(missing), "\(missing)")
        }
        #expect(response.body.contains("--ground:") && response.body.contains("href=\"http://127.0.0.1:8080/\""))
    }

    @Test(arguments: [
        Visit(target: .starting, destination: "document", seconds: "1"),
        Visit(target: .starting, destination: nil, seconds: "1"),
        Visit(target: .starting, destination: "iframe", seconds: "10"),
        Visit(target: .full, destination: "document", seconds: "5"),
        Visit(target: .full, destination: "iframe", seconds: "10"),
        Visit(target: .terminated, destination: "document", seconds: nil),
        Visit(target: .unknown, destination: "iframe", seconds: nil),
    ])
    func onlyATabOfItsOwnAsksAgainSoon(visit: Visit) async throws {
        let fields = [("Accept", "text/html")] + (visit.destination.map { [("Sec-Fetch-Dest", $0)] } ?? [])
        let body = try await absent(visit.target, fields: fields).body
        #expect(body.contains("http-equiv=\"refresh\"") == (visit.seconds != nil))
        if let seconds = visit.seconds {
            #expect(body.contains("<meta http-equiv=\"refresh\" content=\"\(seconds)\">"))
        }
        #expect(body.contains("id=\"again\"") == (visit.seconds != nil))
    }

    struct Visit: Sendable {
        var target: PreviewTarget
        /// `Sec-Fetch-Dest`.
        var destination: String?
        /// After how many the page asks again.
        var seconds: String?
    }

    @Test(arguments: ["*/*", "application/json", "image/avif,*/*"])
    func programsAreToldInJSON(accept: String) async throws {
        let response = try await absent(.full, fields: [("Accept", accept)])
        #expect(response.status == 503 && response["retry-after"] == "5")
        #expect(try response.member("error.code") == "preview_full")
    }

    private func absent(_ target: PreviewTarget, fields: [(String, String)]) async throws -> RawResponse {
        let response = try await GatewayHarness.run(target, title: "A <b> \"&' list") { port in
            try await WireClient.request(port: port, "GET", "/", host: GatewayHarness.host, fields: fields)
        }
        return try #require(response)
    }

    @Test func aSocketThatIsGoneIsWakingUp() async throws {
        let response = try #require(
            try await GatewayHarness.run(.running(socketPath: "/tmp/there-is-no-such.sock")) { port in
                try await WireClient.request(port: port, "GET", "/main.js", host: GatewayHarness.host)
            }
        )
        #expect(response.status == 503 && response["retry-after"] == "1")
        #expect(response.body.contains("preview_starting"))
    }
}
