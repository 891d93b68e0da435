internal import Synchronization

/// Ids that look like the service's, unique in a process and equal for equal seeds.
///
/// Any thread asks.
final class Identifiers: Sendable {
    private let seed: UInt64
    private let count = Atomic<UInt64>(0)

    init(seed: UInt64) {
        self.seed = seed
    }

    /// A fresh id such as `req_011CQ…`: the prefix, `01` and 22 letters and digits.
    func next(_ prefix: String) -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
        var hash = StableHash(seed: seed)
        hash.combine(number)
        var text = prefix + "01"
        for _ in 0..<16 {
            hash.combine(number)
            text.append(alphabet[hash.choice(of: alphabet.count)])
        }
        var rest = number
        for _ in 0..<6 {
            text.append(alphabet[Int(rest % UInt64(alphabet.count))])
            rest /= UInt64(alphabet.count)
        }
        return text
    }
}
