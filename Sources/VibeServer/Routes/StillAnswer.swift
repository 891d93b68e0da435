internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Orchestration

/// The picture of a version, as an image and nothing else: a browser that opens it as a page runs nothing of it.
struct StillAnswer: Sendable {
    let still: StillView
    /// Whether the address names the version: then what it answers never changes.
    let isAskedByVersion: Bool

    /// The bytes, or 304 when the caller has them.
    func response(to request: Request) -> Response {
        let etag = EntityTag.of(still.bytes)
        let fields: HTTPFields = [
            .contentType: still.contentType,
            .eTag: etag,
            .cacheControl: isAskedByVersion ? "public, max-age=31536000, immutable" : "no-cache",
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "default-src 'none'; sandbox; frame-ancestors 'none'",
            .crossOriginResourcePolicy: "same-origin",
        ]
        if EntityTag.isFresh(request.headers[.ifNoneMatch], etag) {
            return Response(status: .notModified, headers: fields)
        }
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: still.bytes)))
    }
}
