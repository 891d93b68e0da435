import Testing

@testable import VibeServer

@Suite struct RefusalTests {
    private static let unknown = "/api/app/app-aaaaaaaaaaaaaaaa"

    private func expectError(_ response: RawResponse, _ status: Int, _ code: String? = nil) throws {
        #expect(response.status == status, "\(response.body)")
        #expect(response["content-type"] == "application/json; charset=utf-8")
        #expect(try !response.member("error.message").isEmpty)
        #expect(try response.member("error.request_id") == response["x-request-id"])
        if let code { #expect(try response.member("error.code") == code) }
        if status == 429 || status == 503 { #expect(response["retry-after"].flatMap { Int($0) } != nil) }
    }

    @Test func badBodiesAreRefused() async throws {
        let cases: [(String, String, Int)] = [
            ("", "application/json", 422), ("{", "application/json", 422), ("[]", "application/json", 422),
            ("null", "application/json", 422), ("7", "application/json", 422), ("{}", "application/json", 422),
            (#"{"prompt":7}"#, "application/json", 422), (#"{"prompt":""}"#, "application/json", 422),
            (#"{"prompt":null}"#, "application/json", 422), (#"{"prompt":"a","user_id":7}"#, "application/json", 422),
            (#"{"prompt":"a","user_id":"\u0007"}"#, "application/json", 422),
            (#"{"prompt":"\#(String(repeating: "x", count: 4_001))"}"#, "application/json", 422),
            (#"{"prompt":"a","user_id":"\#(String(repeating: "u", count: 129))"}"#, "application/json", 422),
            (String(repeating: "[", count: 100_000), "application/json", 422),
            (#"{"prompt":"a"}"#, "text/plain", 415), ("prompt=a", "application/x-www-form-urlencoded", 415),
            (#"{"prompt":"a"}"#, "application/jsonx", 415),
            (#"{"prompt":"a"}"#, "multipart/form-data; boundary=x", 415),
            (#"{"prompt":"\#(String(repeating: "x", count: 1_100_000))"}"#, "application/json", 413),
        ]
        try await ServerHarness.run { server in
            for (body, type, status) in cases {
                let response = try await server.request(
                    "POST",
                    "/api/create",
                    fields: [("Content-Type", type)],
                    body: body
                )
                try expectError(response, status)
            }
            let untyped = try await server.request("POST", "/api/create", body: #"{"prompt":"a"}"#)
            try expectError(untyped, 415, "unsupported_media_type")
            let coded = try await server.json(
                "POST",
                "/api/create",
                #"{"prompt":"a"}"#,
                fields: [("Content-Encoding", "gzip")]
            )
            try expectError(coded, 415)
        }
    }

    @Test(arguments: [
        ("", "missing_body"), ("{", "invalid_json"), ("[]", "not_an_object"), ("{}", "missing_member"),
        (#"{"prompt":7}"#, "wrong_type"), (#"{"prompt":" "}"#, "prompt_empty"),
        (#"{"prompt":"a\u0000"}"#, "prompt_not_text"), (#"{"prompt":"a","user_id":"\u0007"}"#, "bad_name"),
        (#"{"prompt":"\#(String(repeating: "x", count: 4_001))"}"#, "prompt_too_long"),
    ])
    func badBodiesAreToldApart(body: String, code: String) async throws {
        try await ServerHarness.run { server in
            try expectError(try await server.json("POST", "/api/create", body), 422, code)
        }
    }

    @Test(arguments: [
        #"{"prompt":"a","prompt":"b"}"#, #"{"prompt":"a","user_id":"ana","user_id":"ben"}"#,
        #"{"prompt":"a","pr\u006fmpt":"b"}"#, #"{"prompt":"a","prompt":"a"}"#, #"{"prompt":"a","x":1,"x":1}"#,
    ])
    func repeatedMembersAre422(body: String) async throws {
        try await ServerHarness.run { server in
            try expectError(try await server.json("POST", "/api/create", body), 422, "repeated_member")
            let apps = try await server.request("GET", "/api/apps")
            #expect(try apps.member("counts.total") == "0")
        }
    }

    @Test func unknownAppsAndPathsAre404() async throws {
        try await ServerHarness.run { server in
            for path in ["", "/status", "/history", "/ping", "/code", "/versions"] {
                try expectError(try await server.request("GET", Self.unknown + path), 404, "unknown_app")
            }
            for (path, body) in [
                ("/write", #"{"text":"a"}"#), ("/revert", #"{"version":1}"#), ("/stop", "{}"), ("/retry", "{}"),
            ] {
                try expectError(try await server.json("POST", Self.unknown + path, body), 404, "unknown_app")
            }
            for path in ["/api/nothing", "/api", "/api/app", "/api/app/a/b/c", "/nothing", "/connection/other"] {
                try expectError(try await server.request("GET", path), 404, "not_found")
            }
        }
    }

    @Test func wrongMethodsAre405WithWhatIsAllowed() async throws {
        try await ServerHarness.run { server in
            for (method, path, allowed) in [
                ("DELETE", "/api/create", "POST"), ("GET", "/api/create", "POST"), ("POST", "/api/apps", "GET, HEAD"),
                ("OPTIONS", "/api/apps", "GET, HEAD"), ("PROPFIND", "/healthz", "GET, HEAD"),
                ("POST", "/", "GET, HEAD"),
                ("PUT", Self.unknown + "/write", "POST"),
            ] {
                let response = try await server.request(method, path)
                try expectError(response, 405, "method_not_allowed")
                #expect(response["allow"] == allowed)
            }
        }
    }

    @Test func badQueriesAre422() async throws {
        try await ServerHarness.run { server in
            for (path, code) in [
                ("/api/apps?limit=0", "out_of_range"), ("/api/apps?limit=x", "out_of_range"),
                ("/api/apps?featured=maybe", "not_one_of"), ("/api/apps?q=%ff", "bad_query"),
                ("/api/apps?q=a&q=b", "repeated_parameter"), (Self.unknown + "/history?limit=501", "out_of_range"),
                (Self.unknown + "/code?version=0", "out_of_range"),
            ] {
                try expectError(try await server.request("GET", path), 422, code)
            }
            let wait = try await server.json("POST", "/api/create?wait=long", #"{"prompt":"a"}"#)
            try expectError(wait, 422, "not_one_of")
            let range = try await server.request("GET", "/api/apps?limit=201")
            #expect(range.body.contains(#""code":"out_of_range","least":1,"member":"limit","most":200,"message":"#))
        }
    }

    @Test func foreignHostsAre403AndBrokenOnes400() async throws {
        try await ServerHarness.run { server in
            for host in ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "127.0.0.2", "x.localhost"]
            {
                try expectError(try await server.request("GET", "/api/apps", host: host), 403, "unknown_host")
            }
            for host in ["user@localhost", "local host", "localhost:x", "..", ""] {
                #expect(try await server.request("GET", "/api/apps", host: host).status == 400)
            }
            let twice = try await server.request("GET", "/api/apps", fields: [("Host", "localhost")])
            #expect(twice.status == 400)
            let absolute = try await server.request("GET", "http://evil.example/api/apps", host: "localhost")
            #expect(absolute.status == 400)
            for host in ["LOCALHOST:1234", "localhost.", "[::1]:80", "vibe.localhost", "127.0.0.1"] {
                #expect(try await server.request("GET", "/api/apps", host: host).status == 200)
            }
            let same = try await server.request("GET", "http://localhost/api/apps", host: "localhost")
            #expect(same.status == 200)
        }
    }

    @Test func onlyOwnPagesChangeThings() async throws {
        try await ServerHarness.run { server in
            let own = "http://vibe.localhost:\(server.port)"
            let cases: [([(String, String)], Int)] = [
                ([], 202), ([("Origin", own)], 202), ([("Origin", own), ("Sec-Fetch-Site", "same-origin")], 202),
                ([("Sec-Fetch-Site", "none")], 202), ([("Origin", "null")], 403),
                ([("Origin", own + ".evil.example")], 403),
                ([("Origin", "http://app-aaaaaaaaaaaaaaaa.vibe.localhost:\(server.port)")], 403),
                ([("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")], 403),
                ([("Sec-Fetch-Site", "same-site")], 403), ([("Sec-Fetch-Site", "cross-site")], 403),
                ([("Origin", own), ("Origin", own)], 403),
            ]
            for (fields, status) in cases {
                let response = try await server.request(
                    "POST",
                    "/api/create",
                    host: "vibe.localhost:\(server.port)",
                    fields: fields + [("Content-Type", "application/json")],
                    body: #"{"prompt":"a"}"#
                )
                #expect(response.status == status, "\(fields)")
                if status == 403 { try expectError(response, 403, "origin_not_allowed") }
            }
            let read = try await server.request("GET", "/api/apps", fields: [("Origin", "http://evil.example")])
            #expect(read.status == 200 && read["access-control-allow-origin"] == nil)
        }
    }

    @Test func adminCallsNeedTheSecret() async throws {
        try await ServerHarness.run { server in
            for path in ["/api/admin/terminate-all", Self.unknown + "/terminate", Self.unknown + "/toggle-feature"] {
                try expectError(try await server.json("POST", path), 403, "wrong_admin_secret")
                try expectError(try await server.json("POST", path, #"{"admin_secret":"wrong"}"#), 403)
                let bearer = try await server.request("POST", path, fields: [("Authorization", "Bearer wrong")])
                try expectError(bearer, 403)
            }
            let all = try await server.json("POST", "/api/admin/terminate-all", #"{"admin_secret":"s3cret"}"#)
            #expect(all.status == 200)
            let unknown = try await server.request(
                "POST",
                Self.unknown + "/terminate",
                fields: [("Authorization", "bearer s3cret")]
            )
            try expectError(unknown, 404, "unknown_app")
        }
    }

    @Test func withoutASecretAdminCallsAre503() async throws {
        try await ServerHarness.run {
            $0.adminSecret = nil
        } _: { server in
            let response = try await server.json("POST", "/api/admin/terminate-all", #"{"admin_secret":""}"#)
            try expectError(response, 503, "admin_disabled")
        }
    }

    @Test func upgradesOfOthersAreRefused() async throws {
        try await ServerHarness.run { server in
            let upgrade = [
                ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ]
            for (host, fields, status) in [
                ("localhost", [("Origin", "http://evil.example")], 403), ("localhost", [("Origin", "null")], 403),
                ("evil.example", [], 403), ("localhost", [("Sec-Fetch-Site", "cross-site")], 403),
                ("localhost", [("Sec-WebSocket-Protocol", "centrifuge-protobuf")], 400),
            ] as [(String, [(String, String)], Int)] {
                let head =
                    "GET /connection/websocket HTTP/1.1\r\nHost: \(host)\r\nConnection: Upgrade\r\n"
                    + (upgrade + fields).map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
                let text = try await WireClient.open(port: server.port) { connection in
                    try await connection.write(head)
                    return try await connection.readToEnd()
                }
                #expect(RawResponse(text)?.status == status, "\(fields)")
            }
        }
    }
}
