import Testing

@testable import Sandboxes

@Suite struct BubblewrapProviderTests {
    @Test func startsEditsAndStops() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            try await sandbox.heartbeat()
            let component = "export default function App() { return <b className=\"p-4\">hello</b> }"
            #expect(try await sandbox.edit(files: [AppFiles.componentPath: component]) == .succeeded)
            await sandbox.stop()
            #expect(await sandbox.exit() == .stopped)
        }
    }
}
