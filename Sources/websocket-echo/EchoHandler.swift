internal import NIOCore
internal import NIOExtras
internal import WebSocketCodec

/// Sends every message back, answers pings and closes; what one read brought is answered with one flush.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Large enough for every case of the conformance suites: 16 MiB, in fragments of 64 bytes if need be.
    private static let limits = WebSocketLimits(
        maximumFrameBytes: 16 << 20,
        maximumMessageBytes: 16 << 20,
        maximumFragments: 1 << 20
    )

    private var decoder: MessageDecoder
    private var compressor: MessageCompressor?
    private var isClosing = false

    /// - Parameter compression: What the handshake has negotiated; every message is then compressed, however small.
    init(compression: CompressionParameters?) {
        decoder = MessageDecoder(limits: Self.limits, compression: compression)
        var options = CompressionOptions()
        options.threshold = 0
        compressor = compression.map { MessageCompressor($0, options: options) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        var replies = context.channel.allocator.buffer(capacity: 0)
        do throws(WebSocketError) {
            while let event = try decoder.next() {
                answer(event, into: &replies)
            }
        } catch {
            isClosing = true
            FrameEncoder.writeClose(CloseStatus(code: error.closeCode), into: &replies)
        }
        guard replies.readableBytes > 0 else { return }
        send(replies, context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent, !isClosing else {
            return context.fireUserInboundEventTriggered(event)
        }
        isClosing = true
        var farewell = context.channel.allocator.buffer(capacity: 4)
        FrameEncoder.writeClose(CloseStatus(code: 1001), into: &farewell)
        send(farewell, context)
    }

    private func answer(_ event: WebSocketEvent, into replies: inout ByteBuffer) {
        switch event {
        case .text(let payload): echo(.text, payload, into: &replies)
        case .binary(let payload): echo(.binary, payload, into: &replies)
        case .ping(let payload): FrameEncoder.write(.pong, payload: payload, into: &replies)
        case .pong: break
        case .close(let status):
            isClosing = true
            FrameEncoder.writeClose(status.map { CloseStatus(code: $0.code) }, into: &replies)
        }
    }

    private func echo(_ opcode: Opcode, _ payload: ByteBuffer, into replies: inout ByteBuffer) {
        if compressor != nil {
            compressor?.write(opcode, payload: payload, into: &replies)
        } else {
            FrameEncoder.write(opcode, payload: payload, into: &replies)
        }
    }

    private func send(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard isClosing else {
            return context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
