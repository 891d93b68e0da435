internal import HTTPTypes
internal import Hummingbird

extension Request {
    /// Whether a person's browser asks for a page.
    var takesHTML: Bool { headers[values: .accept].contains { $0.lowercased().contains("text/html") } }
}
