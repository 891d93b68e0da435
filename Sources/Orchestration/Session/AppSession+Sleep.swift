internal import Logging
internal import Sandboxes

extension AppSession {
    /// Puts the app to sleep: ends its sandbox, if nobody has visited it for so long and nothing is being made of it,
    /// neither a version nor a picture.
    ///
    /// A visit that comes later finds the slot empty and wakes the app; its start waits until the old sandbox is gone.
    ///
    /// - Returns: whether it sleeps now.
    func sleep(after limit: Duration) async -> Bool {
        guard life == .open, versions > 0, !isBuilding, loop == nil, reservations == 0, !isReverting, box.isRunning,
            !isPosing, !services.stills.holds(id), services.idle.isIdle(id, for: limit), let sandbox = box.empty()
        else { return false }
        let gone = OneShot<Void>()
        box.leaving = gone
        services.idle.stopped(id)
        publishStatus()
        publishAsleep()
        // Before the next start can note the contrary, which waits until this sandbox is gone.
        await storeRunning(false)
        await sandbox.stop()
        gone.resolve()
        logger.info("App was put to sleep")
        return true
    }

    /// Somebody came to look: wakes an app that sleeps.
    func visit() {
        services.idle.visited(id)
        guard life == .open, versions > 0, turn == nil, case .none = box.content, mayWake else { return }
        startSandbox()
    }

    /// Whether a visit may start the sandbox: not right after a start that failed.
    var mayWake: Bool { box.nextWake.map { $0 <= services.time.now() } ?? true }

    /// Starts the sandbox; where all places are taken, one is made free.
    ///
    /// - Throws: `SandboxError`: `full` when all others are in use.
    func startFindingRoom(files: [String: String]?) async throws -> any Sandbox {
        while true {
            do {
                return try await services.sandboxes.start(appID: id, files: files)
            } catch SandboxError.full {
                guard await services.idle.makeRoom(except: id) else { throw SandboxError.full }
            }
        }
    }
}
