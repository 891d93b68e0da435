internal import CCurl
internal import CurlShims
internal import Logging
internal import Synchronization

/// Starts the curl thread and speaks to it; ends it when it goes away itself.
final class TransferEngine: Sendable {
    private let mailbox: Mailbox
    private let lastID = Atomic<UInt64>(0)
    private let maximumQueuedBytes: Int

    /// libcurl's own set-up, once a process.
    private static let globalCode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    init(
        configuration: ClaudeConfiguration,
        generator: any RandomNumberGenerator & Sendable,
        logger: Logger
    ) throws(ClaudeConfigurationError) {
        guard Self.globalCode == CURLE_OK else {
            throw .unavailable(
                operation: "curl_global_init",
                code: Int(Self.globalCode.rawValue),
                message: "libcurl is unusable"
            )
        }
        let endpoint = try Endpoint(configuration)
        guard let mailbox = Mailbox() else {
            throw .unavailable(operation: "curl_multi_init", code: 0, message: "out of memory")
        }
        // Connections that are kept when nothing runs.
        vibe_curl_multi_setopt_long(mailbox.multi, CURLMOPT_MAXCONNECTS, 64)
        self.mailbox = mailbox
        maximumQueuedBytes = configuration.maximumQueuedBytes
        let loop = TransferLoop(
            endpoint: endpoint,
            configuration: configuration,
            mailbox: mailbox,
            generator: generator,
            logger: logger
        )
        let context = Unmanaged.passRetained(loop)
        let code = vibe_thread_start(
            "claude-curl",
            { context in
                guard let context else { return }
                Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
            },
            context.toOpaque()
        )
        guard code == 0 else {
            context.release()
            _ = mailbox.close()
            curl_multi_cleanup(mailbox.multi)
            throw .unavailable(
                operation: "pthread_create",
                code: Int(code),
                message: "no thread for the model's client"
            )
        }
    }

    deinit {
        mailbox.post(.shutdown)
    }

    func start(_ request: MessagesRequest) -> MessageStreamSource {
        let queue = EventQueue(maximumBytes: maximumQueuedBytes)
        let id = lastID.add(1, ordering: .relaxed).newValue
        do {
            let body = try request.encoded()
            if !mailbox.post(.start(id: id, body: body, queue: queue)) { queue.end(.cancelled) }
        } catch {
            queue.end(.malformed("The request cannot be written as JSON."))
        }
        return MessageStreamSource(id: id, queue: queue, engine: self)
    }

    func cancel(_ id: UInt64) {
        mailbox.post(.cancel(id: id))
    }

    func resume(_ id: UInt64) {
        mailbox.post(.resume(id: id))
    }

    func shutdown() async {
        mailbox.post(.shutdown)
        await mailbox.end()
    }
}

/// The reader's end of one request.
///
/// Letting go of it cancels the request.
final class MessageStreamSource: ModelStreamSource {
    private let id: UInt64
    private let queue: EventQueue
    private let engine: TransferEngine

    init(id: UInt64, queue: EventQueue, engine: TransferEngine) {
        self.id = id
        self.queue = queue
        self.engine = engine
    }

    deinit {
        cancel()
    }

    func nextBatch() async throws -> [ModelEvent]? {
        try await withTaskCancellationHandler {
            let (events, resumes) = try await queue.next()
            if resumes { engine.resume(id) }
            return events
        } onCancel: {
            cancel()
        }
    }

    func cancel() {
        if queue.cancel() { engine.cancel(id) }
    }

    var usage: TokenUsage { queue.usage }
}
