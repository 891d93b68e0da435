package import Catalogue
package import Realtime

extension Meaning {
    /// Writes the code and its members as one object.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
    }

    /// Writes the code and its members into an object.
    package func writeMembers(to json: inout JSONWriter) {
        json.member("code", code)
        for (name, value) in sorted {
            json.key(escaping: name)
            switch value {
            case .number(let number): json.value(number)
            case .text(let text): json.value(text)
            case .texts(let texts): json.array(texts) { text, json in json.value(text) }
            }
        }
    }
}

extension JSONWriter {
    /// Writes the member only when there is a meaning.
    package mutating func member(_ name: StaticString, ifPresent meaning: Meaning?) {
        guard let meaning else { return }
        key(name)
        meaning.write(to: &self)
    }

    /// Writes the member only when there is a repair: which of how many.
    mutating func member(_ name: StaticString, ifPresent repair: BuildEvent.Repair?) {
        guard let repair else { return }
        key(name)
        beginObject()
        member("number", repair.number)
        member("limit", repair.limit)
        endObject()
    }
}
