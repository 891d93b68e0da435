package import Catalogue

/// What a message, a prompt or a version comes from that nobody wrote: the codes of `origin`.
package enum Origin: String, Sendable, CaseIterable {
    /// What broke is to be mended; the text holds it. `error` is the code of an error of our own, and `text` and `module` are its.
    case repair
    /// Somebody went back to `version`.
    case revert
    /// Somebody copied `version` of the app `app_id`, which was called `title`.
    case fork

    /// The names of its numbers and texts; those of a repair only where there are any.
    package var members: [String] {
        switch self {
        case .repair: ["error", "text", "module"]
        case .revert: ["version"]
        case .fork: ["app_id", "title", "version"]
        }
    }
}

extension Meaning {
    /// Where something comes from.
    package init(_ origin: Origin, _ members: [String: Value] = [:]) {
        assert(members.keys.allSatisfy(origin.members.contains), "a member that the protocol does not name")
        self.init(origin.rawValue, members)
    }

    /// Whether this is of that origin.
    package func isOrigin(_ origin: Origin) -> Bool { code == origin.rawValue }
}
