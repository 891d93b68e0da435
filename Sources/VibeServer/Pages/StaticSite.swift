internal import FoundationEssentials
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The files of `Public/`, held in memory and looked up by exact path, so that no request ever names a file of the disk.
///
/// A file that changes on the disk is read again at its next use; new files appear with the next start.
package final class StaticSite: Sendable {
    /// One file as it is served.
    struct File: Sendable {
        var bytes: ByteBuffer
        /// A strong validator: the first half of the bytes' SHA-256.
        var etag: String
        let contentType: String
        fileprivate let modified: Date?

        var isPage: Bool { contentType.utf8.starts(with: "text/html".utf8) }
    }

    private let directory: String
    /// What pages are told in their head.
    private let marks: String
    private let files: Mutex<[String: File]>

    /// Reads a whole directory, hidden files left out.
    ///
    /// Blocks: call at the start only. Throws the file system's error when a file cannot be read. `isSimulated` is told to pages by
    /// `<meta name="vibe-simulator" content="1">` in their head, who may see the dashboard by `vibe-dashboard` (`open`, or `secret`
    /// where the admin secret is asked for), and that there are admin calls by `vibe-admin`.
    package init(
        directory: String,
        isSimulated: Bool = false,
        access: OperatorAccess = OperatorAccess(secret: nil)
    ) throws {
        self.directory = directory
        let marks = Self.marks(isSimulated: isSimulated, access)
        self.marks = marks
        var files: [String: File] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            guard !path.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.first == UInt8(ascii: ".") })
            else {
                continue
            }
            if let file = try Self.read(directory + "/" + path, marks) { files["/" + path] = file }
        }
        self.files = Mutex(files)
    }

    /// A site without files, for servers that have no pages.
    package init() {
        directory = ""
        marks = ""
        files = Mutex([:])
    }

    func contains(_ path: String) -> Bool { files.withLock { $0[path] != nil } }

    /// The file at an exact path that begins with a slash.
    func file(_ path: String) async throws -> File? {
        guard let held = files.withLock({ $0[path] }) else { return nil }
        let full = directory + path
        let fresh = try await NIOThreadPool.singleton.runIfActive { [marks] in
            Self.modified(full) == held.modified ? held : try Self.read(full, marks)
        }
        if let fresh, fresh.modified != held.modified { files.withLock { $0[path] = fresh } }
        return fresh ?? held
    }

    private static func read(_ path: String, _ marks: String) throws -> File? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
        var bytes = try Data(contentsOf: URL(filePath: path))
        let contentType = contentType(of: path)
        if !marks.isEmpty, contentType.utf8.starts(with: "text/html".utf8) {
            let page = String(decoding: bytes, as: UTF8.self)
            bytes = Data(page.replacing("</head>", with: marks + "</head>", maxReplacements: 1).utf8)
        }
        return File(
            bytes: ByteBuffer(bytes: bytes),
            etag: EntityTag.of([UInt8](bytes)),
            contentType: contentType,
            modified: attributes[.modificationDate] as? Date
        )
    }

    private static func marks(isSimulated: Bool, _ access: OperatorAccess) -> String {
        var marks: [(name: String, content: String)] = []
        if isSimulated { marks.append(("vibe-simulator", "1")) }
        if access.isOpen || access.hasSecret { marks.append(("vibe-dashboard", access.isOpen ? "open" : "secret")) }
        if access.hasSecret { marks.append(("vibe-admin", "1")) }
        return marks.map { "<meta name=\"\($0.name)\" content=\"\($0.content)\">\n" }.joined()
    }

    private static func modified(_ path: String) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }

    private static func contentType(of path: String) -> String {
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
