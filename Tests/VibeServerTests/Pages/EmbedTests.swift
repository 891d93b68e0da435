import Testing

@testable import VibeServer

@Suite struct EmbedTests {
    private func ancestors(_ response: RawResponse) -> String? {
        response["content-security-policy"]?.split(separator: "; ").map(String.init).first {
            $0.hasPrefix("frame-ancestors")
        }
    }

    @Test(arguments: [
        ([], "frame-ancestors 'self'"), (["*"], "frame-ancestors *"),
        (["https://b.example", "https://A.example/"], "frame-ancestors 'self' https://a.example https://b.example"),
    ])
    func onlyTheSitesOfTheSettingMayShowAnApp(origins: [String], expected: String) async throws {
        try await ServerHarness.run { configuration in
            configuration.publicDirectory = ServerHarness.publicFolder
            configuration.embedOrigins = origins
        } _: { server in
            let host = "vibe.localhost:\(server.port)"
            let html = [("Accept", "text/html")]
            let app = try await server.makeApp()
            let page = try await server.request("GET", "/embed/\(app)", host: host, fields: html)
            #expect(page.status == 200 && ancestors(page) == expected)
            let unknown = try await server.request("GET", "/embed/app-aaaaaaaaaaaaaaaa", host: host, fields: html)
            #expect(unknown.status == 404 && ancestors(unknown) == expected)
            for path in ["/", "/app/\(app)", "/nothing"] {
                let page = try await server.request("GET", path, host: host, fields: html)
                #expect(ancestors(page) == "frame-ancestors 'none'", "\(path)")
                #expect(page["cross-origin-opener-policy"] == "same-origin")
            }
        }
    }

    @Test func previewsMayBeShownInsideOfThoseSites() throws {
        let platform = try #require(WebOrigin(url: "https://vibe.example"))
        let preview = try #require(PreviewAddress(template: "https://*.vibe-apps.example"))
        let site = try #require(WebOrigin(url: "https://a.example"))
        func policy(_ embedding: Embedding) -> AccessPolicy {
            AccessPolicy(publicOrigin: platform, preview: preview, embedding: embedding)
        }
        #expect(policy(.on([])).frameAncestors == ["https://vibe.example"])
        #expect(policy(.on([site])).frameAncestors == ["https://a.example", "https://vibe.example"])
        #expect(policy(.anywhere).frameAncestors == ["*"])
    }
}
