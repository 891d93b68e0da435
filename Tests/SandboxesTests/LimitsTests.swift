import Glibc
import Testing

@testable import Sandboxes

/// What happens when code inside takes all that it can get.
///
/// A neighbour must not suffer.
@Suite(.serialized) struct LimitsTests {
    @Test func endsWhoTakesTooMuchMemory() async throws {
        try await Support.withHostileProvider({ $0.limits.memoryBytes = 192 << 20 }) { provider, data in
            try #require(Support.hierarchies(data: data).has("memory"), "memory cannot be limited here")
            let neighbour = try await provider.start(appID: "app-two", files: nil)
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            await #expect(throws: SandboxError.self) {
                try await sandbox.run("const all = []; while (true) all.push(new Uint8Array(16 << 20).fill(1))")
            }
            #expect(await sandbox.exit() == .died("it was killed at its memory limit of 192 MiB"))
            try await neighbour.heartbeat()
        }
    }

    @Test func containsAForkBomb() async throws {
        try await Support.withHostileProvider { provider, data in
            let hierarchies = Support.hierarchies(data: data)
            try #require(hierarchies.has("pids") || Support.isOwnUID, "processes cannot be limited here")
            let neighbour = try await provider.start(appID: "app-two", files: nil)
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let count = try await sandbox.run(
                """
                let n = 0;
                try { while (n < 5000) { Bun.spawn(['/bin/sleep', '1000']); n++ } } catch {}
                return n
                """
            )
            #expect((1...128).contains(Int(count) ?? 0))
            try await neighbour.heartbeat()
            let processes = Cgroup.existing(hierarchies).first { $0.name == "app-one" }?.processes() ?? []
            await sandbox.stop()
            #expect(processes.allSatisfy(Support.isGone))
        }
    }

    @Test func stopsWhoseProcessesKeepMakingNewOnes() async throws {
        try await Support.withHostileProvider { provider, data in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            _ = try await sandbox.run("Bun.spawn(['/bin/sh', '-c', 'f() { f | f & }; f; sleep 1000'])")
            await sandbox.stop()
            #expect(Cgroup.existing(Support.hierarchies(data: data)).isEmpty)
        }
    }

    @Test func endsWhoFillsTheDisk() async throws {
        try await Support.withHostileProvider({ $0.limits.folderBytes = 24 << 20 }) { provider, data in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let filled = Task {
                try await sandbox.run(
                    """
                    const b = new Uint8Array(1 << 20).fill(7);
                    for (let n = 0; n < 1e6; n++) { fs.writeFileSync('/app/f' + n, b); await Bun.sleep(20) }
                    """
                )
            }
            let end = await sandbox.exit()
            await #expect(throws: SandboxError.self) { _ = try await filled.value }
            #expect(end == .died("it wrote more than 24 MiB or 4096 files, or too deep folders"))
            try await provider.remove(appID: "app-one")
            #expect(access(data + "/sandboxes/app-one", F_OK) != 0)
        }
    }

    @Test func endsWhoMakesTooManyFiles() async throws {
        try await Support.withHostileProvider({ $0.limits.folderEntries = 500 }) { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            // Its end may come before its answer.
            _ = try? await sandbox.run("for (let n = 0; n < 2000; n++) fs.writeFileSync('/run/f' + n, '')")
            guard case .died(let reason) = await sandbox.exit() else { throw TestFailure("it goes on") }
            #expect(reason.contains("500 files"))
        }
    }

    @Test func boundsFilesAndDescriptorsAndTemporaryMemory() async throws {
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            // The signal of an exceeded file size would end the process itself: a child's is enough.
            let file = try await sandbox.run(
                "Bun.spawnSync(['/bin/sh','-c','head -c 100000000 /dev/zero > /app/big']); const s = fs.statSync('/app/big').size; fs.unlinkSync('/app/big'); return s"
            )
            #expect(file == "\(64 << 20)")
            let open = try await sandbox.run(
                "let n = 0; try { while (n < 9999) { fs.openSync('/dev/null'); n++ } } catch {} return n"
            )
            #expect((1..<256).contains(Int(open) ?? 0))
        }
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let temporary = try await sandbox.run(
                "Bun.spawnSync(['/bin/sh','-c','for i in 1 2 3; do head -c 60000000 /dev/zero > /tmp/$i; done']); return Bun.spawnSync(['/bin/sh','-c','du -sb /tmp | cut -f1']).stdout.toString().trim()"
            )
            #expect((Int(temporary) ?? .max) <= 65 << 20)
        }
    }

    @Test func sharesTheProcessorWithAHog() async throws {
        try await Support.withHostileProvider { provider, _ in
            let hog = try await provider.start(appID: "app-one", files: nil)
            let neighbour = try await provider.start(appID: "app-two", files: nil)
            _ = try await hog.run("for (let n = 0; n < 30; n++) Bun.spawn(['/bin/sh', '-c', 'while :; do :; done'])")
            for _ in 0..<5 { try await neighbour.heartbeat() }
            await hog.stop()
        }
    }
}
