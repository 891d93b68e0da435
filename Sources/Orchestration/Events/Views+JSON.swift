internal import Realtime
internal import Sandboxes

// The same names as the Codable conformances, written without them: these travel in publications and snapshots.

extension AppView {
    /// Writes the app as lists and snapshots show it.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("url", url)
        json.member("title", title)
        json.member("prompt", prompt)
        json.key("authors")
        json.array(authors) { author, json in author.write(to: &json) }
        json.member("versions", versions)
        json.member("still", ifPresent: still)
        json.member("is_featured", isFeatured)
        json.member("status", status.rawValue)
        json.member("phase", phase.rawValue)
        json.member("viewers", viewers)
        json.member("created_at", createdAt)
        json.member("updated_at", updatedAt)
        if let tail {
            json.key("tail")
            json.array(tail) { line, json in json.value(line) }
        }
        json.endObject()
    }
}

extension AuthorView {
    /// Writes somebody's id and name.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("user_id", userID)
        json.member("name", name)
        json.endObject()
    }
}

extension MessageView {
    /// Writes the message as the history shows it.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("type", type)
        json.member("content", content)
        json.member("user_id", userID)
        json.member("created_at", createdAt)
        if let version { json.member("version", version) }
        json.member("name", name)
        json.member("outcome", ifPresent: outcome)
        if let stoppedBy {
            json.key("stopped_by")
            stoppedBy.write(to: &json)
        }
        json.member("error", ifPresent: error)
        json.member("origin", ifPresent: origin)
        json.endObject()
    }
}

extension QueueItemView {
    /// Writes a waiting prompt.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("message_id", messageID)
        json.member("text", text)
        json.member("origin", ifPresent: origin)
        json.member("user_id", userID)
        json.member("name", name)
        json.member("position", position)
        json.endObject()
    }
}

extension GenerationView {
    /// Writes the running generation of a snapshot.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("message_id", messageID)
        json.member("attempt", attempt)
        json.member("reason", ifPresent: reason?.rawValue)
        json.member("phase", phase.rawValue)
        json.key("texts")
        json.beginObject()
        json.key("code")
        json.beginObject()
        for (path, text) in texts.code {
            json.key(escaping: path)
            json.value(text)
        }
        json.endObject()
        json.member("chat", texts.chat)
        json.endObject()
        json.endObject()
    }
}

extension PreviewView {
    /// Writes `url` and `version`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("url", url)
        json.member("version", version)
    }
}

extension Counts {
    /// Writes the four counts as members.
    func writeMembers(to json: inout JSONWriter) {
        json.member("live", live)
        json.member("total", total)
        json.member("building", building)
        json.member("viewers", viewers)
    }
}

extension BuildError {
    /// Writes one message of the bundler.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("path", path)
        json.member("line", line)
        json.member("column", column)
        json.member("text", text)
        json.member("code", ifPresent: code?.rawValue)
        json.member("module", ifPresent: module)
        json.endObject()
    }
}
