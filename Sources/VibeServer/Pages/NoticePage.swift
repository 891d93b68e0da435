internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `503.html` with its words filled in.
///
/// On the platform's hosts it is a page like the others, whose script opens it again when the server is back. A preview's host has
/// none of our files, and its content is not to be trusted with our sockets: there the page stands alone, with its sheets inside,
/// no script, and `<meta http-equiv="refresh">` to ask again.
struct NoticePage: Sendable {
    /// Where the page is shown.
    enum Place: Sendable {
        /// On the platform's host.
        case platform
        /// On a preview's host, in a tab of its own or in a frame.
        case preview(platform: String, isFramed: Bool)
    }

    /// A frame's fallback, in seconds: the page around it shows a preview anew as soon as the server has told it that it runs.
    private static let framedRetry = 10

    private static let path = "/503.html"

    let absence: Absence
    let appID: String
    let title: String
    let place: Place

    /// The page's text.
    ///
    /// - Parameters:
    ///   - site: holds the page and its sheets.
    ///   - nonce: marks the sheets inside a page that stands alone.
    /// - Returns: `nil` when the site has no such page.
    func html(from site: StaticSite, nonce: String) async -> String? {
        let source =
            if case .platform = place { await site.page(Self.path) } else { await site.file(Self.path) }
        guard let file = source else { return nil }
        var html = ""
        for line in String(buffer: file.bytes).split(separator: "\n") {
            if let words = filled(line) {
                html += words
                continue
            }
            switch place {
            case .platform: html += line + "\n"
            case .preview(let platform, let isFramed):
                if let sheet = Self.sheet(line) {
                    guard let text = await Self.rules(sheet, from: site) else { continue }
                    html += "<style nonce=\"\(nonce)\">\n\(text)</style>\n"
                } else if !Self.isLeftOut(line) {
                    // In a frame the platform is not to be shown inside itself.
                    let target = isFramed ? " target=\"_blank\"" : ""
                    html +=
                        line.replacing("href=\"/\"", with: "href=\"\(HTMLText.escaped(platform))/\"\(target)") + "\n"
                }
            }
        }
        return html
    }

    /// The answer with the page.
    ///
    /// - Parameters:
    ///   - site: holds the page and its sheets.
    ///   - fields: headers to begin with.
    ///   - nonce: marks the sheets inside a page that stands alone.
    /// - Returns: `nil` when the site has no such page.
    func response(from site: StaticSite, fields: HTTPFields, nonce: String = "") async -> Response? {
        guard let html = await html(from: site, nonce: nonce) else { return nil }
        var fields = fields
        fields[.contentType] = "text/html; charset=utf-8"
        fields[.cacheControl] = "no-store"
        fields[.xContentTypeOptions] = "nosniff"
        fields[.referrerPolicy] = "no-referrer"
        fields[.retryAfter] = absence.retryAfter.map(String.init)
        return Response(
            status: absence.status,
            headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(string: html))
        )
    }

    /// What takes the place of a line that holds words; `nil` for all others.
    private func filled(_ line: Substring) -> String? {
        if line.hasPrefix("<title>") { return "<title>\(HTMLText.escaped(absence.heading)) · vibe</title>\n" }
        if line.hasPrefix("<meta name=\"vibe-reason\"") { return metas }
        if line.hasPrefix("<h1 id=\"reason\"") {
            return "<h1 id=\"reason\">\(HTMLText.escaped(absence.heading))</h1>\n"
        }
        if line.hasPrefix("<p id=\"explanation\"") {
            return "<p id=\"explanation\" role=\"status\">\(HTMLText.escaped(absence.sentence))</p>\n"
        }
        if absence.retryAfter == nil, line.hasPrefix("<a class=\"button is-large\" id=\"again\"") { return "" }
        return nil
    }

    private var metas: String {
        var metas = [("vibe-reason", absence.reason), ("vibe-app", appID), ("vibe-title", title)].map { name, content in
            "<meta name=\"\(name)\" content=\"\(HTMLText.escaped(content))\">\n"
        }.joined()
        if case .preview(_, let isFramed) = place, let seconds = absence.retryAfter {
            let seconds = isFramed ? max(seconds, Self.framedRetry) : seconds
            metas += "<meta http-equiv=\"refresh\" content=\"\(seconds)\">\n"
        }
        return metas
    }

    /// The path in a line that names a style sheet.
    private static func sheet(_ line: Substring) -> String? {
        let start = "<link rel=\"stylesheet\" href=\""
        guard line.hasPrefix(start), line.hasSuffix("\">") else { return nil }
        return String(line.dropFirst(start.count).dropLast(2))
    }

    /// Scripts, and files that a preview's host does not have.
    private static func isLeftOut(_ line: Substring) -> Bool {
        line.hasPrefix("<script ") || line.hasPrefix("<link ")
    }

    /// A sheet without its fonts, which are files of the platform.
    private static func rules(_ path: String, from site: StaticSite) async -> String? {
        guard let file = await site.file(path) else { return nil }
        var isFont = false
        var rules = ""
        for line in String(buffer: file.bytes).split(separator: "\n") {
            if line.hasPrefix("@font-face") { isFont = true }
            if !isFont { rules += line + "\n" }
            if isFont, line.hasPrefix("}") { isFont = false }
        }
        return rules
    }
}
