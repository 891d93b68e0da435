import Foundation
import Testing

@testable import VibeServer

@Suite struct NoticePageTests {
    private func html(_ place: NoticePage.Place, _ absence: Absence = .restarting) async throws -> String {
        let site = try StaticSite(directory: ServerHarness.publicFolder)
        let page = NoticePage(absence: absence, appID: "app-aaaaaaaaaaaaaaaa", title: "", place: place)
        return try #require(await page.html(from: site, nonce: "n0nce"))
    }

    @Test func onThePlatformItIsTheFileWithItsWords() async throws {
        let html = try await html(.platform)
        let file = try String(contentsOfFile: ServerHarness.publicFolder + "/503.html", encoding: .utf8)
        let kept = file.split(separator: "\n").filter { line in
            ![
                "<title>", "<meta name=\"vibe-reason\"", "<h1 ", "<p id=\"explanation\"", "<script ",
                "<link rel=\"stylesheet\"",
            ].contains { line.hasPrefix($0) }
        }
        for line in kept { #expect(html.contains(line + "\n"), "\(line)") }
        #expect(html.contains("<meta name=\"vibe-reason\" content=\"restarting\">"))
        #expect(html.contains("<meta name=\"vibe-app\" content=\"app-aaaaaaaaaaaaaaaa\">"))
        #expect(html.contains("<h1 id=\"reason\">The server is restarting</h1>"))
        // Its script waits on the socket: the page asks nothing over and over.
        #expect(html.contains("src=\"/js/unavailable.js") && !html.contains("http-equiv") && !html.contains("<style"))
    }

    @Test func theFileSaysTheSameByItself() async throws {
        // What a proxy in front serves while the server is away.
        let file = try String(contentsOfFile: ServerHarness.publicFolder + "/503.html", encoding: .utf8)
        for words in [Absence.restarting.heading, Absence.restarting.sentence] {
            #expect(file.contains(">\(words)<"))
        }
    }

    @Test func everySheetOfTheFileIsInsideAPageThatStandsAlone() async throws {
        let html = try await html(.preview(platform: "https://vibe.example", isFramed: true))
        let file = try String(contentsOfFile: ServerHarness.publicFolder + "/503.html", encoding: .utf8)
        let sheets = file.components(separatedBy: "<link rel=\"stylesheet\" href=\"").dropFirst().map { rest in
            rest.prefix { $0 != "\"" }
        }
        #expect(!sheets.isEmpty && html.components(separatedBy: "<style nonce=\"n0nce\">").count == sheets.count + 1)
        for sheet in sheets {
            let rules = try String(contentsOfFile: ServerHarness.publicFolder + sheet, encoding: .utf8)
            let last = try #require(rules.split(separator: "\n").last { $0.contains("{") })
            #expect(html.contains(last), "\(sheet)")
        }
        #expect(html.contains("href=\"https://vibe.example/\" target=\"_blank\""))
    }

    @Test func aSiteWithoutThePageHasNone() async throws {
        let page = NoticePage(absence: .restarting, appID: "", title: "", place: .platform)
        #expect(await page.html(from: StaticSite(), nonce: "") == nil)
    }
}
