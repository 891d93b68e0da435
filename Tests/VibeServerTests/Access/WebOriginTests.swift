import Testing

@testable import VibeServer

@Suite struct WebOriginTests {
    @Test(arguments: ["http://localhost:8080", "https://example.com", "http://[::1]:8080", "http://127.0.0.1:8080"])
    func readsWhatBrowsersSend(header: String) throws {
        #expect(try #require(WebOrigin(header: header)).text == header)
    }

    @Test func knowsTheSchemesOwnPorts() {
        #expect(WebOrigin(url: "http://a") == WebOrigin(url: "http://a:80"))
        #expect(WebOrigin(url: "https://a/")?.port == 443)
        #expect(WebOrigin(url: "https://a")?.webSocketText == "wss://a")
        #expect(WebOrigin(url: "http://a:8080")?.webSocketText == "ws://a:8080")
    }

    @Test(arguments: [
        "null", "", "http://", "http:/a", "//a", "a", "ftp://a", "file://", "http://a/", "http://a/b", "http://a?b",
        "http://u@a",
        "http://a@b", "HTTP://a", "http://A", "http://a.", "http://a b", "http://a:99999", "http://a, http://b",
        "http://a#",
    ])
    func refusesOtherSpellings(header: String) {
        #expect(WebOrigin(header: header) == nil)
    }
}
