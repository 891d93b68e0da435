internal import NIOCore

/// One deadline that is moved often and rarely reached; bound to an event loop.
///
/// Moving it further away costs nothing: the scheduled task finds the later deadline and waits again.
struct DeadlineTimer {
    private var deadline: NIODeadline?
    private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

    /// Sets the deadline, from now on.
    ///
    /// - Parameters:
    ///   - duration: How long from now; `nil` for no deadline.
    ///   - eventLoop: The loop that the caller is on.
    ///   - onWake: Called on the loop; asks `isReached` what to do.
    mutating func set(_ duration: Duration?, on eventLoop: any EventLoop, onWake: @escaping () -> Void) {
        deadline = duration.map { .now() + TimeAmount($0) }
        schedule(on: eventLoop, onWake: onWake)
    }

    /// Called from `onWake`: whether the deadline has come; otherwise the timer waits for it again.
    mutating func isReached(on eventLoop: any EventLoop, onWake: @escaping () -> Void) -> Bool {
        scheduled = nil
        guard let deadline else { return false }
        guard deadline > .now() else {
            self.deadline = nil
            return true
        }
        schedule(on: eventLoop, onWake: onWake)
        return false
    }

    /// Forgets the deadline and the task.
    mutating func cancel() {
        deadline = nil
        scheduled?.task.cancel()
        scheduled = nil
    }

    private mutating func schedule(on eventLoop: any EventLoop, onWake: @escaping () -> Void) {
        guard let deadline else { return }
        if let scheduled {
            guard scheduled.at > deadline else { return }
            scheduled.task.cancel()
        }
        scheduled = (eventLoop.assumeIsolated().scheduleTask(deadline: deadline, onWake), deadline)
    }
}
