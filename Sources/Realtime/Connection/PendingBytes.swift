/// Counts what waits for one connection, so that a reader that stops costs a bounded amount.
///
/// Pure.
///
/// Between measurements only an upper bound is known: what waited last plus what was written since. So the socket's queue is
/// asked only when the bound passes the limit, not for every write.
struct PendingBytes {
    private let limit: Int
    private var written: UInt64 = 0
    private var bound = 0
    /// Replies and publications of which the one does not count that has most of it waiting: where each ends in the stream of
    /// bytes, and its length; each is shorter than those before it.
    private var exempt: [(end: UInt64, bytes: Int)] = []

    /// - Parameter limit: bytes that may wait, one reply or publication apart.
    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes have been handed to the socket's queue.
    mutating func wrote(_ bytes: Int) {
        written += UInt64(bytes)
        bound += bytes
    }

    /// The bytes written last end with a reply, or hold a publication.
    ///
    /// The longest of those that still wait does not count.
    mutating func endsWithExempt(_ bytes: Int) {
        while let last = exempt.last, last.bytes <= bytes { exempt.removeLast() }
        exempt.append((written, bytes))
    }

    /// Whether the queue must be measured before more can be said.
    var needsMeasuring: Bool { bound > limit }

    /// Tells what waits in the queue.
    ///
    /// True when it is too much.
    mutating func measured(_ waiting: Int) -> Bool {
        bound = waiting
        // What has left does not come back.
        exempt = exempt.filter { self.waiting(of: $0) > 0 }
        guard waiting > limit else { return false }
        return waiting - (exempt.map(self.waiting(of:)).max() ?? 0) > limit
    }

    /// How much of it waits, as far as is known.
    private func waiting(of exempt: (end: UInt64, bytes: Int)) -> Int {
        let taken = written - min(written, UInt64(bound))
        return exempt.end > taken ? min(exempt.bytes, Int(exempt.end - taken)) : 0
    }
}
