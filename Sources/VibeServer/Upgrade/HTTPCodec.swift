internal import NIOCore
internal import NIOHTTP1

/// NIO's HTTP/1.1 decoder and encoder for one connection.
struct HTTPCodec {
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    let encoder = HTTPResponseEncoder()

    init(options: UpgradeOptions) {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = options.maximumHeaderFieldBytes
        limits.maxHeaderListSize = options.maximumHeaderListBytes
        limits.maxHeaderFieldCount = options.maximumHeaderFields
        // What follows an upgrade request stays in the decoder, and comes out when it is removed.
        decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)
        )
    }
}
