internal import Catalogue
internal import Claude
internal import Sandboxes

/// Why a turn did not succeed by itself.
enum TurnFailure: Error, Sendable, Equatable {
    case model(ModelError)
    /// The code has errors after this many repairs.
    case build([BuildError], repairs: Int)
    /// The sandbox did not start, or died twice; a sentence.
    case sandbox(String)
    case storage(OrchestrationError)
    /// The work was cancelled: the turn's `ending` says why.
    case cancelled

    /// Names any error that the work of a turn meets.
    init(_ error: any Error) {
        switch error {
        case let failure as TurnFailure: self = failure
        case ModelError.cancelled: self = .cancelled
        case let error as ModelError: self = .model(error)
        case let error as SandboxError: self = .sandbox(error.sentence)
        case is CancellationError: self = .cancelled
        default: self = .storage(OrchestrationError(error))
        }
    }

    /// A sentence for the people watching.
    var sentence: String {
        switch self {
        case .model(let error): error.sentence
        case .build(_, repairs: 0): "The code has errors."
        case .build(_, repairs: 1): "One repair did not mend it."
        case .build(_, repairs: 2): "Two repairs did not mend it."
        case .build(_, let repairs): "\(repairs) repairs did not mend it."
        case .sandbox(let sentence): sentence
        case .storage(let error): error.message
        case .cancelled: "It was stopped."
        }
    }

    /// The bundler's last messages.
    var errors: [BuildError] {
        if case .build(let errors, _) = self { errors } else { [] }
    }
}

extension SandboxError {
    /// A sentence for the people watching.
    var sentence: String {
        switch self {
        case .unavailable(let text): "The sandbox cannot be started: \(text)"
        case .timeout: "The sandbox did not answer in time."
        case .died: "The sandbox ended while it was building the app."
        case .badAnswer: "The sandbox did not answer as it should."
        case .system(let operation, _, let message): "The sandbox cannot be started: \(operation): \(message)"
        case .refused(let text): "The sandbox refused the code: \(text)"
        case .full: "Every sandbox is awake. Try again when one is free."
        }
    }

    /// Whether a fresh sandbox may do better.
    var isWorthRestart: Bool {
        switch self {
        case .died, .timeout, .badAnswer: true
        case .unavailable, .system, .refused, .full: false
        }
    }
}

extension OrchestrationError {
    /// Names an error of the catalogue.
    init(_ error: any Error) {
        switch error {
        case let error as OrchestrationError: self = error
        case CatalogueError.full: self = .storageFull
        case CatalogueError.notFound: self = .unknownApp
        default: self = .storage("\(error)")
        }
    }
}
