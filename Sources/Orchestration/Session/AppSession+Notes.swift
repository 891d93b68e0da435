internal import Catalogue
internal import Claude
internal import Sandboxes

extension AppSession {
    /// Tells the operator of something that went wrong with this app.
    ///
    /// - Parameters:
    ///   - code: what kind of thing.
    ///   - error: what it was, where a code says it.
    ///   - text: others' words.
    func note(_ code: ErrorNote.Code, _ error: Meaning? = nil, text: String? = nil) {
        services.meter.note(
            ErrorNote(time: services.time.timestamp, code: code, appID: id, title: view.title, error: error, text: text)
        )
    }

    /// Tells the operator of an error in the code, with its place.
    func note(_ code: ErrorNote.Code, _ error: BuildError) {
        note(code, error.meaning, text: error.code == nil ? error.placed : nil)
    }

    /// Tells the operator why a turn failed, unless the step that failed has told it.
    func note(_ failure: TurnFailure) {
        switch failure {
        case .model(let error): note(error.isOverload ? .modelOverloaded : .modelFailed, failure.meaning)
        case .storage: note(.storageFailed, failure.meaning)
        case .sandbox: note(.sandboxFailed, failure.meaning)
        case .build, .cancelled: break
        }
    }
}

extension ModelError {
    /// Whether the service said that it has too much to do.
    var isOverload: Bool {
        [TurnError.modelBusy.rawValue, TurnError.modelRateLimited.rawValue].contains(Meaning(self).code)
    }
}

extension RunningBuild {
    /// The turn of an app, with as many repairs as it may have.
    init(_ view: AppView, _ turn: TurnState, repairLimit: Int) {
        self.init(
            appID: view.id,
            title: view.title,
            person: Person(userID: turn.prompt.authorID, name: turn.prompt.authorName),
            phase: view.phase,
            attempt: turn.attempt,
            reason: turn.reason,
            repair: turn.repair(limit: repairLimit),
            startedAt: Timestamp.string(from: turn.record.startedAt)
        )
    }
}

extension TokenEvent {
    /// UTF-16 units of its text.
    var units: Int { parts.reduce(0) { $0 + $1.text.utf16.count } }
}

/// The last lines of code, as cards of apps that are being built show them.
enum CodeTail {
    /// Lines at most.
    static let lineLimit = 6
    /// Unicode scalars of a line at most.
    static let widthLimit = 160

    /// The last lines of a text, blank ones at its end left out.
    static func lines(of text: String) -> [String] {
        var rest = text.utf8[...]
        while let last = rest.last, last == 0x0A || last == 0x0D || last == 0x20 { rest.removeLast() }
        var lines: [String] = []
        while lines.count < lineLimit, !rest.isEmpty {
            let start = rest.lastIndex(of: 0x0A).map { rest.index(after: $0) } ?? rest.startIndex
            lines.insert(shortened(Substring(rest[start...])), at: 0)
            rest = rest[..<start].dropLast()
        }
        return lines
    }

    private static func shortened(_ line: Substring) -> String {
        let scalars = line.unicodeScalars
        return scalars.count <= widthLimit ? String(line) : String(scalars.prefix(widthLimit))
    }
}
