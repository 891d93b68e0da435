/// All components that the simulator has rehearsed.
enum ComponentLibrary {
    /// The library; earlier ones win when two fit equally well.
    static let all: [Archetype] = [
        .chessClock, .pomodoro, .stopwatch, .recipe, .timer, .bill, .todo, .kanban, .dashboard, .calculator, .quiz,
        .landing, .habits, .drums, .typing, .palette, .ticTacToe, .memory, .tide, .notes, .converter, .calendar,
        .expenses, .poll, .canvas, .counter, .collection,
    ]

    /// What answers a wish that names nothing rehearsed.
    static let general: [Archetype] = [.collection, .landing, .poll]

    /// The archetype that fits best; for unknown wishes a general one, always the same for the same hash.
    static func archetype(for words: Words, hash: StableHash) -> Archetype {
        var best = general[hash.choice(of: general.count, for: "general")]
        var fit = 0
        for archetype in all {
            let candidate = archetype.fit(words)
            if candidate > fit {
                best = archetype
                fit = candidate
            }
        }
        return best
    }
}
