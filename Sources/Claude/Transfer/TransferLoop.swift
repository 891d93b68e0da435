internal import CCurl
internal import CurlShims
internal import Logging

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// libcurl's multi interface on its one thread, and all state that belongs to it.
///
/// Everything here runs on that thread but `init`. libcurl's callbacks take bytes and nothing else; handles are added, removed,
/// paused and resumed here, between two calls of `curl_multi_perform`.
final class TransferLoop {
    private let endpoint: Endpoint
    private let configuration: ClaudeConfiguration
    private let policy: RetryPolicy
    private let logger: Logger
    private let multi: UnsafeMutableRawPointer
    private let mailbox: Mailbox
    private var generator: any RandomNumberGenerator
    private var exchanges: [UInt64: Exchange] = [:]
    private var exchangeIDs: [UnsafeMutableRawPointer: UInt64] = [:]

    init(
        endpoint: Endpoint,
        configuration: ClaudeConfiguration,
        mailbox: Mailbox,
        generator: any RandomNumberGenerator,
        logger: Logger
    ) {
        self.endpoint = endpoint
        self.configuration = configuration
        multi = mailbox.multi
        self.mailbox = mailbox
        self.generator = generator
        self.logger = logger
        policy = RetryPolicy(configuration)
    }

    /// Runs until a shutdown is asked for, then frees everything.
    func run() {
        while handleCommands() {
            var running: Int32 = 0
            let code = curl_multi_perform(multi, &running)
            if code == CURLM_OK { collect() } else { failAll(operation: "curl_multi_perform", code: code) }
            let timeout = checkDeadlines()
            let polled = curl_multi_poll(multi, nil, 0, Int32(timeout), nil)
            if polled != CURLM_OK {
                logger.error("model transfers cannot wait", metadata: ["curl.code": "\(polled.rawValue)"])
                usleep(10_000)
            }
        }
        let late = mailbox.close()
        for exchange in exchanges.values { finish(exchange, with: .cancelled) }
        for case .start(_, _, let queue) in late { queue.end(.cancelled) }
        curl_multi_cleanup(multi)
        mailbox.announceEnd()
    }

    // MARK: Commands

    /// Does what was asked for, in order.
    ///
    /// - Returns: false when the loop is to end.
    private func handleCommands() -> Bool {
        var goesOn = true
        for command in mailbox.take() {
            switch command {
            case .start(let id, let body, let queue):
                guard goesOn else {
                    queue.end(.cancelled)
                    continue
                }
                let exchange = Exchange(id: id, body: body, queue: queue)
                exchanges[id] = exchange
                begin(exchange)
            case .cancel(let id):
                guard let exchange = exchanges[id] else { continue }
                logger.debug("model request cancelled", metadata: metadata(exchange))
                finish(exchange, with: .cancelled)
            case .resume(let id):
                if let exchange = exchanges[id] { resume(exchange) }
            case .shutdown:
                goesOn = false
            }
        }
        return goesOn
    }

    private func resume(_ exchange: Exchange) {
        guard let transfer = exchange.transfer, transfer.isPaused else { return }
        transfer.isPaused = false
        transfer.lastActivity = .now
        // May call the write callback, which may pause again; its error is not told by `curl_multi_info_read`.
        let code = curl_easy_pause(transfer.easy, 0)
        if code != CURLE_OK { attemptEnded(exchange, code: code) }
    }

    // MARK: Attempts

    private func begin(_ exchange: Exchange, isFresh: Bool = false) {
        exchange.retryAt = nil
        do throws(ModelError) {
            let transfer = try Transfer(
                endpoint: endpoint,
                configuration: configuration,
                body: exchange.body,
                queue: exchange.queue,
                isFresh: isFresh,
                now: .now
            )
            let code = curl_multi_add_handle(multi, transfer.easy)
            guard code == CURLM_OK else {
                transfer.close()
                throw .connection(code: Int32(code.rawValue), message: "curl_multi_add_handle failed")
            }
            exchange.transfer = transfer
            exchangeIDs[transfer.easy] = exchange.id
        } catch {
            logger.error("model request could not begin", metadata: metadata(exchange, error))
            finish(exchange, with: error)
        }
    }

    /// Takes the transfer off the wire.
    ///
    /// A connection whose answer has not ended is closed with it.
    private func detach(_ exchange: Exchange) {
        guard let transfer = exchange.transfer else { return }
        exchange.transfer = nil
        exchangeIDs[transfer.easy] = nil
        curl_multi_remove_handle(multi, transfer.easy)
        transfer.close()
    }

    private func collect() {
        var left: Int32 = 0
        var ended: [(UnsafeMutableRawPointer, CURLcode)] = []
        while let message = curl_multi_info_read(multi, &left) {
            // The message is libcurl's and goes away with the handle.
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            ended.append((easy, message.pointee.data.result))
        }
        for (easy, code) in ended {
            guard let id = exchangeIDs[easy], let exchange = exchanges[id] else { continue }
            attemptEnded(exchange, code: code)
        }
    }

    private func attemptEnded(_ exchange: Exchange, code: CURLcode) {
        guard let transfer = exchange.transfer else { return }
        if !exchange.hasRetriedStale, transfer.wasStale(code) {
            logger.debug("model connection was stale", metadata: metadata(exchange))
            exchange.hasRetriedStale = true
            detach(exchange)
            begin(exchange, isFresh: true)
            return
        }
        conclude(exchange, transfer.end(code: code))
    }

    /// Ends the attempt: with the request's end, or with a wait for the next attempt.
    private func conclude(_ exchange: Exchange, _ end: TransportEnd) {
        guard let transfer = exchange.transfer else { return }
        transfer.finish()
        let reader = transfer.reader
        if reader.skippedEvents > 0 {
            var metadata = metadata(exchange)
            metadata["claude.skipped_events"] = "\(reader.skippedEvents)"
            logger.warning("model events could not be read and were passed over", metadata: metadata)
        }
        detach(exchange)
        guard let error = reader.outcome(of: end, now: time(nil)) else { return finish(exchange, with: nil) }
        guard
            !reader.hasText,
            let delay = policy.delay(
                after: error,
                advice: reader.head.shouldRetry,
                retries: exchange.retries,
                using: &generator
            )
        else {
            // A complete answer has been told already.
            if transfer.completedAt == nil {
                logger.warning("model request failed", metadata: metadata(exchange, error))
            }
            return finish(exchange, with: error)
        }
        exchange.retries += 1
        logger.notice("model request is tried again", metadata: metadata(exchange, error))
        exchange.queue.append(
            [.retrying(attempt: exchange.retries, delay: delay, reason: error)],
            usage: reader.usage
        )
        exchange.retryAt = .now + delay
    }

    private func finish(_ exchange: Exchange, with error: ModelError?) {
        detach(exchange)
        exchanges[exchange.id] = nil
        exchange.queue.end(error)
    }

    private func failAll(operation: String, code: CURLMcode) {
        logger.error(
            "model transfers failed",
            metadata: ["curl.operation": "\(operation)", "curl.code": "\(code.rawValue)"]
        )
        for exchange in exchanges.values {
            finish(exchange, with: .connection(code: Int32(code.rawValue), message: "\(operation) failed"))
        }
    }

    // MARK: Time

    /// Does what is due.
    ///
    /// - Returns: milliseconds until something will be.
    private func checkDeadlines() -> Int {
        let now = ContinuousClock.now
        var due: [Exchange] = []
        var next: ContinuousClock.Instant?
        for exchange in exchanges.values {
            if let transfer = exchange.transfer {
                if transfer.sawBytes {
                    transfer.sawBytes = false
                    transfer.lastActivity = now
                }
                if transfer.stoppedAt == nil, transfer.reader.isStopping { transfer.stoppedAt = now }
                if transfer.completedAt == nil, transfer.reader.isComplete {
                    transfer.completedAt = now
                    complete(exchange, transfer)
                }
            }
            guard let deadline = exchange.deadline(configuration) else { continue }
            if deadline <= now { due.append(exchange) } else { next = min(next ?? deadline, deadline) }
        }
        for exchange in due {
            if exchange.retryAt != nil { begin(exchange) } else { conclude(exchange, .idle) }
        }
        return due.isEmpty ? min(60_000, next.map { ($0 - now).wholeMilliseconds } ?? 60_000) : 0
    }

    /// Tells the reader the end of the answer, which does not wait for the end of the connection.
    private func complete(_ exchange: Exchange, _ transfer: Transfer) {
        let error = transfer.reader.outcome(of: nil, now: 0)
        if let error {
            logger.warning("model request failed", metadata: metadata(exchange, error))
        } else {
            logger.debug("model request finished", metadata: metadata(exchange))
        }
        exchange.queue.end(error)
    }

    // MARK: Logging. Never prompts, tokens or keys.

    private func metadata(_ exchange: Exchange, _ error: ModelError? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["claude.exchange": "\(exchange.id)", "claude.retries": "\(exchange.retries)"]
        if let head = exchange.transfer?.reader.head {
            metadata["http.status"] = "\(head.status)"
            metadata["claude.request_id"] = head.requestID.map { "\($0)" }
        }
        guard let error else { return metadata }
        metadata["error.type"] = "\(error.name)"
        if !error.message.isEmpty { metadata["error.message"] = "\(error.message)" }
        if let id = error.requestID { metadata["claude.request_id"] = "\(id)" }
        switch error {
        case .service(let status, _, _, _, _):
            metadata["http.status"] = "\(status)"
        case .connection(let code, let message):
            metadata["curl.code"] = "\(code)"
            metadata["curl.message"] = "\(message)"
        default: break
        }
        return metadata
    }
}
