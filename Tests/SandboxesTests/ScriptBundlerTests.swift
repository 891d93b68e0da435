import Glibc
import Testing

@testable import Sandboxes

@Suite struct ScriptBundlerTests {
    private let bun = Support.configuration(data: "/nowhere").toolchain.bun

    private func write(_ name: String, _ text: String, in folder: String) throws -> String {
        let file = try Descriptor.open(folder + "/" + name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o755)
        try file.write(Array(text.utf8))
        return folder + "/" + name
    }

    private func program(_ text: String, in folder: String) throws -> ScriptBundler {
        ScriptBundler(bun: try write("bun", "#!/bin/sh\n" + text + "\n", in: folder))
    }

    @Test func eachEntryIsOneFileWithAllThatItImports() async throws {
        try await Support.withFolder { folder in
            let one = try write(
                "one.js",
                "// first\nimport { shout } from './shared.js';\nshout('1 // no');\n",
                in: folder
            )
            let two = try write("two.js", "import { shout } from './shared.js';\nshout('2');\n", in: folder)
            _ = try write("shared.js", "export function shout(words) { alert(words); }\n", in: folder)
            let scripts = try await ScriptBundler(bun: bun).bundle([one, two])
            #expect(scripts.keys.sorted() == [one, two])
            for (path, words) in [(one, "1 // no"), (two, "2")] {
                let text = String(decoding: try #require(scripts[path]), as: UTF8.self)
                #expect(text.contains(words) && text.contains("alert(") && !text.contains("import"), "\(text)")
                #expect(!text.contains("first") && !text.contains(folder))
            }
            #expect(try await ScriptBundler(bun: bun).bundle([two, one]) == scripts, "its name is that of its content")
            #expect(try await ScriptBundler(bun: "/nowhere/bun").bundle([]).isEmpty)
        }
    }

    @Test func whatIsWrongIsSaid() async throws {
        try await Support.withFolder { folder in
            let good = try write("good.js", "export const a = 1;\n", in: folder)
            let torn = try write("torn.js", "import { no } from './none.js';\nno();\n", in: folder)
            let error = await #expect(throws: SandboxError.self) {
                try await ScriptBundler(bun: bun).bundle([good, torn])
            }
            guard case .died(let words)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(words.contains("none.js"))
            let missing = await #expect(throws: SandboxError.self) {
                try await ScriptBundler(bun: folder + "/bun").bundle([good])
            }
            #expect(missing == .unavailable("\(folder)/bun is missing: run scripts/setup-toolchain"))
            var small = ScriptBundler(bun: bun)
            small.maximumBytes = 8
            await #expect(throws: SandboxError.self) { try await small.bundle([good]) }
        }
    }

    @Test func aBundlerThatHangsIsEnded() async throws {
        try await Support.withFolder { folder in
            var hanging = try program("echo $$ > '\(folder)/pid'\nexec sleep 1000", in: folder)
            hanging.timeLimit = .milliseconds(300)
            let error = await #expect(throws: SandboxError.self) { try await hanging.bundle([folder + "/a.js"]) }
            #expect(error == .timeout("no scripts within \(hanging.timeLimit)"))
            if let pid = Files.read(folder + "/pid").flatMap({ pid_t($0.filter(\.isNumber)) }) {
                #expect(Support.isGone(pid))
            }
        }
    }

    @Test func aBundlerThatMakesNothingOrTooManyWordsIsAnError() async throws {
        try await Support.withFolder { folder in
            let silent = try program("exit 0", in: folder)
            await #expect(throws: SandboxError.self) { try await silent.bundle([folder + "/a.js"]) }
        }
        try await Support.withFolder { folder in
            let loud = try program("yes wrong | head -c 100000; exit 3", in: folder)
            let error = await #expect(throws: SandboxError.self) { try await loud.bundle([folder + "/a.js"]) }
            guard case .died(let words)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(words.utf8.count <= 4096 && words.contains("wrong"))
        }
    }
}
