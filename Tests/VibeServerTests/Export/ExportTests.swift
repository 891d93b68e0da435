import Foundation
import NIOCore
import Testing

@testable import VibeServer

@Suite struct ExportTests {
    private static let component = """
        import { useState } from "react";
        import * as d3 from 'd3';
        import"katex/dist/katex.min.css"
        // import _ from "lodash";
        /* import three from "three" */
        export default function App() { const [a] = useState("from"); return <p title="uuid">it's {d3.max([1])}</p> }
        const late = () => import( "marked" );
        """

    @Test func importsAreFound() {
        #expect(ImportScanner.names(in: Self.component) == ["react", "d3", "katex/dist/katex.min.css", "marked"])
        let packages = ["react", "./a", "../a", "/a", "", "@kurkle/color/x", "@x", "d3/src/a"].map(
            ImportScanner.package
        )
        #expect(packages == ["react", nil, nil, nil, nil, "@kurkle/color", nil, "d3"])
        for broken in ["\"", "import \"", "import '\\", "/*", "/", "import \"a", "`${import \"d3\"}`"] {
            _ = ImportScanner.names(in: broken)
        }
    }

    @Test func aProjectHasWhatViteNeedsAndNoMore() throws {
        let project = try ExportProject(
            title: "</title><script>alert(1)</script> [x](y) \"q\"",
            version: 3,
            source: ["src/LLMComponent.tsx": Self.component]
        )
        #expect(
            project.files.keys.sorted() == [
                ".gitignore", "README.md", "index.html", "package.json", "src/LLMComponent.tsx", "src/index.css",
                "src/main.tsx",
                "tsconfig.json", "vite.config.ts",
            ]
        )
        let text = try #require(project.files["package.json"])
        let manifest = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            manifest["dependencies"] as? [String: String] == [
                "react": "18.1.0", "react-dom": "18.1.0", "d3": "5.16.0", "katex": "0.16.4", "marked": "4.2.3",
            ]
        )
        #expect(manifest["name"] as? String == "title-script-alert-1-script-x-y-q")
        #expect(project.files["index.html"]?.contains("<script>alert") == false)
        #expect(project.files["README.md"]?.contains("\\<script\\>alert\\(1\\)") == true)
    }

    @Test func hostileNamesAreLeftOutAndOwnNamesStay() throws {
        let hostile = [
            "../x.tsx", "src/../../x.tsx", "/etc/passwd", "src//x.tsx", "src/.x.tsx", "src/a\0.tsx", "src/a\\..\\b.tsx",
            "package.json",
            "src/\u{202E}x.tsx", "C:/x.tsx", "node_modules/x.ts",
        ]
        var source = Dictionary(uniqueKeysWithValues: hostile.map { ($0, "evil") })
        source["src/LLMComponent.tsx"] = Self.component
        source["src/Main.tsx"] = "mine"
        source["src/index.css"] = "mine"
        let files = try ExportProject(title: "x", version: 1, source: source).files
        #expect(!files.values.contains("evil"))
        #expect(files["src/Main.tsx"] == "mine" && files["src/index.css"] == "mine")
        #expect(files["src/main-2.tsx"]?.contains("\"./index-2.css\"") == true)
        #expect(files["index.html"]?.contains("/src/main-2.tsx") == true)
    }

    @Test(
        arguments: [
            ("Tea timer", "tea-timer"), ("Nonna Pia’s Sunday ragù", "nonna-pia-s-sunday-ragu"), ("日本語", nil),
            ("--- ..", nil), ("\"\r\nX: y", "x-y"),
            ("../../etc", "etc"),
            (String(repeating: "ab ", count: 99), String(String(repeating: "ab-", count: 20).dropLast())),
        ] as [(String, String?)]
    )
    func namesOfFiles(title: String, slug: String?) {
        #expect(ExportName.slug(title) == slug)
        let header = ExportName.disposition(title, version: 3, fallback: "app-x")
        #expect(header.hasPrefix("attachment; filename=\"\(slug ?? "app-x")-v3.zip\"; filename*=UTF-8''"))
        let extended = header.split(separator: "''").last ?? ""
        #expect(
            extended.utf8.allSatisfy {
                $0 == 0x25 || $0 == 0x2D || $0 == 0x2E
                    || Character(Unicode.Scalar($0)).isASCII && Character(Unicode.Scalar($0)).isLetter
                    || (0x30...0x39).contains($0)
            }
        )
        #expect(!header.utf8.contains { $0 < 0x20 || $0 > 0x7E })
    }

    @Test func theReadableNameIsTheTitlesOwn() {
        #expect(ExportName.disposition("日本", version: 1, fallback: "a").hasSuffix("UTF-8''%E6%97%A5%E6%9C%AC%20v1.zip"))
        #expect(ExportName.disposition("..\u{202E}/a:b", version: 1, fallback: "a").hasSuffix("''a-b%20v1.zip"))
    }
}
