import Foundation
import FoundationNetworking
import HTTPTypes
import Logging
import NIOCore
import ServiceLifecycle

@testable import ClaudeSimulator

/// A simulator that listens on a free port while a test calls it.
struct LiveSimulator: Sendable {
    /// A whole answer.
    struct Response: Sendable {
        var status: HTTPResponse.Status
        var headers: HTTPFields
        var body: ByteBuffer
    }

    private let port: Int

    /// Starts a simulator for the time of `body`.
    ///
    /// - Throws: what `body` throws, or what kept the simulator from starting.
    static func run(
        _ configuration: SimulatorConfiguration,
        _ body: @escaping @Sendable (LiveSimulator) async throws -> Void
    ) async throws {
        let simulator = ClaudeSimulator(configuration: configuration, logger: Logger(label: "test"))
        let group = ServiceGroup(configuration: .init(services: [simulator], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try await simulator.port
            do {
                try await body(LiveSimulator(port: port))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Sends a request and hands its whole answer to `check`.
    ///
    /// - Throws: what `check` throws, or a `URLError` when the answer does not come whole.
    func execute<Result>(
        uri: String,
        method: HTTPRequest.Method,
        headers: HTTPFields,
        body: ByteBuffer,
        _ check: (Response) throws -> Result
    ) async throws -> Result {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(uri)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method.rawValue
        for field in headers { request.setValue(field.value, forHTTPHeaderField: field.name.rawName) }
        if method != .get { request.httpBody = Data(body.readableBytesView) }
        let (data, answer) = try await URLSession.shared.data(for: request)
        guard let answer = answer as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var fields = HTTPFields()
        for case (let name as String, let value as String) in answer.allHeaderFields {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return try check(
            Response(status: .init(code: answer.statusCode), headers: fields, body: ByteBuffer(bytes: data))
        )
    }
}
