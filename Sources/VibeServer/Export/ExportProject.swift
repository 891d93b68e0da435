internal import Foundation
internal import NIOCore
internal import Sandboxes

/// An app as a project of its own, which Vite builds without this server.
struct ExportProject {
    /// The app's title, as people wrote it.
    let title: String
    let version: Int
    /// Relative path to text: the app's own files and those around them.
    let files: [String: String]

    /// - Parameters:
    ///   - title: any text.
    ///   - version: its number.
    ///   - source: path to text; files of paths that no app may have are left out.
    /// - Throws: when a text cannot be encoded.
    init(title: String, version: Int, source: [String: String]) throws {
        self.title = title
        self.version = version
        var files = source.filter { AppFiles.isAllowed($0.key) }
        let own = Set(files.keys.map { $0.lowercased() })
        // An app may have files of these names itself.
        let main = Self.free("src/main", "tsx", own)
        let style = Self.free("src/index", "css", own)
        let packages = Self.packages(of: files.values)
        files[main] = Self.main(style: style)
        files[style] = "@import \"tailwindcss\";\n"
        files["package.json"] = try Self.manifest(title: title, version: version, packages: packages)
        files["index.html"] = Self.page(title: title, main: main)
        files["vite.config.ts"] = Self.viteConfiguration
        files["tsconfig.json"] = Self.typeScriptConfiguration
        files[".gitignore"] = "node_modules\ndist\n"
        files["README.md"] = Self.readme(title: title, version: version)
        self.files = files
    }

    /// As one zip archive, its files in the order of their names.
    ///
    /// - Parameter date: of all files.
    /// - Returns: the archive's bytes.
    func archive(date: Date) -> ByteBuffer {
        var archive = ZipArchive(date: date)
        for (path, text) in files.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            archive.add(path, text)
        }
        return archive.finish()
    }

    private static func free(_ stem: String, _ kind: String, _ taken: Set<String>) -> String {
        var name = "\(stem).\(kind)"
        var number = 1
        while taken.contains(name) {
            number += 1
            name = "\(stem)-\(number).\(kind)"
        }
        return name
    }

    /// The packages that the files import, with their versions.
    private static func packages(of texts: some Sequence<String>) -> [String: String] {
        var names = Set(ExportPackages.always)
        for text in texts { names.formUnion(ImportScanner.names(in: text).compactMap(ImportScanner.package)) }
        return ExportPackages.versions.filter { names.contains($0.key) }
    }

    private struct Manifest: Encodable {
        var name: String
        var version: String
        var description: String
        var isPrivate = true
        var type = "module"
        var scripts = ["dev": "vite", "build": "vite build", "preview": "vite preview"]
        var dependencies: [String: String]
        var devDependencies = ExportPackages.tools

        enum CodingKeys: String, CodingKey {
            case name, version, description
            case isPrivate = "private"
            case type, scripts, dependencies, devDependencies
        }
    }

    private static func manifest(title: String, version: Int, packages: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let manifest = Manifest(
            name: ExportName.slug(title) ?? "app",
            version: "1.0.\(version)",
            description: title,
            dependencies: packages
        )
        return String(decoding: try encoder.encode(manifest), as: UTF8.self) + "\n"
    }

    private static func main(style: String) -> String {
        """
        import { createRoot } from "react-dom/client";
        import App from "./LLMComponent";
        import "./\(style.dropFirst("src/".count))";

        createRoot(document.getElementById("root")!).render(<App />);

        """
    }

    private static func page(title: String, main: String) -> String {
        """
        <!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(ExportName.html(title))</title>
          </head>
          <body>
            <div id="root"></div>
            <script type="module" src="/\(main)"></script>
          </body>
        </html>

        """
    }

    private static func readme(title: String, version: Int) -> String {
        """
        # \(ExportName.markdown(title))

        Version \(version), made with Vibe Server. A React app with Tailwind CSS, built by Vite; it needs Node.js 20 or newer.

            npm install
            npm run dev      # serves it and follows every change
            npm run build    # writes dist/, which any web server can serve

        The app is `src/LLMComponent.tsx`.

        """
    }

    private static let viteConfiguration = """
        import tailwindcss from "@tailwindcss/vite";
        import react from "@vitejs/plugin-react";
        import { defineConfig } from "vite";

        export default defineConfig({ base: "./", plugins: [react(), tailwindcss()] });

        """

    private static let typeScriptConfiguration = """
        {
          "compilerOptions": {
            "target": "ES2022",
            "lib": ["ES2022", "DOM", "DOM.Iterable"],
            "module": "ESNext",
            "moduleResolution": "Bundler",
            "jsx": "react-jsx",
            "skipLibCheck": true,
            "noEmit": true,
            "types": ["vite/client"]
          },
          "include": ["src"]
        }

        """
}
