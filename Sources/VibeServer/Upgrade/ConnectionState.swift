internal import NIOHTTP1

/// Where a connection stands between its requests and responses.
struct ConnectionState {
    /// What is awaited.
    enum Phase: Equatable {
        /// The first byte of a request.
        case idle
        /// The rest of a request's head.
        case arriving
        /// The end of a request that asks for a WebSocket.
        case upgradeArriving
        /// The router's decision about it.
        case deciding
        /// Hummingbird's handlers, for the first ordinary request.
        case attaching
        /// The rest of a request's body; the response may have begun.
        case receiving
        /// The end of the response; the request is whole.
        case answering
        /// The rest of a body whose response has ended.
        case discarding
        /// The peer's close, after the last response; what it sends is thrown away.
        case closing
        /// Nothing: the pipeline belongs to what the connection was upgraded to.
        case upgraded
    }

    var phase = Phase.idle
    /// Whether Hummingbird's handlers are there.
    var isAttached = false
    /// Whether the router has passed the first request on, so that it is not asked again.
    var isPassed = false
    /// Whether the server is shutting down.
    var isQuiescing = false
    /// Whether the peer has closed its sending side.
    var isInputClosed = false
    /// Whether everything that was to be written before closing is written.
    var isFlushed = false

    /// Whether the current request ends what the decoder takes as HTTP.
    var endsDecoding = false
    /// Whether the current response's head is on its way.
    var isResponseBegun = false
    /// Whether the connection is closed behind the current response.
    var closesAfterResponse = false

    /// Whether somebody asked for bytes and has got none yet: only then is a peer to blame for silence.
    var wantsBytes = true
    /// Whether a read was asked for and held back.
    var isReadHeld = false

    /// Whether nothing may be read now, for it could only pile up.
    var holdsReads: Bool {
        switch phase {
        case .deciding, .attaching: true
        case .answering: endsDecoding
        default: false
        }
    }

    /// Whether an item from the front of the queue can be handled now.
    func isReady(for item: ConnectionItem) -> Bool {
        switch (phase, item) {
        case (.deciding, _), (.attaching, _), (.closing, _), (.upgraded, _): false
        case (.answering, .inputClosed): true
        case (.answering, _): false
        default: true
        }
    }

    /// Begins a request that Hummingbird answers.
    mutating func beginRequest(_ head: HTTPRequestHead) {
        phase = .receiving
        isPassed = false
        isResponseBegun = false
        endsDecoding = RequestCheck.endsDecoding(head)
        closesAfterResponse = endsDecoding || isQuiescing || !head.isKeepAlive
    }

    /// Begins its response, and says in it whether the connection is closed afterwards.
    mutating func beginResponse(_ head: inout HTTPResponseHead) {
        isResponseBegun = true
        if !head.isKeepAlive { closesAfterResponse = true }
        if closesAfterResponse { head.headers.replaceOrAdd(name: "Connection", value: "close") }
    }
}

/// Something that came from the peer, in its order.
enum ConnectionItem {
    case part(HTTPServerRequestPart)
    /// What the decoder could not take; nothing follows it but the end of input.
    case failure(HTTPParserError)
    case inputClosed
}
