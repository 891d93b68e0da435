/// What a slow reader has not been given of one channel: where to go on in its history, and the newest of what has none.
///
/// Bound to the connection's event loop.
final class Backlog {
    /// The last publication that the reader was given; `nil` when it has missed none.
    private(set) var after: UInt64?
    /// The newest publication that it was not given.
    private(set) var through: UInt64 = 0
    /// Whether the history is being read.
    var isReading = false
    /// Of each thing without history the newest, in the order in which things were first missed.
    private(set) var kept: [Frame] = []
    private var places: [String: Int] = [:]

    /// Notes a delivery that is not sent now.
    ///
    /// - Returns: false when nothing can stand for it later: it has neither history nor a key.
    func take(_ delivery: Delivery.Kind, hasHistory: Bool) -> Bool {
        switch delivery {
        case .publication(let publication, _) where hasHistory:
            if after == nil { after = publication.offset - 1 }
            through = publication.offset
        case .publication(let publication, let key?):
            keep(publication.frame, for: key)
        case .presence(let frame, let client):
            keep(frame, for: client)
        case .publication, .closed:
            return false
        }
        return true
    }

    /// The reader has been given everything up to `offset`.
    ///
    /// - Returns: whether that is all there is.
    func caughtUp(through offset: UInt64) -> Bool {
        kept = []
        places = [:]
        after = offset
        return offset >= through
    }

    private func keep(_ frame: Frame, for key: String) {
        if let place = places[key] {
            kept[place] = frame
        } else {
            places[key] = kept.count
            kept.append(frame)
        }
    }
}
