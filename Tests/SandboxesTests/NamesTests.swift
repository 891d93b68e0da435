import Glibc
import Testing

@testable import ClaudeSimulator
@testable import Sandboxes

@Suite(.serialized) struct NamesTests {
    private static let component = AppFiles.componentPath
    private static let good = "export default () => <b>served</b>;\n"
    private static let bad = "export default () => <b>{useState(0)[0]} bad</b>;\n"

    /// One component, and what is wrong with it: `CODE TEXT@MODULE LINE:COLUMN`, without what there is not.
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var expected: [String] = []
        var code = ""

        static let all: [Case] = {
            var found: [Case] = []
            for line in (Files.read(Support.root + "/Tests/SandboxesTests/Names/cases.txt") ?? "")
                .split(separator: "\n", omittingEmptySubsequences: false)
            {
                if line.hasPrefix("=== ") {
                    found.append(Case(testDescription: String(line.dropFirst(4))))
                } else if line.hasPrefix("--- ") {
                    found[found.count - 1].expected.append(String(line.dropFirst(4)))
                } else {
                    found[found.count - 1].code += line + "\n"
                }
            }
            return found
        }()
    }

    private static func words(_ error: BuildError) -> String {
        let text = error.text + (error.module.map { "@" + $0 } ?? "")
        guard let code = error.code else { return error.text }
        return code == .componentEmpty ? code.rawValue : "\(code.rawValue) \(text) \(error.line):\(error.column)"
    }

    @Test func findsWhatWouldFailAndNothingElse() async throws {
        #expect(Case.all.count > 60)
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            for each in Case.all {
                let outcome = try await sandbox.edit(files: [Self.component: each.code], checksNames: true)
                switch outcome {
                case .succeeded: #expect(each.expected.isEmpty, "\(each.testDescription) is missed")
                case .unchecked: Issue.record("\(each.testDescription) is not checked")
                case .failed(let errors):
                    #expect(errors.map(Self.words).sorted() == each.expected.sorted(), "\(each.testDescription)")
                    #expect(errors.allSatisfy { $0.path == Self.component })
                }
            }
        }
    }

    @Test func refusesNoComponentOfTheSimulator() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            for archetype in ComponentLibrary.all {
                let look = Look(hash: StableHash(seed: 7), grounds: archetype.grounds)
                let code = archetype.render(title: "A title", words: Words("a \(archetype.name)"), look: look)
                let outcome = try await sandbox.edit(files: [Self.component: code], checksNames: true)
                #expect(outcome == .succeeded, "\(archetype.name)")
            }
        }
    }

    @Test func looksAtNewCodeOnly() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: [Self.component: Self.bad])
            #expect(try await sandbox.bundle().contains(" bad"))
            // A change of another file does not bring up what the component has had before.
            let style = try await sandbox.edit(
                files: [Self.component: Self.bad, "src/look.css": "b { color: red }"],
                checksNames: true
            )
            #expect(style == .succeeded)
            #expect(try await sandbox.edit(files: [Self.component: Self.good], checksNames: true) == .succeeded)
            guard case .failed = try await sandbox.edit(files: [Self.component: Self.bad], checksNames: true) else {
                throw TestFailure("the edit passed")
            }
            #expect(try await sandbox.bundle().contains("served"))
            #expect(try await sandbox.edit(files: [Self.component: Self.bad]) == .succeeded)
            #expect(try await sandbox.bundle().contains(" bad"))
        }
    }

    @Test func looksIntoEveryFileThatIsNewAndUsed() async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let files = [
                Self.component: "import { Title } from \"./parts/Title\";\nexport default () => <Title />;\n",
                "src/parts/Title.tsx": "export const Title = () => {\n  return <h1>{titel}</h1>;\n};\n",
                "src/parts/unused.ts": "export const x = nowhere;\n",
            ]
            let outcome = try await sandbox.edit(files: files, checksNames: true)
            guard case .failed(let errors) = outcome else { throw TestFailure("the edit passed") }
            #expect(errors.map(\.path) == ["src/parts/Title.tsx"])
            #expect(errors.map(Self.words) == ["name_undefined titel 2:15"])
        }
    }

    /// Parsers that stand for whatever may go wrong in the process that checks.
    private static let broken = [
        "hangs": "while (true);",
        "is killed": "process.kill(process.pid, 'SIGKILL');",
        "throws": "export function parse() { throw new RangeError('Maximum call stack size exceeded'); }",
        "says nonsense": "console.log('no JSON'); process.exit(0);",
        "eats memory": "const all = []; while (true) all.push(new Uint8Array(1 << 24).fill(1));",
        "never answers": "await new Promise(() => setInterval(() => {}, 1000));",
    ]

    @Test(arguments: broken.keys.sorted())
    func servesUncheckedWhenTheCheck(name: String) async throws {
        try await Support.withFolder { folder in
            try Folder.openMaking(folder).writeNew("parser.mjs", try #require(Self.broken[name]))
            #expect(chmod(folder, 0o755) == 0)
            try await Support.withProvider({ $0.toolchain.parser = folder + "/parser.mjs" }) { provider, _ in
                let sandbox = try await provider.start(appID: "app-one", files: nil)
                #expect(try await sandbox.edit(files: [Self.component: Self.bad], checksNames: true) == .unchecked)
                #expect(try await sandbox.bundle().contains(" bad"))
                try await sandbox.heartbeat()
                #expect(try await sandbox.edit(files: [Self.component: Self.good], checksNames: true) == .unchecked)
                #expect(try await sandbox.bundle().contains("served"))
            }
        }
    }

    @Test func servesUncheckedAndSaysWhyWithoutAParser() async throws {
        try await Support.withProvider({ $0.toolchain.parser = "/nowhere/acorn.mjs" }) { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            #expect(try await sandbox.edit(files: [Self.component: Self.bad], checksNames: true) == .unchecked)
        }
        var configuration = Support.configuration(data: "/nowhere")
        #expect(await SandboxDoctor.checks(configuration).contains { $0.name == "names in code" && $0.isOK })
        configuration.toolchain.parser = "/nowhere/acorn.mjs"
        #expect(configuration.toolchain.missing(needsBubblewrap: false).isEmpty)
        #expect(configuration.toolchain.parserMend.contains("scripts/setup-toolchain"))
        let check = try #require(await SandboxDoctor.checks(configuration).first { $0.name == "names in code" })
        #expect(!check.isOK && check.finding.contains("/nowhere/acorn.mjs") && check.mend.contains("setup-toolchain"))
    }

    /// Code that is hard to read: it may be refused by the bundler or stay unchecked, and the sandbox lives.
    @Test(arguments: [
        String(repeating: "<b>", count: 3_000) + String(repeating: "</b>", count: 3_000),
        String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
        String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000),
        "1" + String(repeating: "+1", count: 400_000), "[" + String(repeating: "a,", count: 400_000) + "]",
        "`" + String(repeating: "${x}", count: 200_000) + "`",
    ])
    func livesThrough(expression: String) async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let code = "const a = 1, x = 2;\nexport default () => <i>{\(expression)}</i>;\n"
            _ = try await sandbox.edit(files: [Self.component: code], checksNames: true)
            try await sandbox.heartbeat()
            #expect(try await sandbox.edit(files: [Self.component: Self.good], checksNames: true) == .succeeded)
            #expect(try await sandbox.bundle().contains("served"))
        }
    }

    @Test func looksWithoutIsolationToo() async throws {
        try await Support.withFolder { data in
            let provider = try ProcessProvider(Support.configuration(data: data), logger: Support.logger)
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let outcome = try await sandbox.edit(files: [Self.component: Self.bad], checksNames: true)
            guard case .failed(let errors) = outcome else { throw TestFailure("the edit passed") }
            #expect(errors.map(Self.words) == ["name_undefined useState 1:26"])
            #expect(try await sandbox.edit(files: [Self.component: Self.good], checksNames: true) == .succeeded)
            await provider.shutdown()
        }
    }

    /// An app finds what reads its code by no import.
    @Test(arguments: ["acorn", "/opt/vibe/acorn.mjs", "../../opt/vibe/acorn.mjs"])
    func keepsTheParserFromApps(module: String) async throws {
        try await Support.withProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let code = "import * as parser from \"\(module)\";\nexport default () => <p>{String(parser)}</p>;\n"
            guard case .failed = try await sandbox.edit(files: [Self.component: code]) else {
                throw TestFailure("the edit passed")
            }
        }
    }
}
