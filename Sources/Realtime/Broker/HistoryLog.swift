internal import NIOCore

/// The publications of one channel that are kept, oldest first.
///
/// Pure: time is told. An unbroken run of mergeable events is kept as blocks of some, and read as one publication.
struct HistoryLog {
    /// One publication, or a block of a run.
    struct Entry {
        /// The last publication's offset.
        var offset: UInt64
        /// When the last one was made.
        var time: NIODeadline
        var event: any ChannelEvent
        var publisher: ClientIdentity?
        /// As it was sent; `nil` once it stands for several.
        var encoded: EncodedPublication?
        /// How many it stands for.
        var count = 1
        /// At most what its event takes on the wire.
        var bytes: Int
        /// Of entries with one key only the newest is kept.
        var key: String?
    }

    private let options: HistoryOptions
    private var entries = CircularBuffer<Entry>()
    private var bytes = 0
    /// The newest publication that was let go because of a limit; what comes after it is here, or stands behind a newer
    /// one of the same key.
    private(set) var lostThrough: UInt64 = 0

    init(options: HistoryOptions) {
        self.options = options
    }

    /// Entries that are kept.
    var count: Int { entries.count }
    /// Bytes that they take at most on the wire.
    var byteCount: Int { bytes }

    /// Keeps a publication, and lets go of what is too much or too old.
    mutating func append(_ draft: Draft, _ encoded: EncodedPublication, now: NIODeadline) {
        guard options.maximumPublications > 0, let event = draft.event else {
            lostThrough = encoded.offset
            return
        }
        var entry = Entry(
            offset: encoded.offset,
            time: now,
            event: event,
            publisher: draft.publisher,
            encoded: encoded,
            bytes: encoded.publication.readableBytes,
            key: event.compactionKey
        )
        if let key = entry.key { replaceOlder(of: key, with: &entry) }
        if !mergeIntoLast(entry) { entries.append(entry) }
        bytes += entry.bytes
        trim(now: now)
    }

    /// Lets go of what is too much or too old.
    mutating func trim(now: NIODeadline) {
        let oldest = now - TimeAmount(options.maximumAge)
        while let first = entries.first,
            entries.count > options.maximumPublications || bytes > options.maximumBytes || first.time < oldest
        {
            entries.removeFirst()
            bytes -= first.bytes
            lostThrough = first.offset
        }
    }

    /// What was published after `offset`, oldest first: runs that can be merged stand as one entry.
    ///
    /// `nil` when a part of it is gone.
    func runs(after offset: UInt64) -> [Entry]? {
        guard offset >= lostThrough else { return nil }
        return merged(entries[start(after: offset)...])
    }

    /// Entries in the order asked for, merged as they are kept.
    ///
    /// - Parameters:
    ///   - offset: the point to go on from: only what comes after it, before it when `isReverse`; `nil` for everything.
    ///   - limit: entries at most.
    ///   - isReverse: the newest first.
    /// - Returns: the entries.
    func page(from offset: UInt64?, limit: Int?, isReverse: Bool) -> [Entry] {
        let limit = min(limit ?? .max, entries.count)
        guard isReverse else {
            return Array(entries[(offset.map(start(after:)) ?? entries.startIndex)...].prefix(limit))
        }
        let end = offset.map { offset in entries.firstIndex { $0.offset >= offset } ?? entries.endIndex }
        return entries[..<(end ?? entries.endIndex)].suffix(limit).reversed()
    }

    /// Forgets everything.
    mutating func removeAll() {
        if let last = entries.last { lostThrough = last.offset }
        entries.removeAll()
        bytes = 0
    }

    /// Makes one entry of each run that can be merged.
    private func merged(_ entries: some Collection<Entry>) -> [Entry] {
        var result: [Entry] = []
        for entry in entries {
            if let last = result.indices.last, result[last].absorb(entry) { continue }
            result.append(entry)
        }
        return result
    }

    private mutating func mergeIntoLast(_ entry: Entry) -> Bool {
        guard let index = entries.indices.last, entries[index].count < options.maximumMerged else { return false }
        return entries[index].absorb(entry)
    }

    private mutating func replaceOlder(of key: String, with entry: inout Entry) {
        guard let index = entries.lastIndex(where: { $0.key == key }) else { return }
        let older = entries.remove(at: index)
        bytes -= older.bytes
        guard let event = entry.event.replacing(older.event) else { return }
        entry.event = event
        entry.encoded = nil
    }

    /// The index of the first entry with something newer than `offset`: the entries' offsets rise.
    private func start(after offset: UInt64) -> CircularBuffer<Entry>.Index {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[entries.index(entries.startIndex, offsetBy: middle)].offset > offset {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return entries.index(entries.startIndex, offsetBy: low)
    }
}

extension HistoryLog.Entry {
    /// Takes in the entry that follows at once; false when the two cannot be one.
    fileprivate mutating func absorb(_ next: HistoryLog.Entry) -> Bool {
        // What has stood between them may have been replaced by something newer: then they do not follow each other.
        guard next.offset - UInt64(next.count) == offset, publisher == nil, next.publisher == nil, key == nil,
            next.key == nil, event.absorb(next.event)
        else { return false }
        offset = next.offset
        time = next.time
        count += next.count
        bytes += next.bytes
        encoded = nil
        return true
    }
}

extension ChannelEvent {
    /// Takes in an event of the same type.
    fileprivate mutating func absorb(_ next: any ChannelEvent) -> Bool {
        guard Self.canMerge, let next = next as? Self else { return false }
        return merge(next)
    }

    /// What stands for this event and an older one of its key; `nil` when it stands for itself.
    fileprivate func replacing(_ older: any ChannelEvent) -> Self? {
        (older as? Self).flatMap { standing(for: $0) }
    }
}
