import Glibc
import Logging
import Testing

@testable import Sandboxes

/// A data folder of its own, and the repository's template and toolchain.
enum Support {
    /// The package's root folder.
    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    static func dataFolder() throws -> String {
        var template = Array("/tmp/vibe-sandboxes-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        return String(cString: made)
    }

    static func configuration(data: String) -> SandboxConfiguration {
        let toolchain = getenv("VIBE_TOOLCHAIN").map { String(cString: $0) } ?? root + "/.vibe/toolchain"
        return SandboxConfiguration(
            dataFolder: data, templateFolder: root + "/Templates/react", toolchain: Toolchain(folder: toolchain))
    }

    /// Runs `body` with a provider, stops everything, and removes the folder.
    static func withProvider(
        _ change: (inout SandboxConfiguration) -> Void = { _ in },
        _ body: (BubblewrapProvider, String) async throws -> Void
    ) async throws {
        let data = try dataFolder()
        var configuration = configuration(data: data)
        change(&configuration)
        let provider = try BubblewrapProvider(configuration, logger: logger)
        do {
            try await body(provider, data)
        } catch {
            await provider.shutdown()
            throw error
        }
        await provider.shutdown()
        let parts = data.split(separator: "/")
        try Folder(.open("/tmp", O_RDONLY | O_DIRECTORY)).removeTree(String(parts[1]))
    }
}
