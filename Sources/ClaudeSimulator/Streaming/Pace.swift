/// How many tokens are due when.
///
/// Pure: the caller brings the time.
struct Pace: Sendable {
    /// Tokens a second; 0 is no limit.
    var tokensPerSecond: Double

    /// Time before the first token: what two dozen tokens take, at most 0.4 s.
    var firstTokenDelay: Duration {
        tokensPerSecond == 0 ? .zero : .seconds(min(0.4, 24 / tokensPerSecond))
    }

    /// Time between two writes: at least 20 ms, and long enough for one token.
    var tick: Duration {
        tokensPerSecond == 0 ? .zero : .seconds(max(0.02, 1 / tokensPerSecond))
    }

    /// Tokens due in all when this time has passed since the first.
    ///
    /// - Parameters:
    ///   - elapsed: since the first token.
    ///   - sent: how many have gone; without a limit the next 256 are due.
    ///   - total: how many there are.
    /// - Returns: a number from `sent` to `total`.
    func due(after elapsed: Duration, sent: Int, total: Int) -> Int {
        guard tokensPerSecond > 0 else { return min(total, sent + 256) }
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        let due = (seconds * tokensPerSecond).rounded(.down) + 1
        return due < Double(total) ? max(sent, Int(due)) : total
    }
}
