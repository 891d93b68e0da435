internal import HTTPTypes
internal import Orchestration

/// Why a page cannot be shown now, and what is said instead: by a page to people, as an error to programs.
struct Absence: Sendable {
    /// For programs.
    let code: RefusalCode
    /// The page's content of `vibe-reason`.
    let reason: String
    let heading: String
    let sentence: String
    /// Seconds until it is worth asking again; `nil` where waiting is in vain.
    let retryAfter: Int?

    /// The server ends, or has only just begun.
    static let restarting = Absence(
        .shuttingDown,
        "restarting",
        "The server is restarting",
        "Your work is kept. This page opens by itself as soon as the server is back.",
        5
    )

    /// Why a preview is not there; `nil` for one that runs.
    ///
    /// - Parameters:
    ///   - target: where its requests go.
    ///   - title: the app's, where it is known.
    init?(target: PreviewTarget, title: String?) {
        switch target {
        case .running:
            return nil
        case .starting:
            let name = title.flatMap { $0.isEmpty ? nil : $0 } ?? "the app"
            self.init(
                .previewStarting,
                "waking",
                "Waking \(name)",
                "This usually takes under two seconds.",
                1
            )
        case .full:
            self.init(
                .previewFull,
                "full",
                "Every sandbox is awake",
                "This page opens by itself as soon as one is free.",
                5
            )
        case .empty:
            self.init(
                .previewEmpty,
                "empty",
                "The first version appears here",
                "This page opens by itself as soon as it is made.",
                2
            )
        case .terminated:
            self.init(.terminated, "ended", "This app has been ended", "Its conversation is kept.", nil)
        case .unknown:
            self.init(
                .unknownApp,
                "unknown",
                "No app at this address",
                "It may have been taken down, or the link lost a letter on the way.",
                nil
            )
        }
    }

    private init(
        _ code: RefusalCode,
        _ reason: String,
        _ heading: String,
        _ sentence: String,
        _ retryAfter: Int?
    ) {
        self.code = code
        self.reason = reason
        self.heading = heading
        self.sentence = sentence
        self.retryAfter = retryAfter
    }

    var status: HTTPResponse.Status { code.status }

    /// The same for a caller that does not take HTML.
    var refusal: APIError {
        var fields = HTTPFields()
        fields[.retryAfter] = retryAfter.map(String.init)
        return APIError(code, headers: fields)
    }
}
