import Glibc
import Testing

@testable import Sandboxes

/// What is left when the server is killed with -9, and that the next one clears it.
///
/// The server is a process of its own: this test program again, told by its environment to run `server` alone.
@Suite(.serialized) struct CrashTests {
    private static let variable = "VIBE_CRASH_TEST_DATA"
    private static let data = getenv(variable).map { String(cString: $0) }

    @Test(.enabled(if: data != nil, "run by the test below, in a process of its own"))
    func server() async throws {
        let data = try #require(Self.data)
        let provider = try BubblewrapProvider(Support.configuration(data: data), logger: Support.logger)
        for number in 0..<2 { _ = try await provider.start(appID: "app-\(number)", files: nil) }
        try Folder.openMaking(data).writeNew("ready", "")
        try await Task.sleep(for: .seconds(60))
    }

    @Test(.enabled(if: data == nil))
    func nothingIsLeftAfterAKillAndACleanUp() async throws {
        try await Support.withFolder { data in
            let supervisor = try Supervisor()
            let (ends, end) = AsyncStream.makeStream(of: ChildProcess.Status.self)
            let server = try await supervisor.start(
                Self.request(data: data),
                observer: .init(tick: {}, ended: { end.yield($0) })
            )
            let deadline = ContinuousClock.now + .seconds(120)
            while access(data + "/ready", F_OK) != 0 {
                guard ContinuousClock.now < deadline else { throw TestFailure("no server: \(server.lastOutput)") }
                try await Task.sleep(for: .milliseconds(20))
            }
            let hierarchies = Support.hierarchies(data: data)
            let processes = Cgroup.existing(hierarchies).flatMap { $0.processes() }
            let noted = try (0..<2).map { number in
                try #require(ProcessRecord(Files.read(data + "/sandboxes/app-\(number)/process") ?? ""))
            }
            kill(server.pid, SIGKILL)
            for await status in ends {
                #expect(status == .signalled(SIGKILL))
                break
            }
            supervisor.end()

            let next = try BubblewrapProvider(Support.configuration(data: data), logger: Support.logger)
            try await next.cleanUp()
            #expect(Cgroup.existing(hierarchies).isEmpty)
            #expect((processes + noted.map(\.pid)).allSatisfy(Support.hasEnded))
            for number in 0..<2 {
                for name in ["process", "run/dev.sock"] {
                    #expect(access(data + "/sandboxes/app-\(number)/\(name)", F_OK) != 0)
                }
            }
            try await next.start(appID: "app-0", files: nil).heartbeat()
            await next.shutdown()
        }
    }

    @Test(.enabled(if: data == nil))
    func endsANotedProcessWithoutControlGroups() async throws {
        let supervisor = try Supervisor()
        let (ends, end) = AsyncStream.makeStream(of: ChildProcess.Status.self)
        let child = try await supervisor.start(
            SpawnRequest(program: "/bin/sleep", arguments: ["1000"]),
            observer: .init(tick: {}, ended: { end.yield($0) })
        )
        var record = try #require(ProcessRecord(of: child.pid))
        let right = record.startTime
        record.startTime += 1
        #expect(record.killIfAlive(within: .seconds(5)))
        #expect(kill(child.pid, 0) == 0)
        record.startTime = right
        #expect(record.killIfAlive(within: .seconds(5)))
        for await status in ends {
            #expect(status == .signalled(SIGKILL))
            break
        }
        supervisor.end()
    }

    /// This program with the same arguments, but for the choice of tests.
    private static func request(data: String) throws -> SpawnRequest {
        var arguments: [String] = []
        var isSkipping = false
        for argument in CommandLine.arguments.dropFirst() {
            if !isSkipping && argument != "--filter" && argument != "--skip" { arguments.append(argument) }
            isSkipping = argument == "--filter" || argument == "--skip"
        }
        arguments += ["--filter", "CrashTests/server"]
        var request = SpawnRequest(program: CanonicalPath.of("/proc/self/exe"), arguments: arguments)
        request.environment = ["\(variable)=\(data)"]
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "VIBE_TOOLCHAIN"] {
            if let value = getenv(name) { request.environment.append("\(name)=\(String(cString: value))") }
        }
        return request
    }
}
