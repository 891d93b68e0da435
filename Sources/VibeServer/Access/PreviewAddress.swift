/// Where previews answer: `VIBE_PREVIEW_URL`, such as `http://*.vibe.localhost:8080` with `*` for the app id.
package struct PreviewAddress: Sendable, Equatable {
    /// The domain of the default address, which browsers resolve to the loopback interface by themselves.
    package static let localDomain = "vibe.localhost"

    /// `http` or `https`.
    package let scheme: String
    /// What follows the app id and a dot.
    package let domain: String
    package let port: Int?

    /// Reads a template whose first label is `*`; `nil` when it is none.
    package init?(template: String) {
        let marker = "x-app-id"
        guard let star = template.utf8.firstIndex(of: UInt8(ascii: "*")),
            template[template.index(after: star)...].hasPrefix("."),
            template[..<star].hasSuffix("://"),
            let origin = WebOrigin(url: template[..<star] + marker + template[template.index(after: star)...])
        else { return nil }
        scheme = origin.scheme
        domain = String(origin.host.dropFirst(marker.utf8.count + 1))
        port = origin.port == (scheme == "https" ? 443 : 80) ? nil : origin.port
    }

    /// The template, canonically: no slash at the end.
    package var template: String { "\(scheme)://*.\(domain)\(port.map { ":\($0)" } ?? "")" }

    /// Whether this is the address for machines without a domain.
    package var isLocalDefault: Bool { scheme == "http" && domain == Self.localDomain }

    /// The app that a canonical host names: one label before the domain.
    package func appID(host: String) -> String? {
        let suffix = "." + domain
        guard host.hasSuffix(suffix) else { return nil }
        let label = host.dropLast(suffix.utf8.count)
        return label.isEmpty || label.utf8.contains(UInt8(ascii: ".")) ? nil : String(label)
    }

    /// The origin of one app's preview.
    package func origin(appID: String) -> WebOrigin {
        WebOrigin(scheme: scheme, authority: Authority(host: "\(appID).\(domain)", port: port))
    }
}
