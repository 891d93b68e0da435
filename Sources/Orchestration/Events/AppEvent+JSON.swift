internal import Realtime

extension AppEvent: ChannelEvent {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("type", kind.rawValue)
        switch self {
        case .token(let event):
            event.writeMembers(to: &json)
        case .message(let message):
            json.key("message")
            message.write(to: &json)
        case .queue(let items):
            json.key("items")
            json.array(items) { item, json in item.write(to: &json) }
        case .generationStarted(let event):
            json.member("generation", event.generation)
            json.member("message_id", event.messageID)
            json.member("model", event.model)
            json.member("attempt", event.attempt)
        case .build(let event):
            event.writeMembers(to: &json)
        case .preview(let preview):
            preview.writeMembers(to: &json)
        case .generationFinished(let event):
            event.writeMembers(to: &json)
        case .status(let status):
            json.member("status", status.rawValue)
        case .appChanged(let app):
            json.key("app")
            app.write(to: &json)
        case .console(let line):
            line.writeMembers(to: &json)
        }
        json.endObject()
    }
}

extension TokenEvent {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("generation", generation)
        json.member("attempt", attempt)
        json.member("reason", ifPresent: reason?.rawValue)
        json.key("parts")
        json.beginArray()
        for part in parts {
            json.beginObject()
            json.member("stream", part.stream.rawValue)
            json.member("path", ifPresent: part.path)
            json.member("at", part.at)
            json.member("text", part.text)
            json.endObject()
        }
        json.endArray()
    }
}

extension BuildEvent {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("phase", phase.rawValue)
        json.member("state", state.rawValue)
        json.member("attempt", attempt)
        json.member("reason", ifPresent: reason?.rawValue)
        json.member("started_at", startedAt)
        json.member("elapsed_ms", elapsed)
        json.member("repair", ifPresent: repair)
        json.member("error", ifPresent: error)
        if let retryIn { json.member("retry_in_ms", retryIn) }
        json.key("errors")
        json.array(errors) { error, json in error.write(to: &json) }
        if isUnchecked { json.member("unchecked", true) }
    }
}

extension GenerationFinished {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("generation", generation)
        json.member("outcome", outcome.rawValue)
        json.member("stopped_by", ifPresent: stoppedBy)
        if let version { json.member("version", version) }
        json.key("usage")
        json.beginObject()
        json.member("input_tokens", inputTokens)
        json.member("output_tokens", outputTokens)
        json.endObject()
        json.member("error", ifPresent: error)
    }
}

extension ConsoleLine {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("level", entry.level.rawValue)
        json.member("text", entry.text)
        json.member("path", ifPresent: entry.path)
        if let line = entry.line { json.member("line", line) }
        json.member("user_id", userID)
        json.member("count", count)
    }
}
