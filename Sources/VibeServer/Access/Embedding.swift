/// Which other sites may show apps in a frame (`VIBE_EMBED_ORIGINS`).
package enum Embedding: Sendable, Equatable {
    case anywhere
    /// These origins, and the platform itself.
    case on([WebOrigin])
}
