internal import Catalogue

/// The names and values of a query, form-decoded (`+` is a space).
struct QueryItems: Sendable {
    private var values: [String: String] = [:]

    /// - Throws: 422 for broken percent escapes, text that is not UTF-8, and a name that comes twice.
    init(_ query: String?) throws(APIError) {
        for pair in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let name: Substring.UTF8View.SubSequence
            let value: Substring.UTF8View.SubSequence
            if let equals = pair.firstIndex(of: UInt8(ascii: "=")) {
                name = pair[..<equals]
                value = pair[pair.index(after: equals)...]
            } else {
                name = pair
                value = pair[pair.endIndex...]
            }
            guard let name = Self.decode(name), let value = Self.decode(value) else {
                throw APIError(.badQuery)
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw APIError(.repeatedParameter, ["parameter": .text(String(name.prefix(40)))])
            }
        }
    }

    subscript(name: String) -> String? { values[name] }

    /// An integer within `range`, or `nil` where the name is absent.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw .outOfRange(name, range)
        }
        return value
    }

    /// `true` or `false` (also `1` and `0`), or `nil` where the name is absent.
    func flag(_ name: String) throws(APIError) -> Bool? {
        switch values[name] {
        case nil: nil
        case "true", "1": true
        case "false", "0": false
        default: throw .notOneOf(name, ["true", "false"])
        }
    }

    private static func decode(_ bytes: some Collection<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+"):
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(nibble), let low = iterator.next().flatMap(nibble) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            default:
                decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
