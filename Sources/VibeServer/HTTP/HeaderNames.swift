internal import HTTPTypes

extension HTTPField.Name {
    /// Our own id of a request, in answers and in the log.
    static let requestID = Self.known("X-Request-Id")
    static let contentDisposition = Self.known("Content-Disposition")
    static let crossOriginOpenerPolicy = Self.known("Cross-Origin-Opener-Policy")
    static let crossOriginResourcePolicy = Self.known("Cross-Origin-Resource-Policy")
    static let permissionsPolicy = Self.known("Permissions-Policy")
    static let referrerPolicy = Self.known("Referrer-Policy")
    static let secFetchDest = Self.known("Sec-Fetch-Dest")
    static let secFetchSite = Self.known("Sec-Fetch-Site")
    /// A second `Host` header: the first one is the request's authority.
    static let host = Self.known("Host")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is a token (RFC 9110 §5.6.2)")
        }
        return name
    }
}
