import Testing

@testable import VibeServer

@Suite struct PreviewAddressTests {
    @Test func findsTheAppOfAHost() throws {
        let address = try #require(PreviewAddress(template: "http://*.vibe.localhost:8080"))
        #expect(address.isLocalDefault)
        #expect(address.template == "http://*.vibe.localhost:8080")
        #expect(address.appID(host: "app-abc.vibe.localhost") == "app-abc")
        #expect(address.origin(appID: "app-abc").text == "http://app-abc.vibe.localhost:8080")
        for host in [
            "vibe.localhost", ".vibe.localhost", "a.b.vibe.localhost", "xvibe.localhost", "vibe.localhost.evil.example",
        ] {
            #expect(address.appID(host: host) == nil)
        }
    }

    @Test(arguments: ["https://*.example.net", "HTTPS://*.Example.NET/", "https://*.example.net:443"])
    func isCanonical(template: String) throws {
        let address = try #require(PreviewAddress(template: template))
        #expect(address.template == "https://*.example.net")
        #expect(!address.isLocalDefault)
    }

    @Test(arguments: [
        "", "http://example.net", "http://x*.example.net", "*.example.net", "http://*", "http://*.a/b", "http://*.*.a",
    ])
    func refusesWhatIsNoTemplate(template: String) {
        #expect(PreviewAddress(template: template) == nil)
    }
}
