import Foundation
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
            #expect(try await server.request("GET", after).body.contains("const changed=1;"))
            #expect(try await server.request("GET", before).status == 200, "a page that was just loaded asks for it")
            #expect(try await server.request("GET", "/js/app.js").body == "export const changed = 1;\n")
            try write("js/app.js", "export let unknown = 1;\n")
            let plain = try await server.request("GET", "/", host: "vibe.localhost").body
            #expect(plain.contains("src=\"/js/app.js\""))
        }
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
