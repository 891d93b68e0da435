internal import Synchronization

/// The shapes of answers still to come.
///
/// Any thread asks; a mutex guards the list.
final class AnswerPlan: Sendable {
    private struct State {
        var shapes: [AnswerShape]
        /// Whether the next rest that is asked for is cut too.
        var cutsRest = false
    }

    private let state: Mutex<State>

    init(_ shapes: [AnswerShape]) {
        state = Mutex(State(shapes: shapes))
    }

    /// The shape of the next answer with code, which uses it up.
    ///
    /// - Parameter isRest: whether it is the rest of an answer that was cut.
    /// - Returns: the shape, or `nil` for an answer as it should be.
    func next(isRest: Bool = false) -> AnswerShape? {
        state.withLock { state in
            guard !isRest else {
                defer { state.cutsRest = false }
                return state.cutsRest ? .maximumTokens : nil
            }
            let shape = state.shapes.isEmpty ? nil : state.shapes.removeFirst()
            if shape == .maximumTokensTwice { state.cutsRest = true }
            return shape
        }
    }
}
