import Glibc
import Testing

@testable import Sandboxes

/// What a sandbox can do to who asks it.
@Suite(.serialized) struct SocketTests {
    private static func short(_ configuration: inout SandboxConfiguration) {
        configuration.heartbeatTimeout = .milliseconds(700)
    }

    @Test(arguments: [
        ("symlink", "fs.symlinkSync('/app/other.sock', '/run/dev.sock')"),
        ("file", "fs.writeFileSync('/run/dev.sock', 'x')"),
        ("FIFO", "Bun.spawnSync(['/usr/bin/mkfifo', '/run/dev.sock'])"),
        ("folder", "fs.mkdirSync('/run/dev.sock')"),
    ])
    func refusesWhatIsPutInTheSocketsPlace(_ what: String, _ script: String) async throws {
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            _ = try await sandbox.run("fs.unlinkSync('/run/dev.sock'); \(script); return 'done'")
            await #expect(throws: SandboxError.badAnswer("what lies in the socket's place is no socket")) {
                try await sandbox.heartbeat()
            }
            await sandbox.stop()
            await (try await provider.start(appID: "app-one", files: nil)).stop()
        }
    }

    @Test(.enabled(if: Support.isOwnUID, "needs root, to listen as another user"))
    func refusesAnotherListener() async throws {
        try await Support.withHostileProvider { provider, data in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let path = sandbox.endpoint.socketPath
            // What the gateway has is the path alone.
            close(try SandboxEndpoint(socketPath: path).connect())
            let other = SandboxEndpoint(socketPath: path, ownerUID: 12345)
            #expect(throws: SandboxError.badAnswer("the socket belongs to another user")) { try other.connect() }

            // A socket of the server's own in the folder, as a privileged neighbour might leave it.
            let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let mine = data + "/mine.sock"
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(mine.utf8)) }
            let size = socklen_t(MemoryLayout<sockaddr_un>.size)
            let code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
            }
            try #require(code == 0 && listen(listener, 1) == 0)
            let folder = data + "/sandboxes/app-one/run/dev.sock"
            #expect(rename(mine, folder) == 0)
            await #expect(throws: SandboxError.badAnswer("the socket belongs to another user")) {
                try await sandbox.heartbeat()
            }
            // Even when the file is given to the sandbox's user, the process behind it is another's.
            let uid = try #require(sandbox.endpoint.ownerUID)
            #expect(chown(folder, uid, uid) == 0)
            await #expect(throws: SandboxError.badAnswer("another user listens on the socket")) {
                try await sandbox.heartbeat()
            }
        }
    }

    @Test(arguments: [
        ("endless", "badAnswer", "HTTP/1.1 200 OK\\r\\n\\r\\n' + 'x'.repeat(3 << 20) + '"),
        ("not HTTP", "badAnswer", "hello there\\r\\n\\r\\n"),
        ("not JSON", "badAnswer", "HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nhi"),
        ("other JSON", "badAnswer", "HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\n[]"),
        (
            "switch of protocols", "badAnswer",
            "HTTP/1.1 101 Switching\\r\\nupgrade: x\\r\\nconnection: upgrade\\r\\n\\r\\n"
        ),
        ("cut short", "died", "HTTP/1.1 200 OK\\r\\ncontent-length: 99\\r\\n\\r\\n{"),
    ])
    func survivesAHostileAnswer(_ name: String, _ kind: String, _ answer: String) async throws {
        try await Support.withHostileProvider(Self.short) { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let end = name == "endless" ? "" : "s.end()"
            _ = try await sandbox.run(Self.replacement("s.write('\(answer)'); \(end)"))
            let error = await #expect(throws: SandboxError.self) { try await sandbox.heartbeat() }
            #expect("\(String(describing: error))".contains(kind), "\(name)")
        }
    }

    @Test(arguments: ["", "setInterval(() => s.write('x'), 100)", "s.write('HTTP/1.1 200 OK\\r\\n')"])
    func givesUpOnASlowAnswer(_ behaviour: String) async throws {
        try await Support.withHostileProvider(Self.short) { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            _ = try await sandbox.run(Self.replacement(behaviour))
            let error = await #expect(throws: SandboxError.self) { try await sandbox.heartbeat() }
            let text = String(describing: error)
            #expect(text.contains("timeout") || text.contains("badAnswer"))
            await sandbox.stop()
        }
    }

    @Test func timesOutAStartThatNeverListens() async throws {
        try await Support.withFolder { template in
            let folder = try Folder.openMaking(template)
            try folder.writeNew("server/main.ts", "setInterval(() => {}, 1000);\n")
            try folder.writeNew("starter/src/LLMComponent.tsx", "export default 1;\n")
            try await Support.withProvider({
                $0.templateFolder = template
                $0.startTimeout = .milliseconds(600)
            }) { provider, data in
                let error = await #expect(throws: SandboxError.self) {
                    _ = try await provider.start(appID: "app-one", files: nil)
                }
                #expect("\(String(describing: error))".contains("timeout"))
                #expect(Cgroup.existing(Support.hierarchies(data: data)).isEmpty)
            }
        }
    }

    /// Puts a raw listener in the dev server's place that does `behaviour` with each connection `s`.
    private static func replacement(_ behaviour: String) -> String {
        """
        await new Promise(done => require('net').createServer(s => {
          s.on('error', () => {});
          s.once('data', () => { \(behaviour) });
        }).listen('/run/next.sock', () => { fs.renameSync('/run/next.sock', '/run/dev.sock'); done() }));
        return 'done'
        """
    }
}
