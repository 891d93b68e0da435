import Claude
import Foundation
import Sandboxes
import Testing

@testable import VibeServer

/// What the operator sees and does.
@Suite struct OperatorTests {
    private let secret = [("Authorization", "Bearer s3cret")]

    @Test func aSnapshotIsMadeAndDownloadedWithTheSecretOnly() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            #expect(try await server.json("POST", "/api/app/\(id)/snapshot").status == 403)
            let made = try await server.request("POST", "/api/app/\(id)/snapshot", fields: secret)
            #expect(try made.status == 200 && made.member("app_id") == id)
            let path = try made.member("path")
            #expect(try path == "/api/snapshots/\(made.member("id"))")
            #expect(try await server.request("GET", path).status == 403)
            let wrong = [("Authorization", "Bearer wrong")]
            #expect(try await server.request("GET", path, fields: wrong).status == 403)
            let file = try await server.request("GET", path, fields: secret)
            #expect(file.status == 200 && file.body.contains("src/LLMComponent.tsx"))
            #expect(file.body.contains(ScriptedModel.component))
            #expect(try await server.request("GET", "/api/snapshots/snap-none", fields: secret).status == 404)
            #expect(try await server.request("GET", "/api/snapshots/..%2Fcatalogue", fields: secret).status == 404)
            let unknown = "/api/app/app-aaaaaaaaaaaaaaaa/snapshot"
            #expect(try await server.request("POST", unknown, fields: secret).status == 404)
            _ = try await server.request("POST", "/api/app/\(id)/terminate", fields: secret)
            #expect(try await server.request("POST", "/api/app/\(id)/snapshot", fields: secret).status == 410)
        }
    }

    @Test func withoutASecretThereAreNoAdminCalls() async throws {
        try await ServerHarness.run({ $0.adminSecret = nil }) { server in
            let metrics = try await server.request("GET", "/metrics")
            #expect(metrics.status == 200, "this machine's own server is open")
            for path in ["/api/app/app-aaaaaaaaaaaaaaaa/snapshot", "/api/admin/terminate-all"] {
                #expect(try await server.json("POST", path, #"{"admin_secret":"s3cret"}"#).status == 503)
            }
            #expect(try await server.request("GET", "/api/snapshots/snap-1", fields: secret).status == 503)
        }
    }

    @Test func aSnapshotThatIsTooLargeIsRefused() async throws {
        try await ServerHarness.run({ $0.snapshots.maximumBytes = 1024 }) { server in
            let id = try await server.makeApp()
            let refused = try await server.request("POST", "/api/app/\(id)/snapshot", fields: secret)
            #expect(try refused.status == 413 && refused.member("error.code") == "snapshot_too_large")
        }
    }

    @Test func metricsAreTextForPrometheus() async throws {
        try await ServerHarness.run { server in
            _ = try await server.makeApp()
            let metrics = try await server.request("GET", "/metrics")
            #expect(metrics.status == 200)
            let lines = metrics.body.split(separator: "\n").map(String.init)
            #expect(lines.contains("vibe_apps{state=\"live\"} 1"))
            #expect(lines.contains("vibe_turns_total{outcome=\"succeeded\"} 1"))
            #expect(
                lines.contains("vibe_build_seconds_count 1")
                    && lines.contains { $0.hasPrefix("vibe_build_seconds_sum ") }
            )
            #expect(lines.contains("vibe_build_seconds_bucket{le=\"+Inf\"} 1"))
            // Each sample stands below its own HELP and TYPE.
            for line in lines where !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                let family = ["_bucket", "_sum", "_count"].reduce(String(name)) { name, suffix in
                    name.hasSuffix(suffix) && name.contains("_seconds") ? String(name.dropLast(suffix.count)) : name
                }
                #expect(lines.contains { $0.hasPrefix("# TYPE \(family) ") }, "\(line)")
            }
        }
    }

    @Test(
        arguments: [
            ("https://vibe.example", [], 403), (nil, ["vibe.example"], 403), (nil, ["other.localhost"], 200),
        ] as [(String?, [String], Int)]
    )
    func numbersAreOpenOnlyWhereNobodyElseCanCome(publicURL: String?, hosts: [String], status: Int) async throws {
        try await ServerHarness.run({
            $0.previewURL = "http://*.preview.example:80"
            $0.publicURL = publicURL
            $0.extraHosts = hosts
        }) { server in
            #expect(try await server.request("GET", "/metrics").status == status)
            #expect(try await server.request("GET", "/metrics", fields: secret).status == 200)
            let page = try await server.request("GET", "/", fields: [("Accept", "text/html")])
            // A stream that is open has no end to wait for.
            if status == 403 {
                #expect(try await server.request("GET", "/connection/uni_sse?channels=stats").status == 403)
            }
            let access = status == 200 ? "open" : "secret"
            #expect(page.body.contains("<meta name=\"vibe-dashboard\" content=\"\(access)\">"))
        }
    }
}
