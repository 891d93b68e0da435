internal import HTTPTypes
internal import Orchestration
internal import Realtime

extension ClientError {
    /// An RPC's application error: the HTTP status as its code, the refusal's code in words as its message, and as `reason` what
    /// the HTTP error holds; worth another try on 429 and 503, which say when.
    init(_ error: APIError) {
        var json = JSONWriter()
        json.beginObject()
        error.meaning.writeMembers(to: &json)
        json.member("reason", ifPresent: error.reason)
        json.endObject()
        self.init(
            code: UInt32(error.status.code),
            message: error.code.rawValue.split(separator: "_").joined(separator: " "),
            isTemporary: error.isTemporary,
            retryAfter: error.retryAfter.flatMap { UInt32($0) },
            reason: json.finish()
        )
    }
}
