import Logging
import Testing

@testable import VibeServer

@Suite struct StartTests {
    private func start(_ configuration: ServerConfiguration) throws {
        _ = try VibeServerApplication(
            configuration: configuration,
            parts: ServerParts(model: ScriptedModel(), sandboxes: IdleSandboxes()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in }
    }

    private func refusal(_ change: (inout ServerConfiguration) -> Void) -> String {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.dataDirectory = "/dev/null/vibe"
        change(&configuration)
        do {
            try start(configuration)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func aSecondServerOnThePortOrTheFolderIsRefused() async throws {
        try await ServerHarness.run { server in
            #expect(refusal { $0.port = server.port }.contains("Port \(server.port) on 127.0.0.1 is in use"))
            #expect(
                refusal { $0.dataDirectory = server.folder + "/data" }.contains("Another server uses the data folder")
            )
        }
    }

    @Test func aFolderThatCannotBeIsRefused() {
        #expect(refusal { _ in }.contains("VIBE_DATA_DIR"))
    }

    @Test func anOpenServerListensOnThisMachineOnly() {
        for host in ["0.0.0.0", "::", "192.0.2.1"] {
            #expect(refusal { $0.host = host }.contains("VIBE_ALLOW_OPEN=1"))
        }
        let process = refusal {
            $0.host = "0.0.0.0"
            $0.allowOpen = true
            $0.sandbox = .process
        }
        #expect(process.contains("VIBE_SANDBOX=process"))
    }

    @Test func addressesThatAreNoneAreRefused() {
        #expect(refusal { $0.publicURL = "vibe.example" }.contains("VIBE_PUBLIC_URL"))
        #expect(refusal { $0.previewURL = "https://vibe.example" }.contains("VIBE_PREVIEW_URL"))
        #expect(refusal { $0.extraHosts = ["a b"] }.contains("VIBE_EXTRA_HOSTS"))
        #expect(refusal { $0.allowedOrigins = ["null"] }.contains("VIBE_ALLOWED_ORIGINS"))
        #expect(refusal { $0.embedOrigins = ["*", "https://a.example"] }.contains("VIBE_EMBED_ORIGINS"))
        let unknown = refusal {
            $0.host = "no such host"
            $0.allowOpen = true
        }
        #expect(unknown.contains("VIBE_HOST"))
        #expect(refusal { $0.authentication = .required }.contains("VIBE_AUTH"))
        let cookie = refusal {
            $0.publicURL = "https://vibe.example"
            $0.previewURL = "https://*.vibe.example"
        }
        #expect(cookie.contains("share the site"))
    }
}
