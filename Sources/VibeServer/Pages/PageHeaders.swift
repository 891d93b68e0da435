internal import HTTPTypes

/// The security headers of our pages: nothing inline, previews the only frames, nobody frames us.
struct PageHeaders: Sendable {
    let policy: AccessPolicy

    /// `authority` is the name the page was asked at; its WebSocket is the one that may be opened.
    func add(to fields: inout HTTPFields, authority: Authority) {
        let own = WebOrigin(scheme: policy.publicOrigin.scheme, authority: authority)
        let sockets = Set([own.webSocketText, policy.publicOrigin.webSocketText]).sorted().joined(separator: " ")
        let directives = [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "connect-src 'self' \(sockets)",
            "frame-src \(policy.preview.template)",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
        fields[.contentSecurityPolicy] = directives.joined(separator: "; ")
        fields[.referrerPolicy] = "no-referrer"
        fields[.permissionsPolicy] = 
            "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
    }
}
