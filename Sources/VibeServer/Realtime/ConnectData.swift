/// `connect.data`: who somebody says they are.
struct ConnectData: Decodable, Sendable {
    var userID: String?
    var name: String?
    var adminSecret: String?

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case name
        case adminSecret = "admin_secret"
    }
}
