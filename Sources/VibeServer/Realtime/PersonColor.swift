/// The eight colours of people; text on them is dark.
enum PersonColor {
    static let all = ["#FF9A7B", "#8CC8F2", "#A9CF6B", "#CDB2EE", "#F5A3BE", "#6FD0BF", "#E2C48B", "#B6C3CF"]

    /// Always the same for one user, or for one connection of an anonymous one: FNV-1a over the bytes, modulo eight.
    static func pick(for id: String) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in id.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return all[Int(hash % UInt32(all.count))]
    }
}
