internal import Catalogue
internal import Claude
internal import Sandboxes

/// Why a turn did not succeed by itself.
enum TurnFailure: Error, Sendable, Equatable {
    case model(ModelError)
    /// The code has errors after this many repairs, of so many.
    case build([BuildError], repairs: Int, limit: Int)
    /// The sandbox did not start, or died twice.
    case sandbox(SandboxError)
    case storage(OrchestrationError)
    /// The work was cancelled: the turn's `ending` says why.
    case cancelled

    /// Names any error that the work of a turn meets.
    init(_ error: any Error) {
        switch error {
        case let failure as TurnFailure: self = failure
        case ModelError.cancelled: self = .cancelled
        case let error as ModelError: self = .model(error)
        case let error as SandboxError: self = .sandbox(error)
        case is CancellationError: self = .cancelled
        default: self = .storage(OrchestrationError(error))
        }
    }

    /// What the people watching are told.
    var meaning: Meaning {
        switch self {
        case .model(let error): Meaning(error)
        case .build(_, let repairs, let limit):
            Meaning(.buildFailed, ["repairs": .number(repairs), "repair_limit": .number(limit)])
        case .sandbox(let error): Meaning(error)
        case .storage(let error): Meaning(storage: error)
        case .cancelled: Meaning(.interrupted)
        }
    }

    /// Whether the model would not answer.
    var isRefusal: Bool {
        if case .model(.refused) = self { true } else { false }
    }

    /// The bundler's last messages.
    var errors: [BuildError] {
        if case .build(let errors, _, _) = self { errors } else { [] }
    }
}

extension SandboxError {
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
