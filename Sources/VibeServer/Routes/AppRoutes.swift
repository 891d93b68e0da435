internal import HTTPTypes
internal import Hummingbird
internal import Orchestration

/// What can be asked of one app and done to it.
struct AppRoutes: Sendable {
    let api: API

    func add(to routes: inout RouteBuilder) {
        addReads(to: &routes)
        addChanges(to: &routes)
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
        routes.on(.post, "/api/app/{id}/repair") { request, context in
            let arguments = try await JSONBody.decode(CallerArguments.self, from: request, optional: true)
            let person = try caller(request, arguments.userID, arguments.name)
            return try JSONAnswer.response(await api.repair(appID(context), by: person), status: .accepted)
        }
    }

    private func addChanges(to routes: inout RouteBuilder) {
        routes.on(.patch, "/api/app/{id}") { request, context in
            let arguments = try await JSONBody.decode(RenameArguments.self, from: request)
            return try JSONAnswer.response(await api.rename(appID(context), title: arguments.title))
        }
        routes.on(.post, "/api/app/{id}/fork") { request, context in
            let arguments = try await JSONBody.decode(ForkArguments.self, from: request, optional: true)
            let person = try caller(request, arguments.userID, arguments.name)
            let answer = try await api.fork(appID(context), version: arguments.version, by: person)
            return try JSONAnswer.response(answer, status: .accepted)
        }
        routes.on(.delete, "/api/app/{id}/queue/{message_id}") { request, context in
            let arguments = try await JSONBody.decode(WithdrawArguments.self, from: request, optional: true)
            let answer = try await api.withdraw(
                appID(context),
                messageID: context.parameters.require("message_id"),
                by: caller(request, arguments.userID, nil),
                isAdmin: api.access.isAdmin(secret: request.bearerToken ?? arguments.adminSecret)
            )
            return try JSONAnswer.response(answer)
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
            let arguments = CodeArguments(version: try query.integer("version", in: CodeArguments.numbers))
            return try JSONAnswer.response(await api.code(appID(context), arguments))
        }
        routes.on(.get, "/api/app/{id}/still") { request, context in
            let version = try QueryItems(request.uri.query).integer("version", in: CodeArguments.numbers)
            let still = try await api.still(appID(context), version: version)
            return StillAnswer(still: still, isAskedByVersion: version != nil).response(to: request)
        }
        routes.on(.get, "/api/app/{id}/export") { request, context in
            let query = try QueryItems(request.uri.query)
            let version = try query.integer("version", in: CodeArguments.numbers)
            return try await export(appID(context), version: version)
        }
        routes.on(.get, "/api/app/{id}/versions") { _, context in
            try JSONAnswer.response(await api.versions(appID(context)))
        }
    }

    private func export(_ appID: String, version: Int?) async throws -> Response {
        let (project, archive) = try await api.export(appID, version: version)
        let name = ExportName.disposition(project.title, version: project.version, fallback: appID)
        let fields: HTTPFields = [
            .contentType: "application/zip", .contentDisposition: name, .cacheControl: "no-store",
        ]
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: archive))
    }

    private func appID(_ context: ServerRequestContext) throws -> String {
        try context.parameters.require("id")
    }

    private func caller(_ request: Request, _ user: String?, _ name: String?) throws -> Person {
        try Person(claimedUser: user ?? QueryItems(request.uri.query)["user_id"], name: name)
    }
}
