/// Which names this server answers to, and which pages may call it.
package struct AccessPolicy: Sendable {
    /// What a `Host` header addresses.
    package enum Target: Sendable, Equatable {
        /// Pages and API.
        case platform
        /// The preview of the app with this id, which may not exist.
        case preview(appID: String)
        /// A name that is not ours: DNS rebinding, or a setting that lacks.
        case foreign
    }

    /// Why a caller is refused with 403.
    package enum Refusal: Error, Sendable, Equatable {
        /// `Origin` is present and not allowed.
        case origin
        /// `Sec-Fetch-Site` says that another site's page calls, without an allowed `Origin`.
        case crossSite
    }

    /// How people reach the pages.
    package let publicOrigin: WebOrigin
    package let preview: PreviewAddress
    /// Which other sites may show apps in a frame.
    package let embedding: Embedding
    private let ownHosts: Set<String>
    private let allowedOrigins: Set<WebOrigin>

    /// Takes canonical host names (`VIBE_EXTRA_HOSTS`), further origins (`VIBE_ALLOWED_ORIGINS`), and sites that may embed apps.
    package init(
        publicOrigin: WebOrigin,
        preview: PreviewAddress,
        extraHosts: [String] = [],
        allowedOrigins: [WebOrigin] = [],
        embedding: Embedding = .on([])
    ) {
        self.embedding = embedding
        self.publicOrigin = publicOrigin
        self.preview = preview
        self.ownHosts = Set(extraHosts).union(
            [publicOrigin.host, "localhost", "127.0.0.1", "[::1]", PreviewAddress.localDomain]
        )
        self.allowedOrigins = Set(allowedOrigins).union([publicOrigin])
    }

    package func target(of authority: Authority) -> Target {
        if ownHosts.contains(authority.host) { return .platform }
        return preview.appID(host: authority.host).map { .preview(appID: $0) } ?? .foreign
    }

    /// Applies the rule on `Origin` and `Sec-Fetch-Site` for state-changing calls and upgrades to the platform.
    ///
    /// - Parameters:
    ///   - authority: the canonical `Host`, one of our own names.
    ///   - origins: every `Origin` header of the request; more than one is refused.
    ///   - fetchSites: every `Sec-Fetch-Site` header.
    /// - Throws: the refusal, a 403.
    package func check(
        authority: Authority,
        origins: [String],
        fetchSites: [String]
    ) throws(Refusal) {
        if let header = origins.first {
            guard origins.count == 1, let origin = WebOrigin(header: header), allows(origin, at: authority) else {
                throw .origin
            }
            return
        }
        for site in fetchSites where site != "same-origin" && site != "none" {
            throw .crossSite
        }
    }

    /// The public origin, one allowed by a setting, or the origin of the very name that was called.
    private func allows(_ origin: WebOrigin, at authority: Authority) -> Bool {
        if preview.appID(host: origin.host) != nil, !ownHosts.contains(origin.host) { return false }
        return allowedOrigins.contains(origin)
            || (ownHosts.contains(authority.host)
                && origin == WebOrigin(scheme: publicOrigin.scheme, authority: authority))
    }

    /// The origins that may show a preview in a frame, for `frame-ancestors`: every page around it must be among them.
    package var frameAncestors: [String] {
        guard case .on(let sites) = embedding else { return ["*"] }
        var origins = Set(allowedOrigins).union(sites)
        if preview.isLocalDefault {
            let local = Authority(host: PreviewAddress.localDomain, port: preview.port)
            origins.insert(WebOrigin(scheme: preview.scheme, authority: local))
        }
        return origins.map(\.text).sorted()
    }

    /// The sites that may show an app's page for embedding, for `frame-ancestors`.
    package var embedAncestors: [String] {
        guard case .on(let sites) = embedding else { return ["*"] }
        return ["'self'"] + sites.map(\.text).sorted()
    }

    /// Whether previews would share the platform's site, so that an app could set cookies for it.
    ///
    /// Sites are judged by their last two labels (three below short country suffixes such as `co.uk`). The default address is
    /// exempt: browsers treat every name below `localhost` as a site of its own, and no cookie carries authority there.
    package var sharesSite: Bool {
        if preview.isLocalDefault { return false }
        let platform = publicOrigin.host
        if platform == preview.domain || platform.hasSuffix("." + preview.domain)
            || preview.domain.hasSuffix("." + platform)
        {
            return true
        }
        return Self.site(of: platform) == Self.site(of: preview.domain)
    }

    private static func site(of host: String) -> String {
        let labels = host.split(separator: ".")
        guard labels.count > 2, let top = labels.last, Int(top) == nil else { return host }
        let second = labels[labels.count - 2]
        let depth = top.utf8.count == 2 && second.utf8.count <= 3 ? 3 : 2
        return labels.suffix(depth).joined(separator: ".")
    }
}
