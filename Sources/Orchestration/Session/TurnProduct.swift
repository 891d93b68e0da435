/// What came of waiting for an app's first version.
package enum FirstVersion: String, Sendable, Encodable {
    /// It is there.
    case live = "succeeded"
    /// The model answered in words, so there is none yet.
    case answered
}

/// What a turn made.
enum TurnProduct: Sendable, Equatable {
    /// The files of a new version.
    case files([String: String])
    /// Words in place of code: the assistant's message.
    case answer(String)
}
