/// One event of a `text/event-stream`.
struct ServerSentEvent: Sendable, Equatable {
    /// The `event` field; empty when there was none.
    var name: String
    /// The `data` fields, joined by line feeds.
    ///
    /// Bytes, so that no character is ever cut.
    var data: [UInt8]
}

/// Cuts a `text/event-stream` into events (WHATWG HTML §9.2.6).
///
/// Bytes in, events out.
///
/// Lines end with CR, LF or CRLF and with nothing else, wherever the bytes are cut. An event is given out with its blank line;
/// one that has none when the stream ends is to be dropped, says the standard, which is for the caller of `finish` to decide.
/// `id` and `retry` are ignored: an answer of the model cannot be resumed.
struct ServerSentEventParser: Sendable {
    /// Bytes of one line and of one event's data at most.
    let maximumEventBytes: Int

    /// The line that has begun in an earlier piece.
    private var line: [UInt8] = []
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var previousWasCarriageReturn = false
    private var isFirstLine = true

    init(maximumEventBytes: Int = 1_048_576) {
        self.maximumEventBytes = maximumEventBytes
    }

    /// Whether the stream would end inside an event.
    var isInsideEvent: Bool { !line.isEmpty || hasData }

    /// Takes the next bytes and appends the events that are complete with them.
    ///
    /// - Throws: `ModelError.malformed` for a line or an event over the limit. The parser is of no use afterwards.
    mutating func feed(_ bytes: some Collection<UInt8>, into events: inout [ServerSentEvent]) throws(ModelError) {
        var start = bytes.startIndex
        var index = start
        while index != bytes.endIndex {
            let byte = bytes[index]
            guard byte == 0x0A || byte == 0x0D else {
                previousWasCarriageReturn = false
                bytes.formIndex(after: &index)
                continue
            }
            // The line feed of a CRLF ends nothing: its carriage return did.
            if byte == 0x0D || !previousWasCarriageReturn {
                try append(bytes[start..<index])
                try endLine(into: &events)
            }
            previousWasCarriageReturn = byte == 0x0D
            bytes.formIndex(after: &index)
            start = index
        }
        try append(bytes[start...])
    }

    /// Appends the event in which the stream has ended, if there is one: it may be cut.
    ///
    /// - Throws: as `feed`.
    mutating func finish(into events: inout [ServerSentEvent]) throws(ModelError) {
        if !line.isEmpty { try endLine(into: &events) }
        dispatch(into: &events)
    }

    private mutating func append(_ piece: some Collection<UInt8>) throws(ModelError) {
        guard line.count + piece.count <= maximumEventBytes else { throw tooLarge }
        line.append(contentsOf: piece)
    }

    private mutating func endLine(into events: inout [ServerSentEvent]) throws(ModelError) {
        defer { line.removeAll(keepingCapacity: true) }
        var content = line[...]
        if isFirstLine {
            isFirstLine = false
            if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        }
        guard !content.isEmpty else { return dispatch(into: &events) }

        let colon = content.firstIndex(of: 0x3A)
        let field = content[..<(colon ?? content.endIndex)]
        var value = colon.map { content[($0 + 1)...] } ?? []
        if value.first == 0x20 { value = value.dropFirst() }

        if field.elementsEqual("data".utf8) {
            guard data.count + value.count < maximumEventBytes else { throw tooLarge }
            if hasData { data.append(0x0A) }
            hasData = true
            data.append(contentsOf: value)
        } else if field.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        }
    }

    private mutating func dispatch(into events: inout [ServerSentEvent]) {
        defer {
            name = ""
            data = []
            hasData = false
        }
        guard hasData else { return }
        events.append(ServerSentEvent(name: name, data: data))
    }

    private var tooLarge: ModelError {
        .malformed("A line or event of the stream is longer than \(maximumEventBytes) bytes.")
    }
}
