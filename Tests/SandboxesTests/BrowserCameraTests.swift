import Glibc
import Testing

@testable import Sandboxes

/// Pictures by the real Chromium in its real sandbox, and what becomes of browsers that misbehave.
@Suite(.serialized) struct BrowserCameraTests {
    /// A page that an app serves, and an app that serves it.
    private static func serve(_ sandbox: any Sandbox, _ html: String) async throws {
        let text = html.debugDescription
        _ = try await sandbox.run(
            """
            const edit = server.fetch;
            server.fetch = (request) => {
              globalThis.asked ??= [];
              asked.push(request.method + " " + new URL(request.url).pathname);
              if (request.method === "POST" || request.url.endsWith("/heartbeat")) return edit(request);
              return new Response(\(text), { headers: { "content-type": "text/html" } });
            };
            server.running.reload(server);
            fs.chmodSync("/run/dev.sock", 0o666);
            return "";
            """
        )
    }

    private static func withCamera(
        _ change: (inout SandboxConfiguration) -> Void = { _ in },
        appIsWell: Bool = true,
        _ body: (BubblewrapProvider, any StillCamera, any Sandbox, String) async throws -> Void
    ) async throws {
        try await Support.withHostileProvider({
            $0.browser = Browser.find()
            $0.stillFolder = Support.root + "/Templates/still"
            // Beside other load a browser that gets what others leave takes its time.
            $0.pictureTimeout = .seconds(600)
            change(&$0)
        }) { provider, data in
            let camera = try #require(provider.camera, "the Debian package chromium")
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            try await body(provider, camera, sandbox, data)
            // Nothing is left of any browser, and the app is as well as before.
            let folder = Folder(try .open(data + "/sandboxes", O_RDONLY | O_DIRECTORY))
            #expect(try folder.entries().map(\.name) == ["app-one"])
            #expect(Cgroup.existing(Support.hierarchies(data: data)).map(\.name).allSatisfy { $0 == "app-one" })
            if appIsWell { try await sandbox.heartbeat() }
        }
    }

    /// A program in the browser's place.
    private static func withProgram(_ script: String, _ body: (Browser) async throws -> Void) async throws {
        try await Support.withFolder { path in
            let folder = Folder(try .open(path, O_RDONLY | O_DIRECTORY))
            try folder.writeNew("browser", "#!/bin/sh\n" + script)
            guard chmod(path, 0o755) == 0, chmod(path + "/browser", 0o755) == 0 else {
                throw SandboxError.last("chmod")
            }
            try await body(try #require(Browser(path + "/browser")))
        }
    }

    @Test(.enabled(if: Support.hierarchies(data: "/tmp").has("cpu"), "needs control groups for processor time"))
    func getsTheProcessorTimeThatOthersLeave() async throws {
        try await Support.withFolder { data in
            let hierarchies = Support.hierarchies(data: data)
            let cgroup = try Cgroup(hierarchies, name: "still.1", limits: .browser)
            defer { cgroup.remove() }
            // It is not among the apps' sandboxes, whose weight would be its own while they rest.
            #expect(hierarchies.all.allSatisfy { access($0.path + "/" + hierarchies.parent, F_OK) != 0 })
            let weights = hierarchies.all.compactMap { hierarchy -> Int? in
                let parent = hierarchy.path + "/" + hierarchies.background.parent
                let text = Files.read(parent + "/cpu.shares") ?? Files.read(parent + "/cpu.weight")
                return text.flatMap { Int($0.filter(\.isNumber)) }
            }
            let ordinary = 1024 * sysconf(CInt(_SC_NPROCESSORS_ONLN))
            #expect(!weights.isEmpty && weights.allSatisfy { $0 * 30 < ordinary })
            // A later server finds what a killed one left.
            #expect(Cgroup.existing(hierarchies).map(\.name) == ["still.1"])
            cgroup.remove()
            #expect(Cgroup.existing(hierarchies).isEmpty)
        }
    }

    @Test func takesAPictureOfWhatTheAppShows() async throws {
        try await Self.withCamera { _, camera, sandbox, _ in
            try await Self.serve(sandbox, "<body style='background:#f7b51b'><h1>Hello</h1>")
            let picture = try await camera.picture(appID: "app-one")
            let isWebP = picture.starts(with: "RIFF".utf8) && picture.dropFirst(8).starts(with: "WEBP".utf8)
            #expect(isWebP && picture.count > 1_000)
            try await Self.serve(sandbox, "<body style='background:#000'>")
            #expect(try await camera.picture(appID: "app-one") != picture)
        }
    }

    @Test func runsAsAnotherUserWithoutANetwork() async throws {
        try await Self.withCamera { _, camera, sandbox, data in
            // The page shows what it can reach, as a title that the app is told.
            try await Self.serve(
                sandbox,
                """
                <script>
                (async () => {
                  const seen = [];
                  for (const url of ["http://127.0.0.1:22/", "http://10.0.0.1/", "https://example.com/"]) {
                    await fetch(url, { mode: "no-cors" }).then(() => seen.push(url), () => {});
                  }
                  for (const method of ["POST", "PUT", "DELETE"]) {
                    await fetch("/edit", { method, body: "{}" }).then((answer) => seen.push(answer.status));
                  }
                  await fetch("/seen/" + encodeURIComponent(JSON.stringify(seen)));
                })();
                </script>
                """
            )
            _ = try await camera.picture(appID: "app-one")
            let asked = try await sandbox.run("return JSON.stringify(asked)")
            #expect(asked.contains("/seen/%5B405%2C405%2C405%5D"), "\(asked)")
            #expect(!asked.contains("\"POST /edit\",\"POST /edit\",\"POST"))
        }
    }

    @Test func aDialogDoesNotHoldThePictureUp() async throws {
        try await Self.withCamera { _, camera, sandbox, _ in
            try await Self.serve(sandbox, "<script>alert('stop'); confirm('really'); prompt('why')</script>done")
            #expect(try await camera.picture(appID: "app-one").count > 100)
        }
    }

    @Test func aPageThatNeverComesToRestIsEndedInTime() async throws {
        try await Self.withCamera({ $0.pictureTimeout = .seconds(6) }) { _, camera, sandbox, _ in
            try await Self.serve(sandbox, "<script>for (;;) {}</script>")
            await #expect(throws: SandboxError.timeout("no picture within 6.0 seconds")) {
                _ = try await camera.picture(appID: "app-one")
            }
        }
    }

    @Test func anAppThatAnswersWithAnErrorHasNoPicture() async throws {
        try await Self.withCamera { _, camera, sandbox, _ in
            _ = try await sandbox.run(
                """
                const edit = server.fetch;
                server.fetch = (request) => request.method === "POST" || request.url.endsWith("/heartbeat")
                  ? edit(request) : new Response("no", { status: 500 });
                server.running.reload(server);
                fs.chmodSync("/run/dev.sock", 0o666);
                return "";
                """
            )
            await #expect(throws: SandboxError.died("the app answered 500")) {
                _ = try await camera.picture(appID: "app-one")
            }
        }
    }

    @Test func aBrowserThatCrashesIsNamed() async throws {
        try await Self.withProgram("exit 3\n") { browser in
            try await Self.withCamera({ $0.browser = browser }) { _, camera, _, _ in
                await #expect(throws: SandboxError.died("the browser ended with 3")) {
                    _ = try await camera.picture(appID: "app-one")
                }
            }
        }
    }

    @Test func aBrowserThatHangsIsEndedWithAllItStarted() async throws {
        try await Self.withProgram("sleep 1000 & sleep 1001 & trap '' TERM HUP; wait\n") { browser in
            try await Self.withCamera({
                $0.browser = browser
                $0.pictureTimeout = .milliseconds(1500)
            }) { _, camera, _, _ in
                await #expect(throws: SandboxError.self) { _ = try await camera.picture(appID: "app-one") }
                // Cancelled is ended as well, and at once.
                let picture = Task { try await camera.picture(appID: "app-one") }
                picture.cancel()
                await #expect(throws: (any Error).self) { _ = try await picture.value }
            }
        }
    }

    @Test func aBrowserThatFloodsItsFileIsCutOff() async throws {
        let flood = "head -c 200000000 /dev/zero > /run/picture; exit 0\n"
        try await Self.withProgram(flood) { browser in
            try await Self.withCamera({ $0.browser = browser }) { _, camera, _, _ in
                await #expect(throws: SandboxError.died("the browser ended with 0")) {
                    _ = try await camera.picture(appID: "app-one")
                }
            }
        }
    }

    @Test func aBrowserThatWantsTooMuchMemoryIsEnded() async throws {
        try #require(!Support.hierarchies(data: "/tmp").all.isEmpty)
        try await Self.withProgram("exec tail /dev/zero\n") { browser in
            try await Self.withCamera({
                $0.browser = browser
                $0.browserLimits.memoryBytes = 200 << 20
            }) { _, camera, _, _ in
                await #expect(throws: SandboxError.self) { _ = try await camera.picture(appID: "app-one") }
            }
        }
    }

    @Test func anAppThatDoesNotRunHasNoPicture() async throws {
        try await Self.withCamera { _, camera, _, _ in
            await #expect(throws: SandboxError.died("the app does not run")) {
                _ = try await camera.picture(appID: "app-two")
            }
        }
    }

    @Test func aSocketThatAnAppHasReplacedIsNotHandedOver() async throws {
        try await Self.withCamera(appIsWell: false) { _, camera, sandbox, _ in
            _ = try await sandbox.run(
                "fs.symlinkSync('/etc/passwd', '/run/other'); fs.renameSync('/run/other', '/run/dev.sock'); return ''"
            )
            await #expect(throws: SandboxError.self) { _ = try await camera.picture(appID: "app-one") }
        }
    }

    @Test func withoutABrowserThereIsNoCamera() async throws {
        try await Support.withHostileProvider { provider, _ in #expect(provider.camera == nil) }
        #expect(Browser("/nowhere/chromium") == nil && Browser("chromium") == nil && Browser("/usr") == nil)
    }
}
