internal import Realtime

extension AppEvent: ChannelEvent {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .token(let event):
            json.member("type", "token")
            event.writeMembers(to: &json)
        case .message(let message):
            json.member("type", "message")
            json.key("message")
            message.write(to: &json)
        case .queue(let items):
            json.member("type", "queue")
            json.key("items")
            json.array(items) { item, json in item.write(to: &json) }
        case .generationStarted(let event):
            json.member("type", "generation.started")
            json.member("generation", event.generation)
            json.member("message_id", event.messageID)
            json.member("model", event.model)
            json.member("attempt", event.attempt)
        case .build(let event):
            json.member("type", "build")
            event.writeMembers(to: &json)
        case .preview(let preview):
            json.member("type", "preview")
            preview.writeMembers(to: &json)
        case .generationFinished(let event):
            json.member("type", "generation.finished")
            event.writeMembers(to: &json)
        case .status(let status):
            json.member("type", "status")
            json.member("status", status.rawValue)
        case .appChanged(let app):
            json.member("type", "app.changed")
            json.key("app")
            app.write(to: &json)
        }
        json.endObject()
    }
}

extension TokenEvent {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("generation", generation)
        json.member("attempt", attempt)
        json.key("parts")
        json.beginArray()
        for part in parts {
            json.beginObject()
            switch part.stream {
            case .code: json.member("stream", "code")
            case .chat: json.member("stream", "chat")
            }
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
        json.member("started_at", startedAt)
        json.member("elapsed_ms", elapsed)
        json.member("detail", ifPresent: detail)
        if let retryIn { json.member("retry_in_ms", retryIn) }
        json.key("errors")
        json.array(errors) { error, json in error.write(to: &json) }
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
