internal import CSandbox
internal import Glibc
internal import Synchronization

/// The one thread that starts, watches and reaps children.
///
/// A thread of its own for two reasons: a child is killed when the thread that started it ends, and waiting must hold up
/// neither the cooperative pool nor an event loop.
final class Supervisor: Sendable {
    /// What the supervisor calls, on its own thread; it must not block.
    struct Observer: Sendable {
        /// Called about once a second while the child runs.
        var tick: @Sendable () -> Void
        /// Called once, after the child was reaped.
        var ended: @Sendable (ChildProcess.Status) -> Void
    }

    private struct Work: Sendable {
        var request: SpawnRequest
        var observer: Observer
        var answer: CheckedContinuation<ChildProcess, any Error>
    }

    private struct State {
        var waiting: [Work] = []
        var isEnding = false
    }

    private let state = Mutex(State())
    private let wake: Descriptor
    private static let tickMilliseconds: CInt = 1000

    /// Starts the thread.
    ///
    /// - Throws: `SandboxError.system`.
    init() throws {
        let raw = vibe_event_descriptor()
        guard raw >= 0 else { throw SandboxError.last("eventfd") }
        wake = Descriptor(raw)
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                vibe_name_thread("sandboxes")
                Unmanaged<Supervisor>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        guard code == 0 else {
            box.release()
            throw SandboxError.of("pthread_create", code)
        }
        pthread_detach(thread)
    }

    /// Starts a child.
    ///
    /// - Throws: `SandboxError`.
    func start(_ request: SpawnRequest, observer: Observer) async throws -> ChildProcess {
        try await withCheckedThrowingContinuation { answer in
            let isRefused = state.withLock { state in
                if !state.isEnding { state.waiting.append(Work(request: request, observer: observer, answer: answer)) }
                return state.isEnding
            }
            if isRefused { return answer.resume(throwing: SandboxError.unavailable("the server is stopping")) }
            signal()
        }
    }

    /// Runs a program to its end, or kills it after `limit` or when the task is cancelled.
    ///
    /// - Returns: how it ended, and the last of what it wrote.
    /// - Throws: `SandboxError`.
    static func runOnce(_ request: SpawnRequest, within limit: Duration) async throws -> (ChildProcess.Status, String) {
        let supervisor = try Supervisor()
        defer { supervisor.end() }
        let (ends, end) = AsyncStream.makeStream(of: ChildProcess.Status.self)
        let child = try await supervisor.start(
            request,
            observer: Observer(tick: {}, ended: { status in end.yield(status) })
        )
        let deadline = Task {
            // Cut short when it has ended, and there is nothing to kill, or when nobody waits for it any more.
            try? await Task.sleep(for: limit)
            child.kill()
        }
        defer { deadline.cancel() }
        for await status in ends { return (status, child.lastOutput) }
        return (.exited(-1), child.lastOutput)
    }

    /// Ends the thread once no child is left.
    ///
    /// Children that run on are killed by its end.
    func end() {
        state.withLock { $0.isEnding = true }
        signal()
    }

    private func signal() {
        var one: UInt64 = 1
        write(wake.raw, &one, 8)
    }

    private func run() {
        var children: [(process: ChildProcess, observer: Observer)] = []
        var nextTick = ContinuousClock.now
        while true {
            let (work, isEnding) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isEnding)
            }
            for each in work {
                do {
                    let child = try Self.spawn(each.request)
                    children.append((child, each.observer))
                    each.answer.resume(returning: child)
                } catch {
                    each.answer.resume(throwing: error)
                }
            }
            if isEnding && children.isEmpty { return }

            var polled = [pollfd(fd: wake.raw, events: Int16(POLLIN), revents: 0)]
            polled += children.map { pollfd(fd: $0.process.descriptor.raw, events: Int16(POLLIN), revents: 0) }
            poll(&polled, nfds_t(polled.count), children.isEmpty ? -1 : Self.tickMilliseconds)
            var count: UInt64 = 0
            read(wake.raw, &count, 8)

            children.removeAll { child in
                guard let status = child.process.reap() else { return false }
                child.process.drainOutput()
                child.observer.ended(status)
                return true
            }
            guard ContinuousClock.now >= nextTick else { continue }
            nextTick = .now + .milliseconds(Int(Self.tickMilliseconds))
            for child in children {
                child.process.drainOutput()
                child.observer.tick()
            }
        }
    }

    private static func spawn(_ request: SpawnRequest) throws -> ChildProcess {
        var ends: [CInt] = [0, 0]
        guard vibe_pipe(&ends) == 0 else { throw SandboxError.last("pipe") }
        let (output, input) = (Descriptor(ends[0]), Descriptor(ends[1]))
        // Our end only: a child that fills the pipe waits, and its other processes see an ordinary pipe.
        guard fcntl(output.raw, F_SETFL, O_NONBLOCK) == 0 else { throw SandboxError.last("fcntl") }
        let pid = try request.start(output: input)
        let descriptor = vibe_pidfd_open(pid)
        guard descriptor >= 0 else {
            let error = SandboxError.last("pidfd_open")
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw error
        }
        return ChildProcess(pid: pid, descriptor: Descriptor(descriptor), output: output)
    }
}
