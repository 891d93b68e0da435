package import Catalogue

/// Why a call was refused; the server's HTTP layer gives each its status, code and sentence.
package enum OrchestrationError: Error, Sendable, Equatable {
    case unknownApp
    case terminated
    case unknownVersion
    /// No such prompt waits.
    case unknownPrompt
    /// Somebody else's prompt.
    case notYours
    case promptEmpty
    case promptTooLong(limit: Int)
    /// It holds U+0000, which no text has.
    case promptNotText
    case titleEmpty
    case titleTooLong(limit: Int)
    /// It holds control characters or line ends.
    case titleNotOneLine
    /// The app's queue is full.
    case queueFull(limit: Int)
    /// Nothing to stop.
    case nothingRunning
    /// What is asked for waits until no prompt runs.
    case promptRunning
    case nothingToRetry
    case nothingToRepair
    /// The disk is full: nothing was stored.
    case storageFull
    /// What the catalogue said, for the log.
    case storage(String)
    /// The app's sandbox does not run.
    case asleep
    /// The app's sandbox does not answer as it should.
    case sandboxUnwell(Meaning)
    /// A generation that was waited for made no version; without an error it was stopped.
    case generationFailed(Meaning?)
    case shuttingDown
    /// The app's folder holds more than a snapshot may.
    case tooLarge(limitBytes: UInt64)
}
