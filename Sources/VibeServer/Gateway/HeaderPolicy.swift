internal import HTTPTypes
internal import NIOHTTP1

/// Which headers pass between a browser and an app: lists of what may, so that nothing of the platform leaks either way.
struct HeaderPolicy: Sendable {
    /// Origins that may show the preview in a frame.
    let frameAncestors: [String]

    /// No cookies, credentials, tokens or hop-by-hop fields travel to an app; `Host` becomes one that the dev server takes.
    private static let requestNames: Set<String> = [
        "accept", "accept-encoding", "accept-language", "cache-control", "content-encoding", "content-language",
        "content-type", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "pragma",
        "range", "user-agent",
    ]

    /// No cookies, no service-worker scope, no site data and no policies of an app's own reach the browser.
    private static let responseNames: Set<String> = [
        "accept-ranges", "age", "allow", "cache-control", "content-disposition", "content-encoding", "content-language",
        "content-length", "content-range", "content-type", "etag", "expires", "last-modified", "location",
        "retry-after",
        "sourcemap", "vary",
    ]

    /// The fields of a request on its way to a sandbox, `Host` and framing included.
    func upstreamFields(of request: HTTPRequest) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: "localhost")
        headers.add(name: "Connection", value: "close")
        // The dev server refuses its own calls to whoever names a site: so they stay shut even where a path slips through.
        headers.add(name: "Sec-Fetch-Site", value: "same-origin")
        for field in request.headerFields where Self.requestNames.contains(field.name.canonicalName) {
            headers.add(name: field.name.canonicalName, value: field.value)
        }
        if request.headerFields.contains(.transferEncoding) {
            headers.add(name: "Transfer-Encoding", value: "chunked")
        } else if let length = request.headerFields[.contentLength] {
            headers.add(name: "Content-Length", value: length)
        }
        return headers
    }

    /// The fields of a sandbox's answer on their way to the browser.
    func downstreamFields(of headers: HTTPHeaders) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            guard Self.responseNames.contains(name.lowercased()), let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        if headers.contains(name: "Transfer-Encoding") { fields[.contentLength] = nil }
        if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
        fields[.contentSecurityPolicy] = framePolicy
        fields[.xContentTypeOptions] = "nosniff"
        return fields
    }

    /// `frame-ancestors` with the platform's origins.
    var framePolicy: String { "frame-ancestors \(frameAncestors.joined(separator: " "))" }
}
