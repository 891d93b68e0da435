internal import HTTPTypes
internal import Realtime

extension ClientError {
    /// An RPC's application error: the HTTP status as its code; worth another try on 429 and 503.
    init(_ error: APIError) {
        let status = error.status.code
        self.init(code: UInt32(status), message: error.message, isTemporary: status == 429 || status == 503)
    }
}
