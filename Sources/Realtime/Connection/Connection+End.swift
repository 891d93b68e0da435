internal import Logging
internal import NIOCore
internal import WebSocketCodec

extension Connection {
    /// Ends the connection for a reason of the client protocol.
    func disconnect(_ disconnect: Disconnect) {
        guard life == .open else { return }
        hub.counters.ended(with: disconnect)
        // A slow reader is the operator's business; the rest is the client's own.
        logger.log(
            level: disconnect == .slow ? .info : .debug,
            "client disconnected",
            metadata: ["ws.close_code": "\(disconnect.code)", "ws.close_reason": "\(disconnect.reason)"]
        )
        // It will come back and take the snapshot: what it has not got is of no use to it.
        if disconnect == .slow { outbox.clear() }
        if wire.stream != nil { push(PushWriter.disconnect(disconnect)) }
        self.disconnect(code: disconnect.code, reason: disconnect.reason)
    }

    /// The peer has broken RFC 6455: it is told so, and nothing more is read.
    func fail(_ error: WebSocketError) {
        guard life == .open else { return wire.close() }
        logger.debug("websocket error", metadata: ["ws.close_code": "\(error.closeCode)"])
        disconnect(code: error.closeCode, reason: "")
        flush()
        // No answer can be read any more. Our end of the stream tells the peer that nothing will follow.
        wire.closeOutput()
    }

    /// Queues the close frame; what was queued before goes first, nothing goes after it (RFC 6455 §5.5.1).
    func disconnect(code: UInt16, reason: String) {
        guard life == .open else { return }
        // A one-way stream's request is answered with it; a socket is closed, and needs no answer to `connect` besides.
        if wire.stream != nil { greeting?.fail(ClientError(code: UInt32(code), message: reason)) }
        greeting = nil
        leaveAll()
        if wire.stream != nil {
            life = .closing
            flush()
            wire.closeAfterFlush()
        } else {
            push(opaque: Self.closeFrame(CloseStatus(code: code, reason: reason)))
            life = .closing
        }
        waitForClose()
    }

    /// The peer's close frame: the answer to ours, or one to be answered (RFC 6455 §5.5.1).
    func receiveClose(_ status: CloseStatus?) {
        switch life {
        case .closed: break
        case .closing:
            flush()
            wire.close()
        case .open:
            leaveAll()
            push(opaque: Self.closeFrame(status.map { CloseStatus(code: $0.code) }))
            life = .closing
            flush()
            waitForClose()
            // The server closes first (RFC 6455 §7.1.1), after its answer has left.
            wire.closeAfterFlush()
        }
    }

    /// Cuts the peer off when it does not answer: after one timeout, or as many as it goes on taking what waits for it.
    private func waitForClose(waiting: Int = .max, patience: Int = maximumClosingRounds) {
        timer?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(in: TimeAmount(hub.options.closeTimeout)) {
            let connection = bound.value
            guard connection.life == .closing else { return }
            let stillWaiting = connection.wire.waitingBytes
            if stillWaiting > 0, stillWaiting < waiting, patience > 1 {
                connection.waitForClose(waiting: stillWaiting, patience: patience - 1)
            } else {
                connection.wire.close()
            }
        }
    }

    /// How many timeouts a peer gets that reads slowly: 12, a minute by default.
    private static let maximumClosingRounds = 12

    /// Ends the session and all subscriptions.
    func leaveAll() {
        for subscription in subscriptions.values { leave(subscription) }
        session.ended()
        subscriptions = [:]
        behind = []
        unansweredPing = nil
        expiryTimer?.cancel()
        expiryTimer = nil
    }

    private static func closeFrame(_ status: CloseStatus?) -> ByteBuffer {
        var frame = ByteBuffer()
        FrameEncoder.writeClose(status, into: &frame)
        return frame
    }
}
