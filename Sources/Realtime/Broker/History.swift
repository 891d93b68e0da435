internal import NIOCore

/// How much of a channel's past is kept.
package struct HistoryOptions: Sendable {
    /// Publications kept at most, merged ones counted once; 0 keeps none.
    ///
    /// 1,024 by default.
    package var maximumPublications = 1_024
    /// How long one is kept; 5 minutes by default.
    package var maximumAge: Duration = .seconds(300)
    /// Bytes of publications kept at most; 4 MiB by default.
    package var maximumBytes = 4_194_304
    /// Publications of one unbroken run that are kept as one, where their events can be merged; 32 by default.
    package var maximumMerged = 32

    package init() {}

    /// Keeps nothing.
    package static let none: HistoryOptions = {
        var options = HistoryOptions()
        options.maximumPublications = 0
        return options
    }()
}

/// Which part of a channel's past is asked for.
package struct HistoryRequest: Sendable, Equatable {
    /// Only what comes after it, or before it when `isReverse`; `nil` for all that is kept.
    package var since: StreamPosition?
    /// Publications at most; `nil` for all.
    package var limit: Int?
    /// The newest first.
    package var isReverse = false

    package init(since: StreamPosition? = nil, limit: Int? = nil, isReverse: Bool = false) {
        self.since = since
        self.limit = limit
        self.isReverse = isReverse
    }
}

/// A part of a channel's past.
package struct HistoryPage: Sendable {
    /// In the order that was asked for; merged runs stand under their last offset.
    package var publications: [EncodedPublication]
    /// Where the stream stands.
    package var position: StreamPosition

    package init(publications: [EncodedPublication], position: StreamPosition) {
        self.publications = publications
        self.position = position
    }
}

/// A point in a channel's stream of publications.
package struct StreamPosition: Sendable, Equatable {
    /// Which numbering the offset belongs to; never empty.
    package var epoch: String
    /// The last publication's number; 0 before the first.
    package var offset: UInt64

    package init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}
