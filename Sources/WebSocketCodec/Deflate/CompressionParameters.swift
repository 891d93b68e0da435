/// What both sides of a connection have agreed on for permessage-deflate (RFC 7692 §7.1).
package struct CompressionParameters: Sendable, Equatable {
    /// Whether the server starts each message with an empty window.
    package var serverNoContextTakeover = false
    /// Whether the client starts each message with an empty window.
    package var clientNoContextTakeover = false
    /// The server's window in bits, 9 to 15; `nil` where nothing was said, which means 15.
    package var serverWindowBits: Int?
    /// The client's window in bits, 8 to 15; `nil` where nothing was said, which means 15.
    package var clientWindowBits: Int?

    package init() {}

    /// The value of `Sec-WebSocket-Extensions` in the 101 response.
    package var headerValue: String {
        var value = ExtensionOffer.permessageDeflate
        if serverNoContextTakeover { value += "; server_no_context_takeover" }
        if clientNoContextTakeover { value += "; client_no_context_takeover" }
        if let serverWindowBits { value += "; server_max_window_bits=\(serverWindowBits)" }
        if let clientWindowBits { value += "; client_max_window_bits=\(clientWindowBits)" }
        return value
    }

    /// Accepts the first offer that the policy allows.
    ///
    /// An offer with an unknown, repeated or malformed parameter is declined, and a header that breaks the grammar declines
    /// all: the connection then goes on without compression. No offer fails a handshake.
    ///
    /// - Parameters:
    ///   - values: The values of the request's `Sec-WebSocket-Extensions`, in their order.
    ///   - policy: What the server wants.
    /// - Returns: What to answer and to use, or `nil` to use no compression.
    package static func negotiate(_ values: [String], policy: CompressionPolicy) -> CompressionParameters? {
        guard let offers = ExtensionOffer.parse(values) else { return nil }
        for offer in offers where offer.name == ExtensionOffer.permessageDeflate {
            if let accepted = accept(offer, policy) { return accepted }
        }
        return nil
    }

    private static func accept(_ offer: ExtensionOffer, _ policy: CompressionPolicy) -> CompressionParameters? {
        guard var parameters = read(offer) else { return nil }
        switch policy {
        case .noContextTakeover:
            guard parameters.serverWindowBits ?? 15 == 15 else { return nil }
            parameters.serverNoContextTakeover = true
            parameters.clientNoContextTakeover = true
        case .contextTakeover:
            // zlib has no raw deflation with a window of 256 bytes.
            guard parameters.serverWindowBits != 8 else { return nil }
        }
        return parameters
    }

    /// The offer's parameters; `nil` when one of them is unknown, repeated or has a value that it must not have.
    private static func read(_ offer: ExtensionOffer) -> CompressionParameters? {
        var parameters = CompressionParameters()
        var seen: Set<String> = []
        for (name, value) in offer.parameters {
            guard seen.insert(name).inserted else { return nil }
            switch (name, value) {
            case ("server_no_context_takeover", nil): parameters.serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): parameters.clientNoContextTakeover = true
            // Only says that the client can limit its window; nothing needs to be answered (RFC 7692 §7.1.2.2).
            case ("client_max_window_bits", nil): break
            case ("server_max_window_bits", let value?):
                guard let bits = windowBits(value) else { return nil }
                parameters.serverWindowBits = bits
            case ("client_max_window_bits", let value?):
                guard let bits = windowBits(value) else { return nil }
                parameters.clientWindowBits = bits
            default: return nil
            }
        }
        return parameters
    }

    /// 8 to 15, in decimal and without leading zeros (RFC 7692 §7.1.2).
    private static func windowBits(_ text: String) -> Int? {
        (8...15).first { String($0).utf8.elementsEqual(text.utf8) }
    }
}

extension CompressionParameters {
    /// How the messages are compressed that one side sends.
    func direction(from sender: WebSocketRole) -> (keepsContext: Bool, windowBits: Int) {
        switch sender {
        case .server: (!serverNoContextTakeover, serverWindowBits ?? 15)
        case .client: (!clientNoContextTakeover, clientWindowBits ?? 15)
        }
    }
}
