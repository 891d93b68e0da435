import Glibc
import NIOHTTP1
import Testing

@testable import Sandboxes

@Suite(.serialized) struct BubblewrapProviderTests {
    private static let component = AppFiles.componentPath
    private static func app(_ text: String) -> String {
        "export default function App() {\n  return <b className=\"p-4\">\(text)</b>;\n}\n"
    }

    @Test func startsAnswersHeartbeatsAndServesThePlaceholder() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            try await sandbox.heartbeat()
            #expect(try await sandbox.get("/").contains("id=\"root\""))
            #expect(try await sandbox.bundle().contains("first version is ready"))
        }
    }

    @Test func answersAnEditOnlyWhenItIsServed() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            for number in 1...3 {
                let files = [Self.component: Self.app("served \(number)")]
                #expect(try await sandbox.edit(files: files) == .succeeded)
                #expect(try await sandbox.bundle().contains("served \(number)"))
            }
        }
    }

    @Test func startsWithTheFilesOfAnEarlierVersionStyled() async throws {
        try await Support.withProvider { provider, _ in
            let files = [
                Self.component: "import { Title } from \"./parts/Title\";\nexport default () => <Title />;\n",
                "src/parts/Title.tsx": "export const Title = () => <h1 className=\"mt-[17px]\">kept</h1>;\n",
            ]
            let sandbox = try await provider.start(appID: "app-one", files: files)
            #expect(try await sandbox.bundle().contains("kept"))
            let page = try await sandbox.get("/")
            let start = try #require(page.firstRange(of: "/_bun/asset/")).lowerBound
            #expect(try await sandbox.get(String(page[start...].prefix { $0 != "\"" })).contains("margin-top: 17px"))
        }
    }

    @Test func tellsLineAndColumnAndServesTheLastGoodVersion() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            #expect(try await sandbox.edit(files: [Self.component: Self.app("good")]) == .succeeded)
            let broken = "export default function App() {\n  return <b>hé </i>;\n}\n"
            let outcome = try await sandbox.edit(files: [Self.component: broken])
            guard case .failed(let errors) = outcome else { throw TestFailure("the edit passed") }
            let error = try #require(errors.first)
            #expect((error.path, error.line, error.column) == (Self.component, 2, 18))
            #expect(error.text.contains("closing JSX tag"))
            #expect(try await sandbox.bundle().contains("good"))
            #expect(try await sandbox.edit(files: [Self.component: Self.app("mended")]) == .succeeded)
            #expect(try await sandbox.bundle().contains("mended"))
        }
    }

    @Test(arguments: [
        ("export function App() { return <b /> }", 1, 1, "has no default export"),
        ("import x from \"recharts\";\nexport default () => x;", 1, 15, "recharts"),
        ("import x from \"./nowhere\";\nexport default () => x;", 1, 15, "./nowhere"),
        ("import x from \"/etc/hostname\" with { type: \"text\" };\nexport default () => x;", 1, 15, "/etc/hostname"),
        ("import { make } from \"./m.ts\" with { type: \"macro\" };\nexport default () => make();", 1, 22, "m.ts"),
    ])
    func refusesAComponentThatCannotBeBundled(_ source: String, line: Int, column: Int, text: String) async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let outcome = try await sandbox.edit(files: [Self.component: source])
            guard case .failed(let errors) = outcome else { throw TestFailure("the edit passed") }
            #expect(errors.allSatisfy { $0.path == Self.component && $0.line >= 1 && $0.column >= 1 })
            #expect(errors.contains { $0.text.contains(text) })
            if line > 0, source.hasPrefix("import x from \"re") {
                #expect((errors[0].line, errors[0].column) == (line, column))
            }
            #expect(try await sandbox.bundle().contains("first version is ready"))
        }
    }

    @Test func bundlesSeveralFilesOfAllKindsAndTheInstalledPackages() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let files = [
                Self.component: """
                import "./look.css";
                import * as d3 from "d3";
                import Chart from "chart.js/auto";
                import { v4 } from "uuid";
                import data from "./data.json";
                import { twice } from "./lib/twice";
                export default () => <b>{twice(data.n)}{d3.sum([1])}{typeof Chart}{v4()}</b>;
                """,
                "src/look.css": ".x { color: red }", "src/data.json": "{\"n\": 4}",
                "src/lib/twice.ts": "export const twice = (n: number) => n * 2; // lib-of-two\n",
            ]
            #expect(try await sandbox.edit(files: files) == .succeeded)
            #expect(try await sandbox.edit(files: ["src/look.css": ".x { color: blue }"]) == .succeeded)
            #expect(try await sandbox.edit(files: ["src/data.json": "{\"n\": 5}"]) == .succeeded)
            #expect(try await sandbox.edit(files: ["src/unused.md": "# Notes"]) == .succeeded)
        }
    }

    @Test func runsEditsOneAfterTheOther() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let outcomes = try await withThrowingTaskGroup(of: EditOutcome.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let broken = number.isMultiple(of: 2) ? "" : "<"
                        return try await sandbox.edit(files: [Self.component: Self.app("n\(number)") + broken])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .succeeded }.count == 3)
        }
    }

    @Test func refusesACallOfABrowser() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let client = RelayClient(endpoint: sandbox.endpoint)
            let answer = try await client.ask(
                .GET,
                "/heartbeat",
                body: nil,
                timeout: .seconds(5),
                headers: ["sec-fetch-site": "same-origin"]
            )
            #expect(answer.status == .forbidden)
        }
    }

    @Test func refusesWhatAnAppMayNotHave() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            for path in ["../x.tsx", "src/../../x.tsx", "/etc/x.tsx", "server/main.ts", "src/.x.tsx"] {
                await #expect(throws: SandboxError.self) { try await sandbox.edit(files: [path: ""]) }
            }
            await #expect(throws: SandboxError.refused("the app runs already")) {
                _ = try await provider.start(appID: "app-one", files: nil)
            }
            await #expect(throws: SandboxError.self) { _ = try await provider.start(appID: "../up", files: nil) }
            await #expect(throws: SandboxError.self) { try await provider.remove(appID: "app-one") }
        }
    }

    @Test func leavesNothingAfterAStop() async throws {
        try await Support.withProvider { provider, data in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let hierarchies = Support.hierarchies(data: data)
            let processes = Cgroup.existing(hierarchies).flatMap { $0.processes() }
            #expect(hierarchies.all.isEmpty || processes.count >= 2)
            let mounts = Files.read("/proc/self/mountinfo")
            await sandbox.stop()
            await sandbox.stop()
            #expect(await sandbox.exit() == .stopped)
            #expect(processes.allSatisfy(Support.isGone))
            #expect(Cgroup.existing(hierarchies).isEmpty)
            #expect(hierarchies.all.allSatisfy { access($0.path + "/" + hierarchies.parent, F_OK) != 0 })
            #expect(Files.read("/proc/self/mountinfo") == mounts)
            #expect(access(data + "/sandboxes/app-one/run/dev.sock", F_OK) != 0)
            await #expect(throws: SandboxError.died("it was stopped")) { try await sandbox.heartbeat() }

            // It can be started again, and removed when it has ended.
            await (try await provider.start(appID: "app-one", files: nil)).stop()
            try await provider.remove(appID: "app-one")
            #expect(access(data + "/sandboxes/app-one", F_OK) != 0)
        }
    }

    @Test func saysWhenItsProcessDies() async throws {
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            await #expect(throws: SandboxError.self) { try await sandbox.run("process.exit(7)") }
            #expect(await sandbox.exit() == .died("it exited with status 7"))
        }
    }

    @Test func keepsToItsNumberOfSandboxes() async throws {
        try await Support.withProvider({ $0.maximumSandboxes = 1 }) { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            await #expect(throws: SandboxError.full) { _ = try await provider.start(appID: "app-two", files: nil) }
            await sandbox.stop()
            _ = try await provider.start(appID: "app-two", files: nil)
        }
    }

    @Test func runsTenAtOnce() async throws {
        try await Support.withProvider { provider, data in
            try await withThrowingTaskGroup { group in
                for number in 0..<10 {
                    group.addTask {
                        let sandbox = try await provider.start(appID: "app-\(number)", files: nil)
                        let edit = try await sandbox.edit(files: [Self.component: Self.app("number \(number)")])
                        #expect(edit == .succeeded)
                        #expect(try await sandbox.bundle().contains("number \(number)"))
                    }
                }
                try await group.waitForAll()
            }
            await provider.shutdown()
            #expect(Cgroup.existing(Support.hierarchies(data: data)).isEmpty)
            await #expect(throws: SandboxError.self) { _ = try await provider.start(appID: "late", files: nil) }
        }
    }

    @Test func runsBelowADeepFolderThatOnlyTheServerCanReach() async throws {
        try await Support.withFolder { folder in
            let data = folder + "/" + String(repeating: "deep-", count: 30)
            let provider = try BubblewrapProvider(Support.configuration(data: data), logger: Support.logger)
            #expect(chmod(folder, 0o700) == 0)
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            try await sandbox.heartbeat()
            #expect(sandbox.endpoint.socketPath.utf8.count <= 107)
            await provider.shutdown()
        }
    }

    @Test func namesWhatIsMissing() async throws {
        try await Support.withProvider({ $0.toolchain.bubblewrap = "/nowhere/bwrap" }) { provider, _ in
            let error = await #expect(throws: SandboxError.self) {
                _ = try await provider.start(appID: "app-one", files: nil)
            }
            guard case .unavailable(let text) = error else { throw TestFailure("\(String(describing: error))") }
            #expect(text.contains("apt-get install bubblewrap") && text.contains("VIBE_SANDBOX=process"))
        }
        try await Support.withProvider({ $0.toolchain = Toolchain(folder: "/nowhere") }) { provider, _ in
            let error = await #expect(throws: SandboxError.self) {
                _ = try await provider.start(appID: "app-one", files: nil)
            }
            guard case .unavailable(let text) = error else { throw TestFailure("\(String(describing: error))") }
            #expect(text.contains("/nowhere/bin/bun") && text.contains("scripts/setup-toolchain"))
        }
    }
}

/// Why a test cannot go on.
struct TestFailure: Error {
    var text: String
    init(_ text: String) { self.text = text }
}
