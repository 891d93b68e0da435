/// The reports of an app's viewers on their way to its channel: equal ones of one person become one with a count, and only
/// so many are told of at once.
///
/// Pure: the caller brings the time.
struct ConsoleBuffer: Sendable {
    /// Different lines that wait; what comes on top is left out.
    static let maximumWaiting = 50
    /// Lines that are published at once, twice a second at most: ten a second for an app.
    static let maximumAtOnce = 5
    static let interval = Duration.milliseconds(500)

    private struct Key: Hashable {
        var entry: ConsoleEntry
        var userID: String
    }

    private var waiting: [ConsoleLine] = []
    private var places: [Key: Int] = [:]
    private var throttle = Throttle(interval: interval)

    /// Takes reports at `now`.
    ///
    /// - Returns: what is to be done about them.
    mutating func add(_ entries: [ConsoleEntry], userID: String, at now: Duration) -> Throttle.Decision {
        for entry in entries {
            let key = Key(entry: entry, userID: userID)
            if let place = places[key] {
                waiting[place].count += 1
            } else if waiting.count < Self.maximumWaiting {
                places[key] = waiting.count
                waiting.append(ConsoleLine(entry: entry, userID: userID, count: 1))
            }
        }
        return waiting.isEmpty ? .covered : throttle.change(at: now)
    }

    /// The lines that are published now, oldest first.
    mutating func take() -> [ConsoleLine] {
        let taken = Array(waiting.prefix(Self.maximumAtOnce))
        waiting.removeFirst(taken.count)
        places = [:]
        for (place, line) in waiting.enumerated() { places[Key(entry: line.entry, userID: line.userID)] = place }
        return taken
    }

    /// What is to be done about the lines that were not taken.
    mutating func rest(at now: Duration) -> Throttle.Decision {
        waiting.isEmpty ? .covered : throttle.change(at: now)
    }

    /// The time of a `wait` is over: `take` follows.
    mutating func fire(at now: Duration) { throttle.fire(at: now) }
}
