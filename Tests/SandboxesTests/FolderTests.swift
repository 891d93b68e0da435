import Glibc
import Testing

@testable import Sandboxes

@Suite(.serialized) struct FolderTests {
    @Test func followsNoLinkAndLeavesNoFolder() async throws {
        try await Support.withFolder { path in
            let folder = try Folder.openMaking(path)
            _ = try folder.makeFolder("in")
            try folder.writeNew("in/file", "x")
            #expect(symlink("/etc", path + "/out") == 0)
            #expect(symlink("in/file", path + "/link") == 0)
            for wrong in ["out/passwd", "../", "/etc/passwd", "link", "in/../../x"] {
                #expect(throws: SandboxError.self) { try folder.descriptor.openBeneath(wrong, O_RDONLY) }
            }
            #expect(throws: SandboxError.self) { try folder.folder("out") }
            #expect(throws: SandboxError.self) { try folder.writeNew("out/x", "") }
            #expect(try folder.descriptor.openBeneath("in/file", O_RDONLY).read(limit: 9) == Array("x".utf8))
        }
    }

    @Test func removesATreeDeeperThanAnyPathWithoutLeavingIt() async throws {
        try await Support.withFolder { path in
            let folder = try Folder.openMaking(path)
            _ = try folder.makeFolder("other")
            try folder.writeNew("other/kept", "x")
            var deep = try folder.makeFolder("tree")
            for _ in 0..<3000 { deep = try deep.makeFolder("deeper-and-deeper") }
            #expect(symlinkat("../other", deep.descriptor.raw, "link") == 0)
            #expect(mkfifoat(deep.descriptor.raw, "fifo", 0o600) == 0)
            let raw: [CChar] = [-1, -2, 47 - 80, 0]
            #expect(mkdirat(deep.descriptor.raw, raw, 0o700) == 0)
            try folder.removeTree("tree")
            #expect(try folder.entries().map(\.name) == ["other"])
            #expect(access(path + "/other/kept", F_OK) == 0)
        }
    }

    @Test func measuresUpToItsLimit() async throws {
        try await Support.withFolder { path in
            let folder = try Folder.openMaking(path)
            for number in 0..<20 { try folder.writeNew("a/b/\(number)", String(repeating: "x", count: 5000)) }
            let whole = folder.size(limit: .init(bytes: 1 << 30, entries: 1000))
            #expect(whole.entries == 22 && whole.bytes >= 20 * 5000 && !whole.isTooDeep)
            #expect(folder.size(limit: .init(bytes: 1 << 30, entries: 10)).entries > 10)
            #expect(folder.size(limit: .init(bytes: 20_000, entries: 1000)).bytes > 20_000)
            var deep = folder
            for _ in 0..<40 { deep = try deep.makeFolder("d") }
            #expect(folder.size(limit: .init(bytes: 1 << 30, entries: 1000)).isTooDeep)
        }
    }

    @Test func writesNothingThroughALinkThatAnAppLeft() async throws {
        try await Support.withHostileProvider { provider, data in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let target = data + "/target"
            _ = try Folder.openMaking(target)
            let result = try await sandbox.run(
                """
                fs.rmSync('/app/src', { recursive: true }); fs.symlinkSync('\(target)', '/app/src');
                fs.symlinkSync('\(target)', '/app/.vibe'); return 'done'
                """
            )
            #expect(result == "done")
            await sandbox.stop()
            let again = try await provider.start(
                appID: "app-one",
                files: [AppFiles.componentPath: "export default 2;\n"]
            )
            #expect(
                try await again.run("return fs.readFileSync('/app/src/LLMComponent.tsx', 'utf8')")
                    == "export default 2;\n"
            )
            #expect(try Folder.openMaking(target).entries().isEmpty)
        }
    }
}
