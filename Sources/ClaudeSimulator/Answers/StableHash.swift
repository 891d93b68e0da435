/// A hash that is the same in every process (FNV-1a, 64 bits, with a finishing mix): choices are reproducible.
struct StableHash: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = 0xcbf2_9ce4_8422_2325
        combine(seed)
    }

    /// Adds a text's UTF-8.
    mutating func combine(_ text: String) {
        for byte in text.utf8 { mix(byte) }
        mix(0xff)
    }

    /// Adds a number.
    mutating func combine(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }

    /// The value so far.
    var value: UInt64 {
        var mixed = state
        mixed ^= mixed >> 33
        mixed &*= 0xff51_afd7_ed55_8ccd
        mixed ^= mixed >> 33
        return mixed
    }

    /// An index below `count`, which is at least 1, named so that several choices are independent of each other.
    func choice(of count: Int, for name: String = "") -> Int {
        var copy = self
        copy.combine(name)
        return Int(copy.value % UInt64(max(1, count)))
    }

    private mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }
}
