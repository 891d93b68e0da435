import Testing

@testable import Claude

@Suite struct EndpointTests {
    private func endpoint(_ change: (inout ClaudeConfiguration) -> Void) throws -> Endpoint {
        var configuration = ClaudeConfiguration()
        change(&configuration)
        return try Endpoint(configuration)
    }

    @Test(arguments: [
        ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081/v1/messages"),
        ("https://gateway.example/claude//", "https://gateway.example/claude/v1/messages"),
        ("https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages"),
        ("https://api.anthropic.com/v1//", "https://api.anthropic.com/v1/messages"),
        ("https://gateway.example/proxy/v1/", "https://gateway.example/proxy/v1/messages"),
        ("https://gateway.example//v1", "https://gateway.example/v1/messages"),
        ("https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1/messages"),
        ("https://gateway.example/api/mv1", "https://gateway.example/api/mv1/v1/messages"),
        ("http://v1", "http://v1/v1/messages"), ("http://v1/v1", "http://v1/v1/messages"),
    ])
    func addsThePath(base: String, url: String) throws {
        #expect(try endpoint { $0.baseURL = base }.url == url)
    }

    @Test(arguments: [
        "", "api.anthropic.com", "file:///etc/passwd", "ftp://example.org", "http://", "https://user:pw@example.org",
        "https://example.org?x=1", "https://example.org/v1?x=1", "https://example.org#x", "https://exa mple.org",
        "https://example.org\r\nX: y",
        "https://exämple.org", "https://example.org:99999",
    ])
    func refusesOtherBaseURLs(base: String) {
        #expect(throws: ClaudeConfigurationError.invalidBaseURL) { try endpoint { $0.baseURL = base } }
    }

    @Test func sendsKeyAndToken() throws {
        let headers = try endpoint {
            $0.apiKey = Secret("key\n")
            $0.authToken = Secret(" token ")
        }.headers
        #expect(headers.contains("x-api-key: key"))
        #expect(headers.contains("Authorization: Bearer token"))
        #expect(headers.contains("anthropic-version: 2023-06-01"))
    }

    @Test(arguments: ["", "  ", "a\r\nX: y", "a\u{0}b", "kéy"])
    func refusesKeysThatNoHeaderCarries(key: String) {
        #expect(throws: ClaudeConfigurationError.invalidKey) { try endpoint { $0.apiKey = Secret(key) } }
        #expect(throws: ClaudeConfigurationError.invalidKey) { try endpoint { $0.authToken = Secret(key) } }
    }

    @Test(arguments: [
        ("http://localhost", true), ("http://LOCALHOST:1", true), ("http://a.localhost", true),
        ("http://127.1.2.3", true),
        ("http://[::1]:80", true), ("http://10.0.0.1", false), ("https://localhost.example", false),
    ])
    func knowsLoopback(base: String, isLoopback: Bool) throws {
        #expect(try endpoint { $0.baseURL = base }.isLoopback == isLoopback)
    }

    @Test func secretsDoNotShowThemselves() {
        let secret = Secret("sk-very-secret")
        var configuration = ClaudeConfiguration()
        configuration.apiKey = secret
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\(configuration)", dumped, "\([secret])"] {
            #expect(!text.contains("very"))
        }
        #expect("\(secret)" == "***")
        #expect(secret.reveal() == "sk-very-secret")
    }
}
