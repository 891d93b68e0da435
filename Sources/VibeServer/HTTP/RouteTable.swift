internal import HTTPTypes
internal import Hummingbird

/// Adds routes to a router, and notes them so that a wrong method is 405 with `Allow` and not 404.
struct RouteBuilder {
    /// Answers one call.
    typealias Handler = @Sendable (Request, ServerRequestContext) async throws -> Response

    let router = Router(context: ServerRequestContext.self)
    private(set) var table = RouteTable()

    /// Adds a route; segments such as `{id}` match anything, and `GET` answers `HEAD` too.
    mutating func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        router.on(RouterPath(path), method: method, use: handler)
        table.add(method.rawValue, path)
        guard method == .get else { return }
        router.on(RouterPath(path), method: .head, use: handler)
        table.add("HEAD", path)
    }
}

/// Which methods each route takes.
package struct RouteTable: Sendable {
    private var entries: [(pattern: [String], methods: [String])] = []

    mutating func add(_ method: String, _ path: String) {
        let pattern = path.split(separator: "/").map(String.init)
        if let index = entries.firstIndex(where: { $0.pattern == pattern }) {
            entries[index].methods.append(method)
        } else {
            entries.append((pattern, [method]))
        }
    }

    /// All routes as `METHOD /path`, without `HEAD`.
    package var names: [String] {
        entries.flatMap { pattern, methods in
            methods.filter { $0 != "HEAD" }.map { "\($0) /\(pattern.joined(separator: "/"))" }
        }
    }

    /// The methods of the route that matches; `nil` where none does.
    func allowedMethods(path: String) -> [String]? {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"))
        return entries.first { pattern, _ in
            pattern.count == segments.count
                && zip(pattern, segments).allSatisfy { $0.utf8.first == UInt8(ascii: "{") || $0.utf8.elementsEqual($1) }
        }?.methods
    }
}
