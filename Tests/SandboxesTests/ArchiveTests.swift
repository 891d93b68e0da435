import Foundation
import Glibc
import Testing

@testable import Sandboxes

/// Snapshots of folders to which an app may write what it likes.
@Suite(.serialized) struct ArchiveTests {
    /// A data folder with an app's folder in it.
    private func withApp(
        limits: ArchiveLimits = ArchiveLimits(),
        _ body: @Sendable @escaping (_ data: String, _ app: Folder, _ store: ArchiveStore) async throws -> Void
    ) async throws {
        try await Support.withFolder { path in
            let store = try ArchiveStore(dataFolder: path, limits: limits)
            let app = try Folder.openMaking(path + "/sandboxes/app-x/app")
            try await body(path, app, store)
        }
    }

    /// What the system's own tar sees, each line as `type name`.
    private func listing(_ path: String) throws -> [String] {
        try tar("-tvf", path).split(separator: "\n").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return "\(line.prefix(1)) \(words.dropFirst(5).joined(separator: " "))"
        }
    }

    private func tar(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/tar")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    private func left(_ data: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: data + "/snapshots").sorted()
    }

    @Test func holdsFilesAndFoldersAsTheyAre() async throws {
        try await withApp { data, app, store in
            try app.writeNew("src/LLMComponent.tsx", "export default 1\n")
            try app.writeNew("empty", "")
            try app.writeNew("exact", String(repeating: "x", count: 512))
            let bytes = try await store.store(id: "snap-1", appID: "app-x", files: [:])
            let path = try #require(store.file(id: "snap-1"))
            #expect(path == data + "/snapshots/snap-1.tar")
            var status = stat()
            #expect(stat(path, &status) == 0 && UInt64(status.st_size) == bytes && bytes % 512 == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(
                try listing(path) == [
                    "d app-x/", "- app-x/empty", "- app-x/exact", "d app-x/src/", "- app-x/src/LLMComponent.tsx",
                ]
            )
            #expect(try tar("-xOf", path, "app-x/src/LLMComponent.tsx") == "export default 1\n")
        }
    }

    @Test func leavesOutLinksPipesSocketsAndWhatDoesNotFit() async throws {
        try await withApp { data, app, store in
            try Data("secret".utf8).write(to: URL(filePath: data + "/secret"))
            let path = data + "/sandboxes/app-x/app"
            #expect(symlink("/etc/passwd", path + "/passwd") == 0)
            #expect(symlink("../../../secret", path + "/climbing") == 0)
            #expect(symlink("/etc", path + "/etc") == 0)
            #expect(symlink(".", path + "/loop") == 0)
            #expect(mkfifo(path + "/pipe", 0o600) == 0)
            var name = String(repeating: "n", count: 200)
            try app.writeNew(name, "too long a name")
            name = String(repeating: "d", count: 90)
            try app.writeNew("\(name)/\(name)/file", "fits in two halves")
            try app.writeNew("\(name)/\(name)/\(name)/file", "does not")
            var deep = app
            for _ in 0..<60 { deep = try deep.makeFolder("d") }
            try deep.writeNew("file", "too deep")
            let raw: [CChar] = [-1, -2, 0]
            #expect(mkdirat(app.descriptor.raw, raw, 0o700) == 0)
            _ = try await store.store(id: "snap-1", appID: "app-x", files: [:])
            let tarPath = try #require(store.file(id: "snap-1"))
            let lines = try listing(tarPath)
            #expect(lines.allSatisfy { $0.hasPrefix("d ") || $0.hasPrefix("- ") }, "no links, no devices")
            #expect(lines.filter { $0.hasPrefix("- ") } == ["- app-x/\(name)/\(name)/file"])
            #expect(lines.allSatisfy { !$0.contains("..") && $0.dropFirst(2).hasPrefix("app-x/") })
            let bytes = try Data(contentsOf: URL(filePath: tarPath))
            #expect(bytes.range(of: Data("root:".utf8)) == nil && bytes.range(of: Data("secret".utf8)) == nil)
        }
    }

    @Test func anAppsFolderThatIsALinkIsNotFollowed() async throws {
        try await Support.withFolder { data in
            let store = try ArchiveStore(dataFolder: data)
            _ = try Folder.openMaking(data + "/sandboxes/app-x")
            #expect(symlink("/etc", data + "/sandboxes/app-x/app") == 0)
            _ = try await store.store(id: "snap-1", appID: "app-x", files: ["src/a.ts": "let a", "../b": "no"])
            #expect(try listing(try #require(store.file(id: "snap-1"))) == ["d app-x/", "- app-x/src/a.ts"])
        }
    }

    @Test func aSparseFileIsRefusedBeforeItIsRead() async throws {
        var limits = ArchiveLimits()
        limits.maximumBytes = 1 << 20
        try await withApp(limits: limits) { data, app, store in
            try app.writeNew("sparse", "")
            #expect(truncate(data + "/sandboxes/app-x/app/sparse", 1 << 40) == 0)
            await #expect(throws: ArchiveError.tooLarge(limit: 1 << 20)) {
                try await store.store(id: "snap-1", appID: "app-x", files: [:])
            }
            #expect(try left(data).isEmpty, "nothing is left of it")
            #expect(store.file(id: "snap-1") == nil)
        }
    }

    @Test func manySmallFilesReachTheLimitToo() async throws {
        var limits = ArchiveLimits()
        limits.maximumBytes = 64 << 10
        try await withApp(limits: limits) { data, app, store in
            for number in 0..<200 { try app.writeNew("\(number)", "x") }
            await #expect(throws: ArchiveError.tooLarge(limit: 64 << 10)) {
                try await store.store(id: "snap-1", appID: "app-x", files: [:])
            }
            #expect(try left(data).isEmpty)
        }
    }

    @Test func aFullDiskIsSaidAndLeavesNothing() async throws {
        try await Support.withFolder { data in
            _ = try Folder.openMaking(data + "/snapshots")
            // Needs root; the pieces are tested without it below.
            guard mount("tmpfs", data + "/snapshots", "tmpfs", 0, "size=64k") == 0 else { return }
            defer { umount2(data + "/snapshots", 2) }
            let store = try ArchiveStore(dataFolder: data)
            let app = try Folder.openMaking(data + "/sandboxes/app-x/app")
            try app.writeNew("large", String(repeating: "x", count: 1 << 20))
            await #expect(throws: ArchiveError.full) {
                try await store.store(id: "snap-1", appID: "app-x", files: [:])
            }
            #expect(try left(data).isEmpty)
            try app.removeFile("large")
            _ = try await store.store(id: "snap-2", appID: "app-x", files: [:])
            #expect(try left(data) == ["snap-2.tar"], "goes on when there is room")
        }
    }

    @Test func aWriteThatFailsIsAnError() throws {
        var writer = TarWriter(file: try Descriptor.open("/dev/full", O_WRONLY), limit: 1 << 20)
        #expect(throws: SandboxError.self) { try writer.addFolder(Array("a".utf8), modified: 0) }
    }

    @Test func aFileThatShrinksOrGrowsKeepsTheSizeThatItsHeaderSays() throws {
        let path = NSTemporaryDirectory() + "tar-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { unlink(path) }
        var writer = TarWriter(file: try Descriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600), limit: 1 << 20)
        var rest = Array("abc".utf8)
        #expect(
            try writer.addFile(Array("short".utf8), size: 1000, modified: 0) { count in
                defer { rest = [] }
                return Array(rest.prefix(count))
            }
        )
        #expect(try writer.addFile(Array("long".utf8), size: 2, modified: 0) { Array(repeating: 120, count: $0) })
        try writer.finish()
        #expect(writer.bytes == 512 + 1024 + 512 + 512 + 1024)
        #expect(try tar("-xOf", path, "long") == "xx")
        #expect(try tar("-xOf", path, "short").utf8.count == 1000)
    }

    @Test func onlyTheNewestAreKept() async throws {
        var limits = ArchiveLimits()
        limits.maximumCount = 3
        try await withApp(limits: limits) { data, _, store in
            for number in 1...5 { _ = try await store.store(id: "snap-\(number)", appID: "app-x", files: [:]) }
            #expect(try left(data) == ["snap-3.tar", "snap-4.tar", "snap-5.tar"])
            #expect(store.file(id: "snap-1") == nil && store.file(id: "snap-5") != nil)
        }
    }

    @Test func whatWasNotFinishedGoesAtTheNextStart() async throws {
        try await Support.withFolder { data in
            _ = try Folder.openMaking(data + "/snapshots")
            try Data().write(to: URL(filePath: data + "/snapshots/snap-1.tar.partial"))
            _ = try ArchiveStore(dataFolder: data)
            #expect(try left(data).isEmpty)
        }
    }

    @Test(arguments: ["", "../x", "a/b", ".", "..", "snap 1", "snap-1\u{0}", "-x", String(repeating: "a", count: 65)])
    func otherIdsNameNothing(id: String) async throws {
        try await withApp { data, _, store in
            try Data("x".utf8).write(to: URL(filePath: data + "/x.tar"))
            #expect(store.file(id: id) == nil)
            await #expect(throws: SandboxError.self) { try await store.store(id: id, appID: "app-x", files: [:]) }
        }
    }
}
