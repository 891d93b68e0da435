internal import Catalogue
internal import Orchestration

extension Person {
    /// Bytes of a user's id.
    static let maximumUserBytes = 128
    /// Bytes of a display name.
    static let maximumNameBytes = 128

    /// Who somebody says they are (`open` mode); the name defaults to the id.
    ///
    /// - Throws: 422 for one that is too long or holds control characters.
    init(claimedUser user: String?, name: String?) throws(APIError) {
        let user = user ?? ""
        let name = name.flatMap { $0.isEmpty ? nil : $0 } ?? user
        guard user.utf8.count <= Self.maximumUserBytes, !Self.hasControls(user) else {
            throw Self.bad("user_id", limit: Self.maximumUserBytes)
        }
        guard name.utf8.count <= Self.maximumNameBytes, !Self.hasControls(name) else {
            throw Self.bad("name", limit: Self.maximumNameBytes)
        }
        self.init(userID: user, name: name)
    }

    private static func bad(_ member: String, limit: Int) -> APIError {
        APIError(.badName, ["member": .text(member), "limit_bytes": .number(limit)])
    }

    private static func hasControls(_ text: String) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
}
