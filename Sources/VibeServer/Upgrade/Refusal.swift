internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import Realtime

/// A response that ends its connection: status, further header fields and the product's JSON error body.
struct Refusal {
    var status: HTTPResponseStatus
    var headers: HTTPHeaders = [:]
    /// In snake case, for programs.
    var code: String
    /// A sentence for a person.
    var message: String

    init(_ status: HTTPResponseStatus, headers: HTTPHeaders = [:], _ code: String, _ message: String) {
        self.status = status
        self.headers = headers
        self.code = code
        self.message = message
    }

    /// A refusal of the product's own.
    init(_ code: RefusalCode, headers: HTTPHeaders = [:]) {
        let error = APIError(code)
        self.init(HTTPResponseStatus(statusCode: error.status.code), headers: headers, code.rawValue, error.message)
    }

    /// For what the decoder could not read, or would not read on.
    init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow: self.init(.headerFieldsTooLarge)
        default: self.init(.badRequest)
        }
    }

    /// 408 for a head or body that did not arrive in time.
    static let timeout = Refusal(.requestTimeout)

    /// 426 for an upgrade request on a connection that has served HTTP already.
    static let lateUpgrade = Refusal(.upgradeOnUsedConnection, headers: ["Upgrade": "websocket"])

    /// 400 for an upgrade request with a body, or one that does not name the upgrade in `Connection`.
    static let malformedUpgrade = Refusal(.badUpgrade)

    /// 503 for an upgrade request that arrived while the server was ending.
    static let shuttingDown = Refusal(.shuttingDown, headers: ["Retry-After": "1"])

    /// The JSON body: `{"error":{"code","message","request_id"}}`.
    var body: ByteBuffer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.member("code", code)
        writer.member("message", message)
        writer.member("request_id", RequestID().description)
        writer.endObject()
        writer.endObject()
        return writer.buffer
    }

    /// The response head for a body of that many bytes.
    func head(bodyBytes: Int) -> HTTPResponseHead {
        var fields = headers
        fields.replaceOrAdd(name: "Content-Type", value: "application/json; charset=utf-8")
        fields.replaceOrAdd(name: "Content-Length", value: "\(bodyBytes)")
        fields.replaceOrAdd(name: "Connection", value: "close")
        return HTTPResponseHead(version: .http1_1, status: status, headers: fields)
    }
}
