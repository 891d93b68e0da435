internal import HTTPTypes
internal import Hummingbird

/// The platform's routes, kept beside the router so that a wrong method is 405 with `Allow` and not 404.
struct RouteTable {
    /// Answers one call.
    typealias Handler = @Sendable (Request, ServerRequestContext) async throws -> Response

    private let router: Router<ServerRequestContext>
    private var methods: [(pattern: [Substring], methods: [String])] = []

    init(router: Router<ServerRequestContext>) {
        self.router = router
    }

    /// Adds a route; segments such as `{id}` match anything.
    mutating func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        router.on(RouterPath(path), method: method, use: handler)
        let pattern = path.split(separator: "/")
        var names = [method.rawValue]
        if method == .get {
            router.on(RouterPath(path), method: .head, use: handler)
            names.append("HEAD")
        }
        if let index = methods.firstIndex(where: { $0.pattern == pattern }) {
            methods[index].methods += names
        } else {
            methods.append((pattern, names))
        }
    }

    /// The methods of the route that matches; `nil` where none does.
    func allowedMethods(path: String) -> [String]? {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"))
        return methods.first { pattern, _ in
            pattern.count == segments.count
                && zip(pattern, segments).allSatisfy { $0.utf8.first == UInt8(ascii: "{") || $0.utf8.elementsEqual($1) }
        }?.methods
    }
}
