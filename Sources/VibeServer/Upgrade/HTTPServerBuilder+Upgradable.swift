package import HummingbirdCore

extension HTTPServerBuilder {
    /// A server for HTTP/1.1 whose connections can be upgraded by their first request.
    ///
    /// Ordinary requests go to Hummingbird's responder. Used when an `Application` is made:
    /// ```
    /// Application(router: routes, server: .upgradable(router: sockets))
    /// ```
    ///
    /// - Parameters:
    ///   - router: Decides about requests that ask for a WebSocket.
    ///   - options: Deadlines and limits.
    /// - Returns: What `Application` takes as `server`.
    package static func upgradable(
        router: any UpgradeRouter,
        options: UpgradeOptions = UpgradeOptions()
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            UpgradableChannel(responder: responder, router: router, options: options)
        }
    }
}
