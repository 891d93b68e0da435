internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Orchestration

/// Serves pages and their files on the platform's hosts, with the security headers that pages need.
struct PageResponder: Sendable {
    private let api: API
    private let policy: AccessPolicy
    private let site: StaticSite

    init(api: API, policy: AccessPolicy, site: StaticSite) {
        self.api = api
        self.policy = policy
        self.site = site
    }

    /// Whether a page or file answers at this path.
    func exists(_ path: String) async -> Bool {
        if resolve(path) != nil { return true }
        return await site.asset(path) != nil
    }

    /// - Throws: 404 and 503 as JSON where the caller does not take HTML.
    func respond(to request: Request, context: ServerRequestContext) async throws -> Response {
        do {
            return try await answer(request, context)
        } catch OrchestrationError.shuttingDown where request.takesHTML {
            guard let response = try await unavailable(request, context) else { throw OrchestrationError.shuttingDown }
            return response
        }
    }

    /// The page that says that the server is restarting, and opens what was asked for when it is back.
    private func unavailable(_ request: Request, _ context: ServerRequestContext) async throws -> Response? {
        var fields = HTTPFields()
        PageHeaders(policy: policy).add(to: &fields, authority: context.authority)
        let page = NoticePage(
            absence: .restarting,
            appID: Self.app(request.uri.path)?.id ?? "",
            title: "",
            place: .platform
        )
        return await page.response(from: site, fields: fields)
    }

    private func answer(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let path = request.uri.path
        if let asset = await site.asset(path) {
            return answer(with: asset, request, [.cacheControl: "public, max-age=31536000, immutable"])
        }
        if let (name, appID) = Self.app(path), site.contains(name) {
            if let redirect = redirect(request, context) { return redirect }
            switch try await known(appID) {
            case .none: return try await missing(request, context)
            case .some(let app): return try await page(name, request, context, app: app)
            }
        }
        guard let resolved = resolve(path) else { return try await missing(request, context) }
        return try await page(resolved, request, context)
    }

    private func page(
        _ path: String,
        _ request: Request,
        _ context: ServerRequestContext,
        status: HTTPResponse.Status = .ok,
        app: AppView? = nil
    ) async throws -> Response {
        let isPage = path.hasSuffix(".html")
        guard var file = isPage ? await site.page(path) : await site.file(path) else { throw APIError.notFound }
        if file.isPage, let redirect = redirect(request, context) { return redirect }
        if let app {
            let card = LinkCard(app: app, origin: policy.publicOrigin.text)
            let html = card.filled(String(buffer: file.bytes))
            file = StaticSite.File(Array(html.utf8), contentType: file.contentType)
        }
        var fields: HTTPFields = [.cacheControl: Self.cacheControl(path)]
        if file.isPage {
            let isEmbedded = Self.app(request.uri.path)?.page == Self.embedPage
            PageHeaders(policy: policy).add(to: &fields, authority: context.authority, isEmbedded: isEmbedded)
        }
        return answer(with: file, request, fields, status: status)
    }

    /// The file in the coding that the client takes, or 304.
    private func answer(
        with file: StaticSite.File,
        _ request: Request,
        _ fields: HTTPFields,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        var fields = fields
        fields[.contentType] = file.contentType
        fields[.xContentTypeOptions] = "nosniff"
        var bytes = file.bytes
        fields[.eTag] = file.etag
        if let gzip = file.gzip {
            fields[.vary] = "Accept-Encoding"
            if ContentCoding.preferred(request.headers[values: .acceptEncoding]) == .gzip {
                bytes = gzip
                fields[.contentEncoding] = ContentCoding.gzip.rawValue
                fields[.eTag] = file.gzipTag
            }
        }
        let wanted = request.headers[values: .ifNoneMatch].joined(separator: ",")
        if status == .ok, EntityTag.isFresh(wanted, file.etag) || EntityTag.isFresh(wanted, file.gzipTag) {
            fields[.contentEncoding] = nil
            var response = Response(status: .notModified, headers: fields)
            // It would be the length of what is not sent (RFC 9110 §8.6).
            response.headers[.contentLength] = nil
            return response
        }
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: bytes))
    }

    private func missing(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let path = request.uri.path
        guard !path.utf8.starts(with: "/api/".utf8), !path.utf8.starts(with: "/connection/".utf8),
            request.takesHTML, site.contains("/404.html")
        else { throw APIError.notFound }
        return try await page("/404.html", request, context, status: .notFound)
    }

    /// The file that a path stands for: itself, with `.html`, or the start page.
    private func resolve(_ path: String) -> String? {
        if path == "/" { return site.contains("/index.html") ? "/index.html" : nil }
        for file in [path, path + ".html"] where site.contains(file) {
            return Self.hasNoAddress(file) ? nil : file
        }
        return nil
    }

    /// Whether a page is only shown for an app, or instead of another page.
    private static func hasNoAddress(_ file: String) -> Bool {
        ["/app.html", embedPage, "/404.html", "/503.html"].contains { $0.utf8.elementsEqual(file.utf8) }
    }

    /// The app of this id; `nil` inside for one that has been ended, `nil` outside where there is none.
    private func known(_ appID: String) async throws -> AppView?? {
        do {
            let app = try await api.app(appID)
            return .some(app.status == .terminated ? nil : app)
        } catch OrchestrationError.unknownApp {
            return .none
        }
    }

    /// Sends people from `localhost` to `vibe.localhost`, so that page and previews are one site for the browser.
    private func redirect(_ request: Request, _ context: ServerRequestContext) -> Response? {
        let authority = context.authority
        guard policy.preview.isLocalDefault, authority.host == "localhost" || authority.host == "127.0.0.1" else {
            return nil
        }
        let local = Authority(host: PreviewAddress.localDomain, port: authority.port)
        let target = request.head.path ?? "/"
        return Response(
            status: .temporaryRedirect,
            headers: [.location: "\(policy.preview.scheme)://\(local.text)\(target)", .cacheControl: "no-store"]
        )
    }

    private static let embedPage = "/embed.html"

    /// Page and id of `/app/{id}` and `/embed/{id}`.
    private static func app(_ path: String) -> (page: String, id: String)? {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, !parts[2].isEmpty else { return nil }
        let id = String(Substring(parts[2]))
        if parts[1].elementsEqual("app".utf8) { return ("/app.html", id) }
        return parts[1].elementsEqual("embed".utf8) ? (embedPage, id) : nil
    }

    /// Fonts and vendored modules seldom change; all else is asked for again and answered 304.
    private static func cacheControl(_ path: String) -> String {
        path.utf8.starts(with: "/fonts/".utf8) ? "public, max-age=86400" : "no-cache"
    }
}
