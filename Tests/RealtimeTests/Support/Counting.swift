import NIOCore

@testable import Realtime

/// A state that keeps every value it was told, so that a test sees what is missing or comes twice.
struct CountingState: ChannelState {
    var values: [Int] = []

    mutating func fold(_ event: CountingEvent) { values.append(event.value) }

    func writeSnapshot(to json: inout JSONWriter) {
        json.beginObject()
        json.key("values")
        json.beginArray()
        for value in values { json.value(value) }
        json.endArray()
        json.endObject()
    }
}

struct CountingEvent: Realtime.ChannelEvent {
    var value: Int
    /// Bytes of padding, for tests of limits.
    var padding = 0

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("type", "count")
        json.member("value", value)
        if padding > 0 { json.member("padding", String(repeating: "x", count: padding)) }
        json.endObject()
    }
}
