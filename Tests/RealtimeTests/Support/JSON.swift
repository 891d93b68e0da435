import Foundation
import NIOCore

/// JSON read by Foundation, as an oracle that is not ours.
struct Parsed: Equatable, CustomStringConvertible {
    let value: AnyHashable?

    init(_ text: String) throws {
        value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? AnyHashable
    }

    private init(value: AnyHashable?) { self.value = value }

    subscript(_ key: String) -> Parsed {
        Parsed(value: (value as? [String: AnyHashable])?[key])
    }

    var isAbsent: Bool { value == nil }
    var string: String? { value as? String }
    var int: Int? { value as? Int }
    var bool: Bool? { value as? Bool }
    var ints: [Int]? { (value as? [AnyHashable])?.compactMap { $0 as? Int } }
    var keys: Set<String> { Set((value as? [String: AnyHashable])?.keys.map { $0 } ?? []) }
    var description: String { value.map { "\($0)" } ?? "absent" }
}
