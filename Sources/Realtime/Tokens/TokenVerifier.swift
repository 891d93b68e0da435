/// Checks the tokens of `connect`, `subscribe`, `refresh` and `sub_refresh`: the seam behind which identity lives.
///
/// Called on event loops: must not block.
package protocol TokenVerifier: Sendable {
    /// Reads a connection's token.
    func connection(_ token: String) throws(TokenError) -> ConnectionClaims

    /// Reads a subscription's token.
    func subscription(_ token: String) throws(TokenError) -> SubscriptionClaims
}

/// Why a token is not accepted.
package enum TokenError: Error, Sendable, Equatable {
    /// It was good once; the client is to bring a newer one.
    case expired
    /// It was never good.
    case invalid

    /// What a `connect` with it is answered with.
    package var connectAnswer: ConnectAnswer {
        switch self {
        case .expired: .failed(.tokenExpired)
        case .invalid: .refused(.invalidToken)
        }
    }

    /// What a `refresh` with it is answered with.
    package var refreshAnswer: RefreshAnswer {
        switch self {
        case .expired: .failed(.tokenExpired)
        case .invalid: .refused(.invalidToken)
        }
    }
}

/// What a connection's token says.
package struct ConnectionClaims: Sendable, Equatable {
    /// `sub`; empty for an anonymous user.
    package var user: String
    /// `info.name`: the display name.
    package var name: String?
    /// How long it is still good; `nil` for ever.
    package var expiry: Expiry?
    /// `channels`: those to which the server subscribes the client.
    package var channels: [String]

    package init(user: String, name: String? = nil, expiry: Expiry? = nil, channels: [String] = []) {
        self.user = user
        self.name = name
        self.expiry = expiry
        self.channels = channels
    }
}

/// What a subscription's token says.
package struct SubscriptionClaims: Sendable, Equatable {
    /// `sub`.
    package var user: String
    package var channel: String
    /// How long it is still good; `nil` for ever.
    package var expiry: Expiry?

    package init(user: String, channel: String, expiry: Expiry? = nil) {
        self.user = user
        self.channel = channel
        self.expiry = expiry
    }
}

extension TokenVerifier {
    /// How long a subscription with this token is good.
    ///
    /// - Throws: `tokenExpired`, or `permissionDenied` for a token of another channel or user, or that is none.
    package func expiry(
        of token: String,
        channel: String,
        for client: ClientIdentity
    ) throws(ClientError) -> Expiry? {
        do throws(TokenError) {
            let claims = try subscription(token)
            guard claims.channel == channel, claims.user == client.user else { throw .invalid }
            return claims.expiry
        } catch {
            throw error == .expired ? .tokenExpired : .permissionDenied
        }
    }
}
