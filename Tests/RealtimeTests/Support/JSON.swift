import Foundation

/// JSON read by Foundation, as an oracle that is not ours.
indirect enum Parsed: Equatable, Decodable {
    case absent
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case array([Parsed])
    case object([String: Parsed])

    init(_ json: String) throws {
        self = try JSONDecoder().decode(Parsed.self, from: Data(json.utf8))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Parsed].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: Parsed].self))
        }
    }

    subscript(_ key: String) -> Parsed {
        if case .object(let members) = self { members[key] ?? .absent } else { .absent }
    }

    var isAbsent: Bool { self == .absent }

    var string: String? {
        if case .text(let value) = self { value } else { nil }
    }

    var int: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    var ints: [Int]? {
        if case .array(let values) = self { values.compactMap(\.int) } else { nil }
    }

    /// Elements of an array; `nil` for another kind.
    var count: Int? {
        if case .array(let values) = self { values.count } else { nil }
    }

    var keys: Set<String> {
        if case .object(let members) = self { Set(members.keys) } else { [] }
    }
}
