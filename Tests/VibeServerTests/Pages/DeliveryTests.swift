import Foundation
import NIOCore
import Synchronization
import Testing

@testable import VibeServer

@Suite struct DeliveryTests {
    @Test(arguments: [
        ([], false), (["gzip"], true), (["GZIP"], true), (["x-gzip"], true), (["br, gzip;q=0.8"], true),
        (["br", "gzip"], true),
        (["*"], true), (["gzip;q=0"], false), (["gzip; q=0.000"], false), (["*;q=0"], false), (["gzip;q=0, *"], false),
        (["identity"], false), (["identity;q=1, gzip;q=0.5"], false), (["gzip;q=nonsense"], false),
        (["gzip;q=2"], false),
        (["gzipped"], false), ([""], false), ([",,;"], false), (["\tgzip\t;\tq=1"], true), (["identity;q=0"], false),
    ])
    func theCodingIsTheClients(values: [String], takesGzip: Bool) {
        #expect((ContentCoding.preferred(values) == .gzip) == takesGzip, "\(values)")
    }

    @Test func gzipSavesOrIsNotUsed() throws {
        let text = Array(String(repeating: "over and over ", count: 100).utf8)
        let packed = try #require(Gzip.compress(text))
        #expect(packed.count < 100 && packed.starts(with: [0x1F, 0x8B]))
        #expect(Gzip.compress([]) == nil && Gzip.compress([1, 2, 3]) == nil)
    }

    @Test func pagesNameWhatTheyNeedByItsContent() async throws {
        try await ServerHarness.run { configuration in
            configuration.publicDirectory = ServerHarness.publicFolder
        } _: { server in
            let host = "vibe.localhost:\(server.port)"
            let app = try await server.makeApp()
            for path in ["/", "/app/\(app)", "/embed/\(app)", "/dashboard"] {
                let page = try await server.request("GET", path, host: host).body
                let assets = page.matches(of: /(?:src|href)="(\/a\/[^"]+)"/).map { String($0.1) }
                #expect(
                    assets.count { $0.hasSuffix(".js") } == 2 && assets.count { $0.hasSuffix(".css") } == 1,
                    "\(path)"
                )
                #expect(!page.contains("\"/js/") && !page.contains("\"/css/") && !page.contains("\"/fonts/"))
                for asset in assets {
                    let response = try await server.request("HEAD", asset, host: host)
                    #expect(response.status == 200 && response.body.isEmpty)
                    #expect(response["cache-control"] == "public, max-age=31536000, immutable")
                    #expect(try #require(Int(response["content-length"] ?? "")) > 0)
                }
            }
            #expect(try await server.request("GET", "/a/app.0000000000000000.js", host: host).status == 404)
            #expect(try await server.request("POST", "/a/app.0000000000000000.js", host: host).status == 404)
        }
    }

    @Test func whatChangesOnTheDiskIsSeen() async throws {
        try await ServerHarness.run { server in
            let folder = URL(filePath: server.folder + "/Public")
            func write(_ name: String, _ text: String) throws {
                try Data(text.utf8).write(to: folder.appending(path: name))
            }
            try write("index.html", "<script type=\"module\" src=\"/js/app.js\"></script>")
            func script() async throws -> String {
                let page = try await server.request("GET", "/", host: "vibe.localhost").body
                return try String(#require(page.firstMatch(of: /\/a\/app\.[0-9a-f]+\.js/)).0)
            }
            let before = try await script()
            try write("js/app.js", "export const changed = 1;\n")
            let after = try await script()
            #expect(before != after)
            #expect(try await server.request("GET", after).body.contains("as changed"))
            #expect(try await server.request("GET", before).status == 200, "a page that was just loaded asks for it")
            #expect(try await server.request("GET", "/js/app.js").body == "export const changed = 1;\n")
            try write("js/app.js", "export let = ;\n")
            let plain = try await server.request("GET", "/", host: "vibe.localhost").body
            #expect(plain.contains("src=\"/js/app.js\""), "what cannot be bundled is left to the browser")
            try write("js/app.js", "export const mended = 1;\n")
            #expect(try await server.request("GET", script()).body.contains("as mended"))
        }
    }

    @Test func withoutABundlerThatWorksPagesLoadTheirModulesOneByOne() async throws {
        let site = try #require(FileManager.default.contents(atPath: ServerHarness.publicFolder + "/index.html"))
        let page = String(decoding: site, as: UTF8.self)
        try await ServerHarness.run { configuration in
            configuration.publicDirectory = ServerHarness.publicFolder
            let folder = configuration.dataDirectory + "/toolchain/bin"
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            FileManager.default.createFile(
                atPath: folder + "/bun",
                contents: Data("#!/bin/sh\nexit 1\n".utf8),
                attributes: [.posixPermissions: 0o755]
            )
        } _: { server in
            let body = try await server.request("GET", "/", host: "vibe.localhost:\(server.port)").body
            let scripts = page.matches(of: /<script.*<\/script>/).map { String($0.0) }
            #expect(scripts.count == 2 && scripts.allSatisfy { body.contains($0) })
            #expect(body.contains("<link rel=\"stylesheet\" href=\"/a/index."))
        }
    }

    @Test func filesAreLookedAtOnceASecondAndScriptsMadeOnceAChange() async throws {
        let folder = NSTemporaryDirectory() + "vibe-site-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder + "/js", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
        }
        try write("index.html", "<head></head>\n<script type=\"module\" src=\"/js/app.js\"></script>\n<p>one</p>")
        try write("js/app.js", "1")
        let made = Mutex<[[String]]>([])
        let time = Mutex(NIODeadline.uptimeNanoseconds(0))
        let site = try StaticSite(
            directory: folder,
            bundle: { modules in
                made.withLock { $0.append(modules) }
                return Dictionary(uniqueKeysWithValues: modules.map { ($0, Array("made".utf8)) })
            },
            now: { time.withLock { $0 } }
        )
        func page() async throws -> String { String(buffer: try #require(await site.page("/index.html")).bytes) }
        func pass(_ amount: TimeAmount) { time.withLock { $0 = $0 + amount } }
        let first = try await page()
        #expect(first.contains("<p>one</p>") && first.contains("src=\"/a/app."))
        #expect(first.firstRange(of: "rel=\"icon\"") != nil, "what all heads have in common")
        try write("index.html", "<script type=\"module\" src=\"/js/app.js\"></script>\n<p>other</p>")
        pass(.milliseconds(999))
        #expect(try await page() == first)
        pass(.milliseconds(1))
        async let pages = [page(), page(), page()]
        #expect(try await pages.allSatisfy { $0.contains("<p>other</p>") })
        #expect(made.withLock { $0 } == Array(repeating: [folder + "/js/app.js"], count: 2))
        pass(.seconds(5))
        _ = try await page()
        #expect(made.withLock(\.count) == 2, "nothing has changed")
        try FileManager.default.removeItem(atPath: folder + "/js/app.js")
        pass(.seconds(5))
        #expect(try await page().contains("<p>other</p>"), "what is gone stays as it was")
    }

    @Test func compressedAndPlainHaveTagsOfTheirOwn() async throws {
        try await ServerHarness.run { server in
            let text = String(repeating: "export const a = 1;\n", count: 100)
            try Data(text.utf8).write(to: URL(filePath: server.folder + "/Public/js/app.js"))
            let plain = try await server.request("GET", "/js/app.js")
            let packed = try await server.request("HEAD", "/js/app.js", fields: [("Accept-Encoding", "gzip")])
            #expect(plain["content-encoding"] == nil && packed["content-encoding"] == "gzip")
            #expect(plain["vary"] == "Accept-Encoding" && packed["vary"] == "Accept-Encoding")
            #expect(plain["etag"] != packed["etag"] && plain["content-length"] == "\(text.utf8.count)")
            #expect(try #require(Int(packed["content-length"] ?? "")) < 200)
            for tag in [plain["etag"], packed["etag"]] {
                let fields = [("If-None-Match", try #require(tag)), ("Accept-Encoding", "gzip")]
                let fresh = try await server.request("GET", "/js/app.js", fields: fields)
                #expect(fresh.status == 304 && fresh["etag"] == packed["etag"] && fresh["content-length"] == nil)
            }
        }
    }
}
