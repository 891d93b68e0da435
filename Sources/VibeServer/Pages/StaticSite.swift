internal import FoundationEssentials
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The files of `Public/`, held in memory and looked up by exact path, so that no request ever names a file of the disk.
///
/// A file that changes on the disk is read again when the next page is asked for; new files appear with the next start.
package final class StaticSite: Sendable {
    /// One file as it is served.
    struct File: Sendable {
        let bytes: ByteBuffer
        /// The same compressed; `nil` where that saves nothing.
        let gzip: ByteBuffer?
        /// A strong validator: the first half of the bytes' SHA-256.
        let etag: String
        /// The validator of the compressed bytes.
        var gzipTag: String { etag.dropLast() + "-gzip\"" }
        let contentType: String
        fileprivate let modified: Int64

        var isPage: Bool { contentType.utf8.starts(with: "text/html".utf8) }

        /// Names the content: hexadecimal digits.
        var hash: Substring { etag.dropFirst().prefix(16) }

        /// - Parameters:
        ///   - bytes: The content.
        ///   - contentType: Says too whether it is worth compressing.
        ///   - modified: When it last changed on the disk, in nanoseconds.
        init(_ bytes: [UInt8], contentType: String, modified: Int64 = 0) {
            self.bytes = ByteBuffer(bytes: bytes)
            self.contentType = contentType
            self.modified = modified
            let isText = contentType.utf8.contains(UInt8(ascii: ";"))
            gzip = isText ? Gzip.compress(bytes).map { ByteBuffer(bytes: $0) } : nil
            etag = EntityTag.of(bytes)
        }
    }

    /// What was last read.
    private struct Content {
        var files: [String: File]
        var delivery: SiteDelivery
    }

    /// Where each file lies on the disk.
    private let sources: [String: String]
    /// What pages are told in their head.
    private let marks: String
    private let content: Mutex<Content>

    /// Reads a whole directory, hidden files left out.
    ///
    /// Blocks: call at the start only. Throws the file system's error when a file cannot be read. `isSimulated` is told to pages by
    /// `<meta name="vibe-simulator" content="1">` in their head, who may see the dashboard by `vibe-dashboard` (`open`, or `secret`
    /// where the admin secret is asked for), and that there are admin calls by `vibe-admin`. `others` are files from elsewhere, by
    /// the path that they get.
    package init(
        directory: String,
        isSimulated: Bool = false,
        access: OperatorAccess = OperatorAccess(secret: nil),
        others: [String: String] = [:]
    ) throws {
        let marks = Self.marks(isSimulated: isSimulated, access)
        self.marks = marks
        var sources = others
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            guard !path.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.first == UInt8(ascii: ".") })
            else {
                continue
            }
            sources["/" + path] = directory + "/" + path
        }
        var files: [String: File] = [:]
        for (path, source) in sources { files[path] = try Self.read(source, marks) }
        self.sources = sources
        content = Mutex(Content(files: files, delivery: SiteDelivery(files: files)))
    }

    /// A site without files, for servers that have no pages.
    package init() {
        sources = [:]
        marks = ""
        content = Mutex(Content(files: [:], delivery: SiteDelivery(files: [:])))
    }

    func contains(_ path: String) -> Bool { content.withLock { $0.files[path] != nil } }

    /// The file at an exact path that begins with a slash, as it lies on the disk.
    func file(_ path: String) async throws -> File? {
        contains(path) ? try await newest().files[path] : nil
    }

    /// The page at an exact path with the newest names of what it needs.
    func page(_ path: String) async throws -> File? {
        contains(path) ? try await newest().delivery.pages[path] : nil
    }

    /// What a page needs, by a path that holds its content's hash.
    func asset(_ path: String) -> File? { content.withLock { $0.delivery.asset(path) } }

    /// Reads again what has changed on the disk.
    private func newest() async throws -> Content {
        let held = content.withLock { $0 }
        let (sources, marks) = (sources, marks)
        let changed: Content? = try await NIOThreadPool.singleton.runIfActive {
            var files = held.files
            for (path, file) in held.files {
                guard let source = sources[path], Self.modified(source) != file.modified else { continue }
                if let file = try Self.read(source, marks) { files[path] = file }
            }
            guard files.contains(where: { $0.value.modified != held.files[$0.key]?.modified }) else { return nil }
            return Content(files: files, delivery: SiteDelivery(files: files, before: held.delivery))
        }
        guard let changed else { return held }
        content.withLock { $0 = changed }
        return changed
    }

    private static func read(_ path: String, _ marks: String) throws -> File? {
        // Read before the content: a change in between is seen the next time.
        guard let modified = modified(path) else { return nil }
        var bytes = try Data(contentsOf: URL(filePath: path))
        let contentType = contentType(of: path)
        if !marks.isEmpty, contentType.utf8.starts(with: "text/html".utf8) {
            let page = String(decoding: bytes, as: UTF8.self)
            bytes = Data(page.replacing("</head>", with: marks + "</head>", maxReplacements: 1).utf8)
        }
        return File([UInt8](bytes), contentType: contentType, modified: modified)
    }

    private static func marks(isSimulated: Bool, _ access: OperatorAccess) -> String {
        var marks: [(name: String, content: String)] = []
        if isSimulated { marks.append(("vibe-simulator", "1")) }
        if access.isOpen || access.hasSecret { marks.append(("vibe-dashboard", access.isOpen ? "open" : "secret")) }
        if access.hasSecret { marks.append(("vibe-admin", "1")) }
        return marks.map { "<meta name=\"\($0.name)\" content=\"\($0.content)\">\n" }.joined()
    }

    /// When a regular file last changed, in nanoseconds; `nil` for all else.
    private static func modified(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    static func contentType(of path: String) -> String {
        let suffix = path.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(path[path.index(after: $0)...]) } ?? ""
        return contentTypes[suffix] ?? "application/octet-stream"
    }

    private static let contentTypes = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "json": "application/json; charset=utf-8",
        "svg": "image/svg+xml; charset=utf-8", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp",
        "ico": "image/x-icon", "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json; charset=utf-8", "map": "application/json; charset=utf-8",
    ]
}
