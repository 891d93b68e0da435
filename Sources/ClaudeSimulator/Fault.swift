/// Something that goes wrong on purpose, with the number of requests that it hits.
package struct Fault: Sendable, Equatable {
    /// What goes wrong.
    package enum Kind: String, Sendable, CaseIterable {
        /// Answer 429 `rate_limit_error` with a `retry-after` header.
        case rateLimit = "429"
        /// Answer 529 `overloaded_error`.
        case overloaded = "529"
        /// Answer 500 `api_error`.
        case internalError = "500"
        /// Close the connection in the middle of the answer.
        case dropMidStream = "drop-mid-stream"
        /// Begin the answer, then say nothing more and keep the connection open.
        case stall
        /// End the answer half-way with the stop reason `max_tokens`.
        case maximumTokens = "max-tokens"
        /// Answer a component with a syntax error.
        case badComponent = "bad-component"
    }

    /// What goes wrong.
    package var kind: Kind
    /// The requests hit, from 1; `nil` for all.
    ///
    /// `badComponent` counts code requests only, and without a count hits the first code answer of each conversation.
    package var count: Int?

    /// Creates a fault that hits the first `count` requests, or all.
    package init(_ kind: Kind, count: Int? = nil) {
        self.kind = kind
        self.count = count
    }

    /// Reads `NAME` or `NAME:COUNT` as written on the command line; `nil` for an unknown name or a count below 1.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let kind = Kind(rawValue: String(name)) else { return nil }
        guard parts.count == 2 else {
            self.init(kind)
            return
        }
        guard let count = Int(parts[1]), count >= 1 else { return nil }
        self.init(kind, count: count)
    }
}
