internal import HTTPTypes
internal import Hummingbird

/// What only the holder of the admin secret may do.
struct AdminRoutes: Sendable {
    let api: API

    func add(to routes: inout RouteBuilder) {
        routes.on(.post, "/api/app/{id}/terminate") { request, context in
            try await authorize(request)
            return try JSONAnswer.response(await api.terminate(context.parameters.require("id")))
        }
        routes.on(.post, "/api/app/{id}/toggle-feature") { request, context in
            try await authorize(request)
            return try JSONAnswer.response(await api.toggleFeature(context.parameters.require("id")))
        }
        routes.on(.post, "/api/admin/terminate-all") { request, _ in
            try await authorize(request)
            return try JSONAnswer.response(await api.terminateAll())
        }
    }

    /// Takes the secret from `Authorization: Bearer` or from the body.
    private func authorize(_ request: Request) async throws {
        let arguments = try await JSONBody.decode(AdminArguments.self, from: request, optional: true)
        try api.requireAdmin(secret: request.bearerToken ?? arguments.adminSecret)
    }
}
