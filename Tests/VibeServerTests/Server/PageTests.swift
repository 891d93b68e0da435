import Testing

@testable import VibeServer

@Suite struct PageTests {
    @Test func pagesHaveTheirHeaders() async throws {
        try await ServerHarness.run { server in
            let host = "vibe.localhost:\(server.port)"
            let home = try await server.request("GET", "/", host: host)
            #expect(home.status == 200 && home.body.contains("home"))
            let policy = try #require(home["content-security-policy"])
            #expect(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"))
            #expect(policy.contains("frame-src http://*.vibe.localhost:\(server.port)"))
            #expect(policy.contains("ws://\(host)") && !policy.contains("unsafe"))
            #expect(home["x-content-type-options"] == "nosniff" && home["referrer-policy"] == "no-referrer")
            #expect(home["permissions-policy"] != nil && home["x-request-id"] != nil)
            let script = try await server.request("GET", "/js/app.js", host: host)
            #expect(
                script["content-type"] == "text/javascript; charset=utf-8"
                    && script["x-content-type-options"] == "nosniff"
            )
        }
    }

    @Test func unchangedFilesAre304() async throws {
        try await ServerHarness.run { server in
            let tag = try #require(try await server.request("GET", "/js/app.js")["etag"])
            for header in [tag, "W/" + tag, "\"x\", " + tag, "*"] {
                let response = try await server.request("GET", "/js/app.js", fields: [("If-None-Match", header)])
                #expect(response.status == 304 && response.body.isEmpty && response["etag"] == tag)
            }
            #expect(try await server.request("GET", "/js/app.js", fields: [("If-None-Match", "\"x\"")]).status == 200)
        }
    }

    @Test func appsHaveAPageWhenTheyExist() async throws {
        try await ServerHarness.run { server in
            let host = "vibe.localhost:\(server.port)"
            let html = [("Accept", "text/html")]
            let id = try await server.makeApp()
            let page = try await server.request("GET", "/app/\(id)", host: host, fields: html)
            #expect(page.status == 200 && page.body.contains("app"))
            let others = ["/app/app-aaaaaaaaaaaaaaaa", "/app/x", "/nothing", "/.secret", "/js", "/js/"]
            for path in others + ["/app", "/app/", "/app.html", "/404", "/404.html"] {
                let missing = try await server.request("GET", path, host: host, fields: html)
                #expect(missing.status == 404 && missing.body.contains("no app here"), "\(path)")
                #expect(missing["content-security-policy"] != nil)
            }
            let call = try await server.request("GET", "/api/nothing", host: host, fields: html)
            #expect(call.status == 404 && call["content-type"] == "application/json; charset=utf-8")
        }
    }

    @Test(arguments: [
        "/../data/catalogue.sqlite", "/js/../../data/catalogue.sqlite", "/%2e%2e/data/catalogue.sqlite",
        "/..%2fdata%2fcatalogue.sqlite",
        "/js/..%5c..%5cdata", "//etc/passwd", "/js//app.js", "/js/app.js/", "/js/app.js%00", "/./js/app.js", "/.secret",
    ])
    func nothingOutsideIsServed(path: String) async throws {
        try await ServerHarness.run { server in
            let response = try await server.request("GET", path)
            #expect(response.status == 404)
        }
    }

    @Test func pagesAtLocalhostMoveButCallsDoNot() async throws {
        try await ServerHarness.run { server in
            for name in ["localhost", "127.0.0.1", "LOCALHOST."] {
                let host = "\(name):\(server.port)"
                let home = try await server.request("GET", "/?a=b", host: host)
                #expect(home.status == 307)
                #expect(home["location"] == "http://vibe.localhost:\(server.port)/?a=b")
                let app = try await server.request("GET", "/app/app-aaaaaaaaaaaaaaaa", host: host)
                #expect(app["location"] == "http://vibe.localhost:\(server.port)/app/app-aaaaaaaaaaaaaaaa")
                #expect(try await server.request("GET", "/api/apps", host: host).status == 200)
                #expect(try await server.request("GET", "/js/app.js", host: host).status == 200)
            }
            #expect(try await server.request("GET", "/", host: "[::1]:\(server.port)").status == 200)
        }
    }

    @Test func pagesStayWherePreviewsHaveADomain() async throws {
        try await ServerHarness.run {
            $0.publicURL = "https://vibe.example"
            $0.previewURL = "https://*.vibe-apps.example"
        } _: { server in
            let home = try await server.request("GET", "/", host: "localhost")
            #expect(home.status == 200)
            #expect(home["content-security-policy"]?.contains("frame-src https://*.vibe-apps.example") == true)
            #expect(try await server.request("GET", "/", host: "vibe.example").status == 200)
            #expect(try await server.request("GET", "/", host: "app-a.vibe.localhost").status == 403)
        }
    }
}
