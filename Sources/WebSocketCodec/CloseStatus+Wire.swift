internal import NIOCore

extension CloseStatus {
    /// The longest reason that fits a control frame beside the code (RFC 6455 §5.5), in bytes.
    package static let maximumReasonBytes = 123

    /// Whether a peer may send this code (RFC 6455 §7.4; 1012 to 1014 from the IANA registry).
    ///
    /// 1004 to 1006 and 1015 never travel, 1016 to 2999 are reserved, 3000 to 4999 belong to libraries and applications.
    package static func isAllowedOnWire(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// Reads the body of a close frame (RFC 6455 §5.5.1); `nil` for an empty one.
    ///
    /// - Throws: `protocolViolation` for a body of one byte and for a code that must not travel, `invalidUTF8` for a reason
    ///   that is not UTF-8.
    static func read(_ body: ByteBuffer) throws(WebSocketError) -> CloseStatus? {
        var body = body
        guard body.readableBytes > 0 else { return nil }
        guard let code = body.readInteger(as: UInt16.self) else {
            throw .protocolViolation("close body of one byte")
        }
        guard isAllowedOnWire(code) else {
            throw .protocolViolation("close code \(code) must not be sent")
        }
        var validator = UTF8Validator()
        guard body.withUnsafeReadableBytes({ validator.consume($0) }), validator.isComplete else {
            throw .invalidUTF8
        }
        return CloseStatus(code: code, reason: String(buffer: body))
    }
}
