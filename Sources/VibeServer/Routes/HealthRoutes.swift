internal import HTTPTypes
internal import Hummingbird

/// Liveness and readiness.
struct HealthRoutes: Sendable {
    let api: API

    func add(to routes: inout RouteBuilder) {
        routes.on(.get, "/healthz") { _, _ in try JSONAnswer.response(DoneAnswer()) }
        routes.on(.get, "/readyz") { _, _ in
            guard api.isReady else {
                throw APIError(.notReady, headers: [.retryAfter: "1"])
            }
            return try JSONAnswer.response(DoneAnswer())
        }
    }
}
