internal import HTTPTypes
package import Hummingbird
internal import NIOCore
package import Realtime

/// Answers on the platform's own hosts: the API, health, pages and their files.
package struct PlatformResponder: HTTPResponder {
    package typealias Context = ServerRequestContext

    private let policy: AccessPolicy
    private let pages: PageResponder
    /// The calls that it takes.
    package let routes: RouteTable
    private let router: any HTTPResponder<ServerRequestContext>

    package init(
        api: API,
        policy: AccessPolicy,
        site: StaticSite,
        hub: Hub,
        streams: StreamRoutes? = nil
    ) {
        self.policy = policy
        var routes = RouteBuilder()
        AppsRoutes(api: api).add(to: &routes)
        AppRoutes(api: api).add(to: &routes)
        AdminRoutes(api: api, hubMetrics: { hub.metrics }).add(to: &routes)
        HealthRoutes(api: api).add(to: &routes)
        streams?.add(to: &routes)
        self.routes = routes.table
        self.router = routes.router.buildResponder()
        self.pages = PageResponder(api: api, policy: policy, site: site)
    }

    package func respond(to request: Request, context: ServerRequestContext) async throws -> Response {
        let method = request.method
        let path = request.uri.path
        // A stream is read like a WebSocket: from pages that may, or by programs.
        let isStream = path.utf8.starts(with: "/connection/".utf8)
        if isStream || (method != .get && method != .head && method != .options) {
            try checkCaller(request, context)
        }
        if let allowed = routes.allowedMethods(path: path) {
            guard allowed.contains(method.rawValue) else { throw APIError.methodNotAllowed(allowed) }
            return try await router.respond(to: request, context: context)
        }
        guard method == .get || method == .head else {
            guard !path.utf8.starts(with: "/api/".utf8), await pages.exists(path) else { throw APIError.notFound }
            throw APIError.methodNotAllowed(["GET", "HEAD"])
        }
        return try await pages.respond(to: request, context: context)
    }

    private func checkCaller(_ request: Request, _ context: ServerRequestContext) throws {
        do {
            try policy.check(
                authority: context.authority,
                origins: request.headers[values: .origin],
                fetchSites: request.headers[values: .secFetchSite]
            )
        } catch {
            throw APIError(.originNotAllowed)
        }
    }
}
