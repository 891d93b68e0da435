internal import HTTPTypes
internal import Realtime

extension ClientError {
    /// An RPC's application error: the HTTP status as its code; worth another try on 429 and 503, which say when.
    init(_ error: APIError) {
        self.init(
            code: UInt32(error.status.code),
            message: error.message,
            isTemporary: error.isTemporary,
            retryAfter: error.retryAfter.flatMap { UInt32($0) }
        )
    }
}
