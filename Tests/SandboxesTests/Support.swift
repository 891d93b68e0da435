import Glibc
import Logging
import NIOCore
import NIOHTTP1
import Testing

@testable import Sandboxes

/// Data folders, providers, and the two templates that tests use.
enum Support {
    /// The package's root folder.
    static let root: String = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// Whether each sandbox here has a user of its own.
    static let isOwnUID: Bool = SandboxUsers.find(UIDRange(2_000_000_000...2_000_065_535)) == .own

    /// Whether a process has ended and was reaped.
    static func isGone(_ pid: pid_t) -> Bool { kill(pid, 0) == -1 && errno == ESRCH }

    /// Whether a process has ended; the machine's first process may still have to reap it.
    static func hasEnded(_ pid: pid_t) -> Bool {
        guard let text = Files.read("/proc/\(pid)/stat"), let end = text.utf8.lastIndex(of: UInt8(ascii: ")")) else {
            return true
        }
        return text[end...].hasPrefix(") Z") || text[end...].hasPrefix(") X")
    }

    static func temporaryFolder() throws -> String {
        var template = Array("/tmp/vibe-sandboxes-XXXXXX".utf8CString)
        return String(cString: try #require(mkdtemp(&template)))
    }

    static func configuration(data: String) -> SandboxConfiguration {
        let toolchain = getenv("VIBE_TOOLCHAIN").map { String(cString: $0) } ?? root + "/.vibe/toolchain"
        return SandboxConfiguration(
            dataFolder: data,
            templateFolder: root + "/Templates/react",
            toolchain: Toolchain(folder: toolchain)
        )
    }

    static func hierarchies(data: String) -> CgroupHierarchies {
        CgroupHierarchies.find(
            dataFolder: CanonicalPath.of(data),
            mountInfo: Files.read("/proc/self/mountinfo") ?? ""
        )
    }

    static func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = try temporaryFolder()
        let name = String(path.split(separator: "/")[1])
        let parent = Folder(try .open("/tmp", O_RDONLY | O_DIRECTORY))
        do {
            let result = try await body(path)
            try parent.removeTree(name)
            return result
        } catch {
            try parent.removeTree(name)
            throw error
        }
    }

    /// Runs `body` with a provider, stops everything, and removes the folder.
    static func withProvider(
        _ change: (inout SandboxConfiguration) -> Void = { _ in },
        _ body: (BubblewrapProvider, String) async throws -> Void
    ) async throws {
        try await withFolder { data in
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
        }
    }

    /// Runs `body` with a provider whose sandboxes do what the test says (`Sandbox.run`), as hostile code would.
    static func withHostileProvider(
        _ change: (inout SandboxConfiguration) -> Void = { _ in },
        _ body: (BubblewrapProvider, String) async throws -> Void
    ) async throws {
        try await withFolder { template in
            let folder = try Folder.openMaking(template)
            try folder.writeNew("server/main.ts", hostileServer)
            try folder.writeNew("starter/src/LLMComponent.tsx", "export default 1;\n")
            try await withProvider(
                {
                    $0.templateFolder = template
                    change(&$0)
                },
                body
            )
        }
    }

    /// A dev server that runs the JavaScript it is sent and answers with what that returns.
    private static let hostileServer = """
        const server = { unix: "/run/dev.sock", fetch: handle, idleTimeout: 60 };
        async function handle(request) {
          if (new URL(request.url).pathname === "/heartbeat") return Response.json({ status: "ok" });
          const { files } = await request.json();
          const run = new (async () => {}).constructor("require", "fs", "server", files["src/run.ts"]);
          let text;
          try {
            const value = await run(require, require("fs"), server);
            text = typeof value === "string" ? value : JSON.stringify(value) ?? "undefined";
          } catch (error) {
            text = "threw " + (error.code ?? error.message);
          }
          return Response.json({ status: "error", errors: [{ path: "", line: 1, column: 1, text }] });
        }
        server.running = Bun.serve(server);
        """
}

extension Sandbox {
    /// Runs JavaScript in a sandbox of the hostile provider and returns its result as text.
    func run(_ script: String) async throws -> String {
        switch try await edit(files: ["src/run.ts": script]) {
        case .succeeded, .unchecked: return ""
        case .failed(let errors): return errors.first?.text ?? ""
        }
    }

    /// What the dev server answers to a browser.
    func get(_ path: String) async throws -> String {
        let client = RelayClient(endpoint: endpoint, maximumAnswerBytes: 16 << 20)
        let answer = try await client.ask(.GET, path, body: nil, timeout: .seconds(10))
        return String(buffer: answer.body)
    }

    /// The script of the page: all that the browser would run.
    ///
    /// A rebuild between page and script (styles that follow the start) outdates the script: a browser reloads then.
    func bundle() async throws -> String {
        var script = try await scriptPath()
        for _ in 0..<50 {
            let text = try await get(script)
            let newest = try await scriptPath()
            if newest == script { return text }
            script = newest
        }
        throw Restless()
    }

    private func scriptPath() async throws -> String {
        let page = try await get("/")
        let start = try #require(page.firstRange(of: "/_bun/client/")).lowerBound
        return String(page[start...].prefix { $0 != "\"" })
    }
}

/// The page's script never stayed the same.
struct Restless: Error {}
