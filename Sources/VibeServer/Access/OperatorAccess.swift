package import Claude

/// Who may see the whole server's numbers, and who may act on all apps.
package struct OperatorAccess: Sendable {
    /// Without one every admin call is 503.
    private let secret: Secret?
    /// Whether everybody may see the numbers: a server that only this machine can reach.
    package let isOpen: Bool

    /// - Parameters:
    ///   - secret: `VIBE_ADMIN_SECRET`.
    ///   - isOpen: whether the numbers need no secret.
    package init(secret: Secret?, isOpen: Bool = false) {
        self.secret = secret
        self.isOpen = isOpen
    }

    /// Whether there is a secret at all.
    var hasSecret: Bool { secret != nil }

    /// Whether a secret is the admin's; never where none is set.
    func isAdmin(secret candidate: String?) -> Bool {
        guard let secret, let candidate else { return false }
        return secret.matches(candidate)
    }

    /// - Throws: 503 where no admin secret is set, 403 for a wrong or missing one.
    func requireAdmin(secret candidate: String?) throws(APIError) {
        guard hasSecret else { throw APIError(.adminDisabled) }
        guard isAdmin(secret: candidate) else { throw APIError(.wrongAdminSecret) }
    }

    /// As `requireAdmin`, unless everybody may see the numbers.
    func requireNumbers(secret candidate: String?) throws(APIError) {
        if !isOpen { try requireAdmin(secret: candidate) }
    }
}
