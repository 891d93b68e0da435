internal import Catalogue
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Orchestration
internal import Realtime

extension APIError {
    /// Writes `{"error":{"code","message","request_id"}}` with the code's numbers and names, and with `Retry-After` where the status asks for one.
    func response(requestID: String) -> Response {
        var json = JSONWriter()
        json.beginObject()
        json.key("error")
        json.beginObject()
        meaning.writeMembers(to: &json)
        json.member("reason", ifPresent: reason)
        json.member("message", message)
        json.member("request_id", requestID)
        json.endObject()
        json.endObject()
        var fields = headers
        fields[.contentType] = "application/json; charset=utf-8"
        fields[.cacheControl] = "no-store"
        fields[.retryAfter] = retryAfter
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: json.buffer))
    }
}
