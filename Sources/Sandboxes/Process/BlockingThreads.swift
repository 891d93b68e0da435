internal import NIOPosix

/// Threads for what blocks: files, signals, waiting for the end of processes.
struct BlockingThreads: Sendable {
    private let pool: NIOThreadPool

    init(count: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    /// Runs `body` on one of the threads.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await pool.runIfActive(body)
    }

    /// Runs `body` on one of the threads.
    func run(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            pool.submit { _ in
                body()
                done.resume()
            }
        }
    }

    /// Ends the threads when what waits has run.
    func end() {
        pool.shutdownGracefully { _ in }
    }

    /// Runs `body` on one of the threads, some time soon.
    func submit(_ body: @escaping @Sendable () -> Void) {
        pool.submit { _ in body() }
    }
}
