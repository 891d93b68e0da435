internal import Catalogue
internal import Logging
internal import Sandboxes

extension AppSession {
    /// The sandbox, started if need be.
    ///
    /// Several callers share one start; one that is cancelled leaves the start alone.
    ///
    /// - Throws: `SandboxError`, `CatalogueError`, or `CancellationError`.
    func runningSandbox() async throws -> any Sandbox {
        switch box.content {
        case .running(let sandbox): return sandbox
        case .starting(let promise): return try await promise.value()
        case .none: return try await startSandbox().value()
        }
    }

    /// Starts the sandbox with the newest version's files; the slot must be empty.
    ///
    /// - Parameter quietly: whether the start is no step to be seen.
    /// - Returns: the sandbox to come.
    @discardableResult
    func startSandbox(quietly: Bool = false) -> OneShot<any Sandbox> {
        let (serial, promise) = box.begin()
        let leaving = box.leaving
        if !quietly { beginSandboxStep() }
        // The bridge from one start to its many waiters: bounded by the provider's own deadline.
        Task {
            do {
                try await leaving?.value()
                let files = try await services.catalogue.version(app: id, number: nil)?.files
                let sandbox = try await startFindingRoom(files: files)
                await sandboxStarted(sandbox, serial: serial, promise: promise)
            } catch {
                sandboxFailed(error, serial: serial, promise: promise)
            }
        }
        return promise
    }

    private func beginSandboxStep() {
        if let attempt = turn?.attempt, let event = turn?.steps.begin(.sandbox, attempt: attempt, at: moment) {
            publish(.build(event))
        } else {
            publish(.build(wakeSteps.begin(.sandbox, attempt: 1, at: moment)))
        }
    }

    /// Ends the step where it began: in the turn, or in a waking.
    private func endSandboxStep(_ state: BuildEvent.State, _ error: Meaning? = nil) {
        if let event = turn?.steps.end(.sandbox, state, error, at: moment) {
            publish(.build(event))
        } else if let event = wakeSteps.end(.sandbox, state, error, at: moment) {
            publish(.build(event))
        }
    }

    private func sandboxStarted(_ sandbox: any Sandbox, serial: Int, promise: OneShot<any Sandbox>) async {
        guard serial == box.serial, life == .open else {
            await retire(sandbox)
            promise.resolve(.failure(OrchestrationError.terminated))
            return
        }
        box.fill(sandbox)
        // The bridge from the sandbox's end, which may come at any time, to the session.
        Task { [weak self] in
            let exit = await sandbox.exit()
            await self?.sandboxEnded(exit, serial: serial)
        }
        services.idle.started(self)
        endSandboxStep(.done)
        publishStatus()
        // A failure stays visible when its sandbox comes late; a waking has left that phase behind.
        if turn == nil, versions > 0, view.phase != .failed { publishLive() }
        promise.resolve(.success(sandbox))
        wantStill()
        await storeRunning(versions > 0)
    }

    private func sandboxFailed(_ error: any Error, serial: Int, promise: OneShot<any Sandbox>) {
        if serial == box.serial {
            box.empty()
            box.wasFull = error as? SandboxError == .full
            box.nextWake = services.time.now() + .seconds(2)
            let failure = TurnFailure(error).meaning
            logger.warning(
                "Sandbox did not start",
                metadata: ["error.type": "\(type(of: error))", "error": "\(error)"]
            )
            // A turn that needs it tells of its own failure.
            if turn == nil { note(.sandboxFailed, failure) }
            endSandboxStep(.failed, failure)
            if turn == nil { publishAsleep() }
        }
        promise.resolve(.failure(error))
    }

    /// The sandbox ended by itself, or was stopped.
    private func sandboxEnded(_ exit: SandboxExit, serial: Int) async {
        guard serial == box.serial, box.isRunning else { return }
        if case .died(let reason) = exit {
            logger.warning("Sandbox died", metadata: ["sandbox.exit": "\(reason)"])
            note(.sandboxDied, text: reason)
        }
        box.empty()
        services.idle.stopped(id)
        guard life == .open else { return }
        publishStatus()
        if turn == nil { publishAsleep() }
        await storeRunning(false)
    }

    /// Takes the sandbox out of the slot and stops it; waits for one that is being started.
    func stopSandbox() async {
        if case .starting(let promise) = box.content {
            // Why it did not start is told by the start itself.
            _ = try? await promise.value()
        }
        guard let sandbox = box.empty() else { return }
        services.idle.stopped(id)
        await retire(sandbox)
    }

    /// Stops a sandbox that is not in the slot; the next start waits until it is gone.
    ///
    /// Otherwise a visit in between would be refused, and with it the turn that needs that start.
    func retire(_ sandbox: any Sandbox) async {
        let gone = OneShot<Void>()
        box.leaving = gone
        await sandbox.stop()
        gone.resolve()
    }

    /// Gives a sandbox code.
    ///
    /// - Parameters:
    ///   - sandbox: the app's.
    ///   - files: all of a version.
    ///   - checksNames: whether the code is new.
    /// - Returns: what bundling said.
    /// - Throws: `SandboxError`.
    func edit(
        _ sandbox: any Sandbox,
        files: [String: String],
        checksNames: Bool = false
    ) async throws -> EditOutcome {
        sandboxEdits += 1
        return try await sandbox.edit(files: files, checksNames: checksNames)
    }

    /// Publishes that the newest version is seen.
    func publishLive() {
        let moment = moment
        publish(
            .build(
                BuildEvent(
                    phase: .live,
                    state: .done,
                    attempt: turn?.attempt ?? 1,
                    startedAt: moment.timestamp,
                    elapsed: 0
                )
            )
        )
    }

    /// Publishes that a version exists but does not run; a failure stays visible.
    func publishAsleep() {
        guard versions > 0, view.phase != .failed, view.phase != .asleep else { return }
        let moment = moment
        publish(.build(BuildEvent(phase: .asleep, state: .done, attempt: 1, startedAt: moment.timestamp, elapsed: 0)))
    }

    /// Notes whether the app is to be started again after a restart.
    ///
    /// Not worth an error: a visit starts it as well.
    func storeRunning(_ isRunning: Bool) async {
        do {
            try await services.catalogue.setRunning(isRunning, app: id)
        } catch {
            logger.warning("Could not note whether the app runs", metadata: ["error": "\(error)"])
        }
    }
}
