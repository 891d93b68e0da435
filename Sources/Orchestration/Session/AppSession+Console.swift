internal import Sandboxes

extension AppSession {
    /// Tells all viewers what the app logged or threw in somebody's browser, and keeps the errors for a repair.
    ///
    /// - Throws: `OrchestrationError` when the app takes nothing any more.
    func report(_ entries: [ConsoleEntry], by person: Person) throws(OrchestrationError) {
        try checkOpen()
        for entry in entries where entry.level == .error {
            noteRuntimeError(
                BuildError(path: entry.path ?? "", line: entry.line ?? 0, column: 0, text: entry.text)
            )
        }
        switch console.add(entries, userID: person.userID, at: services.time.now()) {
        case .publish: publishConsole()
        case .wait(let delay): publishConsole(after: delay)
        case .covered: break
        }
    }

    private func publishConsole() {
        guard life == .open else { return }
        for line in console.take() { publish(.console(line)) }
        if case .wait(let delay) = console.rest(at: services.time.now()) { publishConsole(after: delay) }
    }

    /// The bridge from a throttle's decision to its later publication: one task at most waits.
    private func publishConsole(after delay: Duration) {
        let time = services.time
        Task {
            // A clock that refuses to wait only makes the publication come early.
            try? await time.sleep(delay)
            console.fire(at: time.now())
            publishConsole()
        }
    }
}
