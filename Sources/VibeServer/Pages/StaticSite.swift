internal import FoundationEssentials
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
package import NIOCore
internal import NIOPosix
internal import Synchronization

/// The files of `Public/`, held in memory and looked up by exact path, so that no request ever names a file of the disk.
///
/// A file that changes on the disk is read again when a page is asked for and `interval` is over since the files were last looked
/// at; new files appear with the next start.
package final class StaticSite: Sendable {
    /// Makes one script each of modules at these paths of the disk and all that they import; what cannot be made is left out.
    package typealias Bundle = @Sendable ([String]) async -> [String: [UInt8]]

    /// How often the files are looked at, at most.
    static let interval = TimeAmount.seconds(1)

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

    /// What was read at one time, and what became of it.
    private struct Content {
        let files: [String: File]
        let delivery: SiteDelivery
    }

    private struct State {
        /// The newest; made behind our back, each from the one before.
        var content: Task<Content, Never>
        var lookedAt: NIODeadline
    }

    /// Where each file lies on the disk.
    private let sources: [String: String]
    /// What pages are told in their head.
    private let marks: String
    private let bundle: Bundle
    private let now: @Sendable () -> NIODeadline
    private let state: Mutex<State>

    /// Reads a whole directory, hidden files left out.
    ///
    /// Blocks: call at the start only; the pages' scripts are made meanwhile, and the first page waits for them.
    ///
    /// - Parameters:
    ///   - directory: An absolute path.
    ///   - isSimulated: Told to pages by `<meta name="vibe-simulator" content="1">` in their head.
    ///   - access: Who may see the dashboard is told by `vibe-dashboard` (`open`, or `secret` where the admin secret is asked
    ///     for), and that there are admin calls by `vibe-admin`.
    ///   - others: Files from elsewhere, by the path that they get.
    ///   - bundle: Without it, pages load their modules one by one.
    ///   - now: A clock that never goes backwards.
    /// - Throws: The file system's error when a file cannot be read.
    package init(
        directory: String,
        isSimulated: Bool = false,
        access: OperatorAccess = OperatorAccess(secret: nil),
        others: [String: String] = [:],
        bundle: @escaping Bundle = { _ in [:] },
        now: @escaping @Sendable () -> NIODeadline = { .now() }
    ) throws {
        let marks = Self.marks(isSimulated: isSimulated, access)
        var found = others
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            guard !path.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.first == UInt8(ascii: ".") })
            else {
                continue
            }
            found["/" + path] = directory + "/" + path
        }
        var files: [String: File] = [:]
        var sources: [String: String] = [:]
        for (path, source) in found {
            guard let file = try Self.read(source, marks) else { continue }
            (files[path], sources[path]) = (file, source)
        }
        self.marks = marks
        self.sources = sources
        self.bundle = bundle
        self.now = now
        let content = Task { [files, sources] in await Self.content(files, sources, bundle) }
        state = Mutex(State(content: content, lookedAt: now()))
    }

    /// A site without files, for servers that have no pages.
    package init() {
        sources = [:]
        marks = ""
        bundle = { _ in [:] }
        now = { .distantPast }
        let content = Task { Content(files: [:], delivery: SiteDelivery(files: [:], scripts: [:])) }
        state = Mutex(State(content: content, lookedAt: .distantPast))
    }

    func contains(_ path: String) -> Bool { sources[path] != nil }

    /// The file at an exact path that begins with a slash, as it lies on the disk.
    func file(_ path: String) async -> File? {
        contains(path) ? await newest().files[path] : nil
    }

    /// The page at an exact path with the newest names of what it needs.
    func page(_ path: String) async -> File? {
        contains(path) ? await newest().delivery.pages[path] : nil
    }

    /// What a page needs, by a path that holds its content's hash.
    func asset(_ path: String) async -> File? {
        guard path.hasPrefix(SiteDelivery.prefix) else { return nil }
        return await state.withLock { $0.content }.value.delivery.asset(path)
    }

    private func newest() async -> Content {
        let content = state.withLock { state in
            let now = now()
            if now - state.lookedAt >= Self.interval {
                state.lookedAt = now
                state.content = Task { [self, before = state.content] in await look(after: before.value) }
            }
            return state.content
        }
        return await content.value
    }

    /// Reads again what has changed on the disk; a file that cannot be read stays as it was.
    private func look(after held: Content) async -> Content {
        let (sources, marks) = (sources, marks)
        let changed = try? await NIOThreadPool.singleton.runIfActive {
            var changed: [String: File] = [:]
            for (path, file) in held.files {
                guard let source = sources[path], Self.modified(source) != file.modified else { continue }
                changed[path] = try? Self.read(source, marks)
            }
            return changed
        }
        guard let changed, !changed.isEmpty else { return held }
        let files = held.files.merging(changed) { _, new in new }
        return await Self.content(files, sources, bundle, before: held.delivery)
    }

    private static func content(
        _ files: [String: File],
        _ sources: [String: String],
        _ bundle: Bundle,
        before: SiteDelivery? = nil
    ) async -> Content {
        let entries = SiteDelivery.entries(files)
        let bundled = await bundle(entries.compactMap { sources[$0] })
        var scripts: [String: [UInt8]] = [:]
        for entry in entries { scripts[entry] = sources[entry].flatMap { bundled[$0] } }
        let delivery = SiteDelivery(files: files, scripts: scripts, before: before)
        return Content(files: files, delivery: delivery)
    }

    private static func read(_ path: String, _ marks: String) throws -> File? {
        // Read before the content: a change in between is seen the next time.
        guard let modified = modified(path) else { return nil }
        var bytes = try Data(contentsOf: URL(filePath: path))
        let contentType = contentType(of: path)
        if contentType.utf8.starts(with: "text/html".utf8) {
            let page = String(decoding: bytes, as: UTF8.self)
            bytes = Data(page.replacing("</head>", with: links + marks + "</head>", maxReplacements: 1).utf8)
        }
        return File([UInt8](bytes), contentType: contentType, modified: modified)
    }

    /// What the heads of all pages have in common besides their sheets.
    private static let links = """
        <link rel="icon" href="/favicon.svg" type="image/svg+xml">
        <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png">
        <link rel="manifest" href="/manifest.webmanifest">

        """

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
