/// A code of the protocol with its numbers and names: what sentences are made of, where they are shown.
///
/// One flat JSON object on the wire and on disk: `{"code":"build_failed","repairs":2,"repair_limit":2}`.
package struct Meaning: Sendable, Hashable {
    /// What a member says.
    package enum Value: Sendable, Hashable {
        case number(Int)
        /// A name, or others' own words; never a sentence of ours.
        case text(String)
        case texts([String])
    }

    /// `snake_case`.
    package var code: String
    package var members: [String: Value]

    package init(_ code: String, _ members: [String: Value] = [:]) {
        self.code = code
        self.members = members
    }

    /// The number of that name; `nil` where there is none.
    package func number(_ name: String) -> Int? {
        if case .number(let number)? = members[name] { number } else { nil }
    }

    /// The text of that name; `nil` where there is none.
    package func text(_ name: String) -> String? {
        if case .text(let text)? = members[name] { text } else { nil }
    }

    /// The members in the order in which they are written.
    package var sorted: [(name: String, value: Value)] {
        members.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}

extension Meaning.Value: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .number(value) }
}

extension Meaning: Codable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        static let code = Key(stringValue: "code")
    }

    /// Members of other kinds, which a newer server may have written, are left out.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        code = try container.decode(String.self, forKey: .code)
        members = [:]
        for key in container.allKeys where key.stringValue != Key.code.stringValue {
            if let number = try? container.decode(Int.self, forKey: key) {
                members[key.stringValue] = .number(number)
            } else if let text = try? container.decode(String.self, forKey: key) {
                members[key.stringValue] = .text(text)
            } else if let texts = try? container.decode([String].self, forKey: key) {
                members[key.stringValue] = .texts(texts)
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(code, forKey: .code)
        for (name, value) in sorted {
            let key = Key(stringValue: name)
            switch value {
            case .number(let number): try container.encode(number, forKey: key)
            case .text(let text): try container.encode(text, forKey: key)
            case .texts(let texts): try container.encode(texts, forKey: key)
            }
        }
    }
}
