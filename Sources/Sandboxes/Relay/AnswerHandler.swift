internal import NIOCore
internal import NIOHTTP1

/// Collects one answer of bounded size and completes a promise with it.
final class AnswerHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let maximumBytes: Int
    private let promise: EventLoopPromise<RelayAnswer>
    private var status: HTTPResponseStatus?
    private var body = ByteBuffer()

    init(maximumBytes: Int, promise: EventLoopPromise<RelayAnswer>) {
        self.maximumBytes = maximumBytes
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // An interim answer has no use here; a switch of protocols least of all.
            guard head.status.code >= 200 else { return fail(.badAnswer("an interim answer"), context) }
            status = head.status
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= maximumBytes else {
                return fail(.badAnswer("an answer of more than \(maximumBytes) bytes"), context)
            }
            body.writeBuffer(&part)
        case .end:
            guard let status else { return fail(.badAnswer("an answer without a head"), context) }
            promise.succeed(RelayAnswer(status: status, body: body))
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The end of the connection within an answer is an error of the parser too.
        if let error = error as? HTTPParserError, error != .invalidEOFState {
            fail(.badAnswer("an answer that is not HTTP"), context)
        } else {
            fail(.died("the connection broke"), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(SandboxError.died("the connection ended before the answer"))
        context.fireChannelInactive()
    }

    private func fail(_ error: SandboxError, _ context: ChannelHandlerContext) {
        promise.fail(error)
        context.close(promise: nil)
    }
}

/// One whole answer.
struct RelayAnswer: Sendable {
    var status: HTTPResponseStatus
    var body: ByteBuffer
}
