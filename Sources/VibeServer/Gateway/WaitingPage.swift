internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Orchestration

/// What a preview's host shows while there is no preview: it opens by itself as soon as there is one.
struct WaitingPage: Sendable {
    private let status: HTTPResponse.Status
    private let code: String
    private let heading: String
    private let sentence: String
    /// Seconds until the page asks again; `nil` where waiting is in vain.
    private let retryAfter: Int?

    /// `nil` for a preview that runs.
    init?(target: PreviewTarget, title: String?) {
        switch target {
        case .running:
            return nil
        case .starting:
            let name = title.flatMap { $0.isEmpty ? nil : $0 } ?? "this app"
            self.init(
                .serviceUnavailable,
                "preview_starting",
                "Waking \(name).",
                "This usually takes under two seconds.",
                1
            )
        case .full:
            self.init(
                .serviceUnavailable,
                "preview_full",
                "Every sandbox is awake.",
                "This page opens by itself as soon as one is free.",
                5
            )
        case .empty:
            self.init(
                .serviceUnavailable,
                "preview_empty",
                "The first version appears here.",
                "Until then, the code is the show.",
                2
            )
        case .terminated:
            self.init(.gone, "terminated", "This app has been ended.", "Its conversation is kept.", nil)
        case .unknown:
            self.init(.notFound, "unknown_app", "No app at this address", "Perhaps the link was cut short.", nil)
        }
    }

    private init(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ heading: String,
        _ sentence: String,
        _ retryAfter: Int?
    ) {
        self.status = status
        self.code = code
        self.heading = heading
        self.sentence = sentence
        self.retryAfter = retryAfter
    }

    /// The same for a caller that does not take HTML.
    var refusal: APIError {
        var fields = HTTPFields()
        fields[.retryAfter] = retryAfter.map(String.init)
        return APIError(status, code, "\(heading) \(sentence)", headers: fields)
    }

    func response(framePolicy: String) -> Response {
        let nonce = RequestIdentifier.make() + RequestIdentifier.make()
        var fields: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "default-src 'none'; style-src 'nonce-\(nonce)'; \(framePolicy)",
            .referrerPolicy: "no-referrer",
        ]
        fields[.retryAfter] = retryAfter.map(String.init)
        return Response(
            status: status,
            headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(string: html(nonce)))
        )
    }

    private func html(_ nonce: String) -> String {
        let refresh = retryAfter.map { "<meta http-equiv=\"refresh\" content=\"\($0)\">\n" } ?? ""
        return """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            \(refresh)<title>\(Self.escaped(heading))</title>
            <style nonce="\(nonce)">
            :root { color-scheme: light dark; --ground: #EFF1E8; --ink: #16211B; --ink-2: #3F4B43; --string: #AD7300 }
            @media (prefers-color-scheme: dark) {
              :root { --ground: #111712; --ink: #EDF1E6; --ink-2: #B9C3B6; --string: #FFC33A }
            }
            body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 16px; box-sizing: border-box;
              background: var(--ground); color: var(--ink); font: 15px/22px Karla, ui-rounded, 'Segoe UI', system-ui;
              text-align: center }
            h1 { font-size: 22px; line-height: 30px; margin: 16px 0 4px; overflow-wrap: anywhere }
            p { margin: 0; color: var(--ink-2) }
            svg { width: 160px; height: 30px; margin: 0 auto; stroke: var(--string); fill: none; stroke-width: 1.75 }
            </style>
            <svg viewBox="0 0 160 30" aria-hidden="true"><path d="M2 8 Q80 38 158 8"/></svg>
            <main role="status"><h1>\(Self.escaped(heading))</h1><p>\(Self.escaped(sentence))</p></main>
            </html>

            """
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
