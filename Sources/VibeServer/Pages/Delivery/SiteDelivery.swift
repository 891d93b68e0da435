internal import NIOCore

/// The pages as they are sent: what they need comes under names that hold its content's hash, and so may be kept for ever.
///
/// The style sheets of a page are one file, and so are its modules, which are bundled elsewhere: a browser that speaks HTTP/1.1
/// asks for each file in turn.
struct SiteDelivery: Sendable {
    /// What the paths of all assets begin with.
    static let prefix = "/a/"

    /// By the path of the page's file.
    private(set) var pages: [String: StaticSite.File] = [:]
    /// By their whole path.
    private var assets: [String: StaticSite.File] = [:]
    /// Those of the delivery before, which pages loaded a moment ago may still ask for.
    private let earlier: [String: StaticSite.File]
    private let files: [String: StaticSite.File]
    private let scripts: [String: [UInt8]]

    /// - Parameters:
    ///   - files: All files of the site.
    ///   - scripts: The pages' scripts with all that they import, by their files' paths; a page keeps the others as they are.
    ///   - before: The delivery that this one takes the place of.
    init(files: [String: StaticSite.File], scripts: [String: [UInt8]], before: SiteDelivery? = nil) {
        self.files = files
        self.scripts = scripts
        earlier = before?.assets ?? [:]
        for (path, file) in files where file.isPage {
            pages[path] = StaticSite.File(
                Array(page(path, String(buffer: file.bytes)).utf8),
                contentType: file.contentType
            )
        }
    }

    /// The paths of the scripts that pages name.
    static func entries(_ files: [String: StaticSite.File]) -> [String] {
        let pages = files.values.filter(\.isPage).map { String(buffer: $0.bytes) }
        let named = pages.flatMap { $0.split(separator: "\n").compactMap { script(String($0))?.path } }
        return Set(named).filter { files[$0] != nil }.sorted()
    }

    func asset(_ path: String) -> StaticSite.File? { assets[path] ?? earlier[path] }

    /// A page's text with the new names, line by line.
    private mutating func page(_ path: String, _ text: String) -> String {
        let name = Self.stem(path)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let sheets = lines.compactMap { Self.between("<link rel=\"stylesheet\" href=\"", "\">", $0) }
        let style = styles(sheets, name)
        var hasStyle = false
        var page: [String] = []
        for line in lines {
            if let style, Self.between("<link rel=\"stylesheet\" href=\"", "\">", line) != nil {
                if !hasStyle { page.append("<link rel=\"stylesheet\" href=\"\(style)\">") }
                hasStyle = true
            } else if let (start, path) = Self.script(line), let script = scripts[path] {
                page.append(start + add(script, Self.stem(path), "js") + Self.scriptEnd)
            } else {
                page.append(withFonts(line))
            }
        }
        return page.joined(separator: "\n")
    }

    /// All sheets as one; `nil` where one is not there.
    private mutating func styles(_ sheets: [String], _ name: String) -> String? {
        var text = ""
        for path in sheets {
            guard let file = files[path] else { return nil }
            text += String(decoding: StyleText.stripped(Array(file.bytes.readableBytesView)), as: UTF8.self)
        }
        return text.isEmpty ? nil : add(Array(withFonts(text).utf8), name, "css")
    }

    /// The text with the fonts' new names.
    private mutating func withFonts(_ text: String) -> String {
        guard text.contains("/fonts/") else { return text }
        var text = text
        for (path, file) in files where path.hasPrefix("/fonts/") && text.contains(path) {
            let asset = Self.prefix + Self.stem(path) + "." + file.hash + ".woff2"
            assets[asset] = file
            text = text.replacing(path, with: asset)
        }
        return text
    }

    /// Notes an asset, and answers its path.
    private mutating func add(_ bytes: [UInt8], _ name: String, _ suffix: String) -> String {
        let file = StaticSite.File(bytes, contentType: StaticSite.contentType(of: "." + suffix))
        let path = Self.prefix + name + "." + file.hash + "." + suffix
        assets[path] = file
        return path
    }

    /// The file's name without folder and suffix.
    private static func stem(_ path: String) -> String {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        return String(Substring(name.prefix { $0 != UInt8(ascii: ".") }))
    }

    private static let scriptEnd = "\"></script>"

    /// How a script's tag begins, and its path; `nil` for all other lines.
    private static func script(_ line: String) -> (start: String, path: String)? {
        for start in ["<script type=\"module\" src=\"", "<script src=\""] {
            if let path = between(start, scriptEnd, line) { return (start, path) }
        }
        return nil
    }

    private static func between(_ start: String, _ end: String, _ line: String) -> String? {
        guard line.hasPrefix(start), line.hasSuffix(end) else { return nil }
        return String(line.dropFirst(start.utf8.count).dropLast(end.utf8.count))
    }
}
