package import Hummingbird
internal import Logging
package import NIOCore

/// What travels with a request through middleware and routes.
package struct ServerRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's connection.
    package let channel: any Channel
    /// Names the request in the log and in error answers; of ours, never a client's.
    package let requestID: String
    /// The canonical `Host`; set before routing.
    package var authority = Authority(host: "localhost", port: nil)

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        // The framework has put an id of its own into the log: one is enough.
        requestID = source.logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? RequestIdentifier.make()
    }
}

/// Makes ids for requests.
enum RequestIdentifier {
    /// Sixteen hexadecimal digits.
    static func make() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
