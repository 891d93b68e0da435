import Testing

@testable import VibeServer

@Suite struct AccessPolicyTests {
    private func policy(
        publicURL: String = "http://127.0.0.1:8080",
        preview: String = "http://*.vibe.localhost:8080",
        hosts: [String] = [],
        origins: [String] = []
    ) throws -> AccessPolicy {
        AccessPolicy(
            publicOrigin: try #require(WebOrigin(url: publicURL)),
            preview: try #require(PreviewAddress(template: preview)),
            extraHosts: hosts,
            allowedOrigins: try origins.map { try #require(WebOrigin(url: $0)) }
        )
    }

    private func refusal(
        _ policy: AccessPolicy,
        host: String,
        origins: [String],
        sites: [String] = []
    ) throws -> AccessPolicy.Refusal? {
        let authority = try #require(Authority(parsing: host))
        do {
            try policy.check(authority: authority, origins: origins, fetchSites: sites)
            return nil
        } catch {
            return error
        }
    }

    @Test func knowsItsOwnNames() throws {
        let policy = try policy(publicURL: "https://vibe.example", preview: "https://*.apps.test", hosts: ["vibe.lan"])
        for host in [
            "vibe.example", "localhost", "127.0.0.1", "[::1]", "vibe.localhost", "vibe.lan", "LOCALHOST.",
            "localhost:1",
        ] {
            #expect(policy.target(of: try #require(Authority(parsing: host))) == .platform)
        }
        #expect(policy.target(of: Authority(host: "app-a.apps.test", port: nil)) == .preview(appID: "app-a"))
        for host in [
            "evil.example", "vibe.example.evil.test", "127.0.0.2", "apps.test", "app-a.vibe.localhost", "2130706433",
        ] {
            #expect(policy.target(of: Authority(host: host, port: nil)) == .foreign)
        }
    }

    @Test(arguments: [
        ("vibe.localhost:8080", "http://vibe.localhost:8080"), ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"), ("[::1]:8080", "http://[::1]:8080"),
        ("vibe.localhost:8080", "http://127.0.0.1:8080"), ("localhost:8080", "https://friend.example"),
    ])
    func allowsOwnAndNamedOrigins(host: String, origin: String) throws {
        let policy = try policy(origins: ["https://friend.example"])
        #expect(try refusal(policy, host: host, origins: [origin], sites: ["cross-site"]) == nil)
    }

    @Test(arguments: [
        "null", "", "http://evil.example", "http://vibe.localhost:8080.evil.example",
        "http://vibe.localhost.evil.example:8080",
        "http://vibe.localhost:8080@evil.example", "http://evil.example@vibe.localhost:8080",
        "HTTP://vibe.localhost:8080",
        "http://VIBE.localhost:8080", "http://vibe.localhost.:8080", "https://vibe.localhost:8080",
        "http://vibe.localhost",
        "http://vibe.localhost:8081", "http://localhost:8080", "http://2130706433:8080", "http://0x7f.1:8080",
        "http://127.0.0.2:8080", "http://app-aaaaaaaaaaaaaaaa.vibe.localhost:8080", "file://",
        "http://vibe.localhost:8080/",
    ])
    func refusesOthers(origin: String) throws {
        let policy = try policy()
        #expect(try refusal(policy, host: "vibe.localhost:8080", origins: [origin]) == .origin)
    }

    @Test func refusesTwoOrigins() throws {
        let own = "http://vibe.localhost:8080"
        #expect(try refusal(policy(), host: "vibe.localhost:8080", origins: [own, own]) == .origin)
    }

    @Test(
        arguments: [
            ([], nil), (["same-origin"], nil), (["none"], nil), (["same-site"], .crossSite),
            (["cross-site"], .crossSite),
        ]
            as [([String], AccessPolicy.Refusal?)]
    )
    func judgesFetchSiteWithoutOrigin(sites: [String], expected: AccessPolicy.Refusal?) throws {
        #expect(try refusal(policy(), host: "localhost:8080", origins: [], sites: sites) == expected)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://*.vibe.localhost:8080", false),
        ("https://vibe.example", "https://*.vibe.example", true),
        ("https://vibe.example", "https://*.apps.vibe.example", true),
        ("https://www.vibe.example", "https://*.vibe.example", true),
        ("https://vibe.a.example", "https://*.apps.a.example", true),
        ("https://vibe.example", "https://*.vibe-apps.example", false),
        ("https://a.co.uk", "https://*.b.co.uk", false), ("https://x.a.co.uk", "https://*.y.a.co.uk", true),
        ("http://10.0.0.1:8080", "http://*.apps.example", false),
    ])
    func findsPreviewsOnThePlatformsSite(publicURL: String, preview: String, shares: Bool) throws {
        #expect(try policy(publicURL: publicURL, preview: preview).sharesSite == shares)
    }
}
