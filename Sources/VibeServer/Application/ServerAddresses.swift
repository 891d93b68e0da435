/// The addresses that follow from a configuration once the port is known.
struct ServerAddresses: Sendable {
    let publicOrigin: WebOrigin
    let preview: PreviewAddress
    let policy: AccessPolicy

    /// Derives all addresses from the port that is really listened on.
    ///
    /// Throws `ConfigurationError` for addresses that are none, and for a preview domain on the platform's own site.
    init(_ configuration: ServerConfiguration, port: Int) throws(ConfigurationError) {
        let publicURL = configuration.publicURL ?? Self.defaultPublicURL(host: configuration.host, port: port)
        guard let publicOrigin = WebOrigin(url: publicURL) else {
            throw ConfigurationError(
                "VIBE_PUBLIC_URL is \"http://host[:port]\" or \"https://host[:port]\", not \"\(publicURL)\"."
            )
        }
        let template = configuration.previewURL ?? "http://*.\(PreviewAddress.localDomain):\(port)"
        guard let preview = PreviewAddress(template: template) else {
            throw ConfigurationError(
                "VIBE_PREVIEW_URL needs * for the app id, as in https://*.example.net; not \"\(template)\"."
            )
        }
        var hosts: [String] = []
        for name in configuration.extraHosts {
            guard let host = Authority(parsing: name)?.host else {
                throw ConfigurationError("VIBE_EXTRA_HOSTS holds \"\(name)\", which is no host name.")
            }
            hosts.append(host)
        }
        let origins = try Self.origins(configuration.allowedOrigins, "VIBE_ALLOWED_ORIGINS")
        let embedding: Embedding =
            configuration.embedOrigins == ["*"]
            ? .anywhere : .on(try Self.origins(configuration.embedOrigins, "VIBE_EMBED_ORIGINS"))
        let policy = AccessPolicy(
            publicOrigin: publicOrigin,
            preview: preview,
            extraHosts: hosts,
            allowedOrigins: origins,
            embedding: embedding
        )
        guard !policy.sharesSite else {
            throw ConfigurationError(
                """
                Previews at \(preview.template) would share the site of \(publicOrigin.text): an app could set cookies for the \
                platform. Set VIBE_PREVIEW_URL to a domain of its own.
                """
            )
        }
        self.publicOrigin = publicOrigin
        self.preview = preview
        self.policy = policy
    }

    private static func origins(_ texts: [String], _ setting: String) throws(ConfigurationError) -> [WebOrigin] {
        var origins: [WebOrigin] = []
        for text in texts {
            guard let origin = WebOrigin(url: text) else {
                throw ConfigurationError(
                    "\(setting) holds \"\(text)\", which is no origin such as https://example.com."
                )
            }
            origins.append(origin)
        }
        return origins
    }

    /// A wildcard address is reached by the loopback name.
    private static func defaultPublicURL(host: String, port: Int) -> String {
        let name = host == "0.0.0.0" || host == "::" ? "localhost" : host.contains(":") ? "[\(host)]" : host
        return "http://\(name):\(port)"
    }
}
