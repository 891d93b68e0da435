internal import HTTPTypes
internal import NIOHTTP1

extension UpgradeDecision {
    /// A refusal with an error's status, fields, code and sentence.
    static func refusing(_ error: APIError) -> UpgradeDecision {
        var headers = HTTPHeaders()
        for field in error.headers where field.name != .connection {
            headers.add(name: field.name.rawName, value: field.value)
        }
        return .refuse(
            status: HTTPResponseStatus(statusCode: error.status.code),
            headers: headers,
            code: error.code.rawValue,
            message: error.message
        )
    }
}
