import Testing

@testable import VibeServer

@Suite struct CallTests {
    @Test func aPromptBecomesAnApp() async throws {
        try await ServerHarness.run { server in
            let created = try await server.json("POST", "/api/create", #"{"prompt":"a list","user_id":"ana"}"#)
            #expect(created.status == 202)
            let id = try created.member("app_id")
            #expect(try created.member("channel") == "app:\(id)")
            #expect(try created.member("url").contains(id))
            #expect(try await server.request("GET", "/api/app/\(id)/status").status == 200)
            let detail = try await server.request("GET", "/api/app/\(id)")
            #expect(try detail.member("app.id") == id && detail.body.contains("\"generation\":"))
        }
    }

    @Test func aFinishedAppAnswersEveryRead() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            let code = try await server.request("GET", "/api/app/\(id)/code")
            #expect(try code.member("version") == "1" && code.body.contains("export default"))
            #expect(try await server.request("GET", "/api/app/\(id)/code?version=9").status == 404)
            let versions = try await server.request("GET", "/api/app/\(id)/versions")
            #expect(versions.body.contains("\"output_tokens\"") && versions.body.hasPrefix("{\"versions\":["))
            #expect(try await server.request("GET", "/api/app/\(id)/ping").status == 200)
            let history = try await server.request("GET", "/api/app/\(id)/history?limit=10")
            #expect(try history.member("more") == "0" || history.member("more") == "false")
            let list = try await server.request("GET", "/api/apps?user_id=ana&q=LIST")
            #expect(try list.member("apps.\(id).id") == id && list.body.contains("\"order\":[\"\(id)\"]"))
            #expect(try await server.request("HEAD", "/api/app/\(id)").body.isEmpty)
        }
    }

    @Test func aFinishedAppCanBeChangedAndEnded() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            #expect(try await server.json("POST", "/api/app/\(id)/revert", #"{"version":99}"#).status == 404)
            let write = try await server.json("POST", "/api/app/\(id)/write", #"{"text":"red","user_id":"ben"}"#)
            #expect(try write.status == 202 && !write.member("message_id").isEmpty && write.member("status") == "ok")
            #expect(try await server.json("POST", "/api/app/\(id)/write", #"{"text":""}"#).status == 422)
            let featured = try await server.json("POST", "/api/app/\(id)/toggle-feature", #"{"admin_secret":"s3cret"}"#)
            #expect(featured.status == 200 && featured.body.contains("\"is_featured\":true"))
            let ended = try await server.request(
                "POST",
                "/api/app/\(id)/terminate",
                fields: [("Authorization", "Bearer s3cret")]
            )
            #expect(ended.status == 200)
            #expect(try await server.request("GET", "/api/app/\(id)/status").member("status") == "terminated")
            #expect(try await server.json("POST", "/api/app/\(id)/write", #"{"text":"a"}"#).status == 410)
        }
    }

    @Test func aTitleIsChangedByPatch() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            let renamed = try await server.json("PATCH", "/api/app/\(id)", #"{"title":"  Tea <b> ","user_id":"ben"}"#)
            #expect(try renamed.status == 200 && renamed.member("title") == "Tea <b>")
            #expect(try await server.request("GET", "/api/app/\(id)").member("app.title") == "Tea <b>")
            for body in [#"{"title":""}"#, #"{"title":"a\nb"}"#, #"{"title":7}"#, "{}", "[]", "{"] {
                #expect(try await server.json("PATCH", "/api/app/\(id)", body).status == 422, "\(body)")
            }
            #expect(try await server.json("PATCH", "/api/app/app-aaaaaaaaaaaaaaaa", #"{"title":"x"}"#).status == 404)
            #expect(try await server.request("PATCH", "/api/app/\(id)", body: #"{"title":"x"}"#).status == 415)
            let foreign = [("Origin", "http://evil.example")]
            #expect(try await server.json("PATCH", "/api/app/\(id)", #"{"title":"x"}"#, fields: foreign).status == 403)
            #expect(try await server.request("PUT", "/api/app/\(id)")["allow"] == "GET, HEAD, PATCH")
        }
    }

    @Test func nothingIsWithdrawnFromOutside() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            let path = "/api/app/\(id)/queue/msg-1"
            let unknown = try await server.request("DELETE", path + "?user_id=ana")
            #expect(try unknown.status == 404 && unknown.member("error.code") == "unknown_prompt")
            #expect(try await server.request("DELETE", path, fields: [("Origin", "null")]).status == 403)
            #expect(try await server.request("GET", path).status == 405)
        }
    }

    @Test func aCopyIsAnsweredLikeANewApp() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            let forked = try await server.json("POST", "/api/app/\(id)/fork", #"{"version":1,"user_id":"ben"}"#)
            #expect(forked.status == 202)
            let copy = try forked.member("app_id")
            #expect(try forked.member("channel") == "app:\(copy)" && forked.member("url").contains(copy))
            #expect(try await server.request("GET", "/api/app/\(copy)/code").body.contains("Hello"))
            #expect(try await server.request("POST", "/api/app/\(id)/fork").status == 202)
            for (body, status) in [(#"{"version":2}"#, 404), (#"{"version":0}"#, 422), (#"{"version":"1"}"#, 422)] {
                #expect(try await server.json("POST", "/api/app/\(id)/fork", body).status == status)
            }
            #expect(try await server.json("POST", "/api/app/\(id)/repair").status == 409)
        }
    }

    @Test func anExportIsAZipArchive() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            _ = try await server.json("PATCH", "/api/app/\(id)", #"{"title":"a\"; filename=\"evil.exe"}"#)
            let archive = try await server.request("HEAD", "/api/app/\(id)/export?version=1")
            #expect(archive.status == 200 && archive["content-type"] == "application/zip")
            #expect(
                archive["content-disposition"]?.hasPrefix("attachment; filename=\"a-filename-evil-exe-v1.zip\"; ")
                    == true
            )
            for (query, status) in [("?version=9", 404), ("?version=x", 422), ("?version=0", 422)] {
                #expect(try await server.request("GET", "/api/app/\(id)/export\(query)").status == status)
            }
        }
    }

    @Test func healthIsTold() async throws {
        try await ServerHarness.run { server in
            _ = try await server.makeApp()
            #expect(try await server.request("GET", "/healthz").status == 200)
            #expect(try await server.request("GET", "/readyz").status == 200)
        }
    }
}
