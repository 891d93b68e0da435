package import NIOCore
package import NIOHTTP1

/// Decides what happens to the first request of a connection when it asks for an upgrade.
///
/// NIO upgrades only the first request of a connection: a later one is answered 426 with `Connection: close`.
package protocol UpgradeRouter: Sendable {
    /// Called on the channel's event loop, with reading paused until the decision is there.
    func decide(_ head: HTTPRequestHead, channel: any Channel) -> EventLoopFuture<UpgradeDecision>
}

/// What to do with an upgrade request.
package enum UpgradeDecision: Sendable {
    /// Not ours: it goes to the HTTP routes as an ordinary request.
    case pass
    /// Answered with this status and a JSON error body (`{"error":{"code","message","request_id"}}`); then the connection is
    /// closed and whatever was pipelined behind it stays unread.
    case refuse(status: HTTPResponseStatus, headers: HTTPHeaders, code: String, message: String)
    /// Answered with 101 and these headers; then the HTTP handlers leave the pipeline and `install` adds what follows.
    /// Bytes that arrived behind the request are delivered to what `install` added.
    case accept(headers: HTTPHeaders, install: @Sendable (any Channel) -> EventLoopFuture<Void>)
}
