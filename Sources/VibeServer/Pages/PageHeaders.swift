internal import HTTPTypes

/// The security headers of our pages: nothing inline, previews the only frames, nobody frames us but the page made for it.
struct PageHeaders: Sendable {
    let policy: AccessPolicy

    /// - Parameters:
    ///   - fields: get the headers.
    ///   - authority: the name the page was asked at; its WebSocket is the one that may be opened.
    ///   - isEmbedded: whether other sites may show the page in a frame, where the settings name some.
    func add(to fields: inout HTTPFields, authority: Authority, isEmbedded: Bool = false) {
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
            "frame-ancestors \(isEmbedded ? policy.embedAncestors.joined(separator: " ") : "'none'")",
        ]
        fields[.contentSecurityPolicy] = directives.joined(separator: "; ")
        // A page that is reached without encryption from another machine would get a warning for it, and nothing else.
        if !isEmbedded, own.scheme == "https" || own.isLoopback { fields[.crossOriginOpenerPolicy] = "same-origin" }
        fields[.referrerPolicy] = "no-referrer"
        fields[.permissionsPolicy] =
            "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
    }
}
