internal import HTTPTypes
internal import Hummingbird
internal import Orchestration

/// What can be asked of one app and done to it.
struct AppRoutes: Sendable {
    let api: API

    func add(to routes: inout RouteBuilder) {
        addReads(to: &routes)
        routes.on(.post, "/api/app/{id}/write") { request, context in
            let arguments = try await JSONBody.decode(WriteArguments.self, from: request)
            let person = try caller(request, arguments.userID, arguments.name)
            let answer = try await api.write(appID(context), text: arguments.text, by: person)
            return try JSONAnswer.response(answer, status: .accepted)
        }
        routes.on(.post, "/api/app/{id}/revert") { request, context in
            let arguments = try await JSONBody.decode(RevertArguments.self, from: request)
            let person = try caller(request, arguments.userID, arguments.name)
            return try JSONAnswer.response(await api.revert(appID(context), version: arguments.version, by: person))
        }
        routes.on(.post, "/api/app/{id}/stop") { request, context in
            let arguments = try await JSONBody.decode(CallerArguments.self, from: request, optional: true)
            let person = try caller(request, arguments.userID, arguments.name)
            return try JSONAnswer.response(await api.stop(appID(context), by: person))
        }
        routes.on(.post, "/api/app/{id}/retry") { request, context in
            let arguments = try await JSONBody.decode(CallerArguments.self, from: request, optional: true)
            let person = try caller(request, arguments.userID, arguments.name)
            return try JSONAnswer.response(await api.retry(appID(context), by: person), status: .accepted)
        }
    }

    private func addReads(to routes: inout RouteBuilder) {
        routes.on(.get, "/api/app/{id}") { _, context in
            try JSONAnswer.response(await api.detail(appID(context)))
        }
        routes.on(.get, "/api/app/{id}/history") { request, context in
            let query = try QueryItems(request.uri.query)
            let limit = try query.integer("limit", in: HistoryArguments.limits)
            let arguments = HistoryArguments(before: query["before"], limit: limit)
            return try JSONAnswer.response(await api.history(appID(context), arguments))
        }
        routes.on(.get, "/api/app/{id}/status") { _, context in
            try JSONAnswer.response(await api.status(appID(context)))
        }
        routes.on(.get, "/api/app/{id}/ping") { _, context in
            try JSONAnswer.response(await api.ping(appID(context)))
        }
        routes.on(.get, "/api/app/{id}/code") { request, context in
            let query = try QueryItems(request.uri.query)
            let arguments = CodeArguments(version: try query.integer("version", in: 1...Int(Int32.max)))
            return try JSONAnswer.response(await api.code(appID(context), arguments))
        }
        routes.on(.get, "/api/app/{id}/still") { request, context in
            let version = try QueryItems(request.uri.query).integer("version", in: 1...Int(Int32.max))
            let still = try await api.still(appID(context), version: version)
            return StillAnswer(still: still, isAskedByVersion: version != nil).response(to: request)
        }
        routes.on(.get, "/api/app/{id}/versions") { _, context in
            try JSONAnswer.response(await api.versions(appID(context)))
        }
    }

    private func appID(_ context: ServerRequestContext) throws -> String {
        try context.parameters.require("id")
    }

    private func caller(_ request: Request, _ user: String?, _ name: String?) throws -> Person {
        try Person(claimedUser: user ?? QueryItems(request.uri.query)["user_id"], name: name)
    }
}
