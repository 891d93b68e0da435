internal import NIOCore
internal import Orchestration
internal import Realtime

/// The limits that a client needs before it calls or publishes: `limits` in the answer to `connect`.
struct ClientLimits: Sendable {
    /// By their names on the wire, in the order of the protocol's table.
    let values: [(name: StaticString, value: Int)]

    init(_ configuration: OrchestrationConfiguration = OrchestrationConfiguration()) {
        values = [
            ("prompt_characters", configuration.maximumPromptCharacters),
            ("title_characters", configuration.maximumTitleCharacters),
            ("name_bytes", Person.maximumNameBytes),
            ("typing_ms", CursorPublication.typingMilliseconds),
            ("cursor_x", Int(CursorPublication.maximumX)),
            ("cursor_y", Int(CursorPublication.maximumY)),
            ("console_entries", ConsoleArguments.limits.upperBound),
            ("console_calls_per_second", ConsoleArguments.perSecond),
            ("console_lines_per_second", ConsoleEntry.linesPerSecond),
            ("console_text_characters", ConsoleEntry.maximumTextCharacters),
            ("console_path_characters", ConsoleEntry.maximumPathCharacters),
            ("console_line_number", ConsoleArguments.lines.upperBound),
            ("stats_points", StatsPoints.limit),
        ]
    }

    /// The answer's `data`.
    var data: ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("limits")
        json.beginObject()
        for (name, value) in values { json.member(name, value) }
        json.endObject()
        json.endObject()
        return json.finish()
    }
}
