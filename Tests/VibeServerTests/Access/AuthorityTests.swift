import Testing

@testable import VibeServer

@Suite struct AuthorityTests {
    @Test(
        arguments: [
            ("localhost", "localhost", nil), ("LocalHost:8080", "localhost", 8080),
            ("example.com.", "example.com", nil),
            ("EXAMPLE.com.:443", "example.com", 443), ("127.0.0.1:1", "127.0.0.1", 1), ("[::1]:8080", "[::1]", 8080),
            ("[2001:DB8::1]", "[2001:db8::1]", nil), ("app-x.vibe.localhost:65535", "app-x.vibe.localhost", 65535),
        ] as [(String, String, Int?)]
    )
    func readsCanonically(text: String, host: String, port: Int?) {
        #expect(Authority(parsing: text) == Authority(host: host, port: port))
    }

    @Test(arguments: [
        "", ":80", "a:", "a:0", "a:65536", "a:8o", "a:80:80", "user@a", "user:secret@a", "a b", "a/", "a?b", "a#b",
        "..", ".",
        "a..b", ".a", "a..", "[::1", "::1", "[]", "[::1]x", "[gg::1]", "a\u{0}b", "a\r\nb", "é.example", "a%20b", "a,b",
        "*.a",
        String(repeating: "a", count: 254),
    ])
    func refusesWhatIsNoName(text: String) {
        #expect(Authority(parsing: text) == nil)
    }
}
