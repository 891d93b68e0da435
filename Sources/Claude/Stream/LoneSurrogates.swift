/// Halves of characters: JSON can escape half a surrogate pair (`"\ud83d"`), and some senders cut a pair between two events.
///
/// No string of Swift holds such a half, and no decoder gives it out. So it travels through the decoder as three noncharacters.
enum LoneSurrogates {
    /// Rewrites JSON so that lone halves survive decoding.
    ///
    /// - Returns: the JSON, and whether its halves are marked: where it has these noncharacters itself, halves become U+FFFD. `nil`
    ///   when there is no half.
    static func marked(_ json: [UInt8]) -> (json: [UInt8], hasMarks: Bool)? {
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        var keepsHalves: Bool?
        while let backslash = json[index...].firstIndex(of: UInt8(ascii: "\\")) {
            guard let unit = escaped(in: json, at: backslash) else {
                // Two bytes, so that an escaped backslash begins nothing.
                index = min(backslash + 2, json.count)
                continue
            }
            index = backslash + 6
            guard (0xD800...0xDFFF).contains(unit) else { continue }
            if unit < 0xDC00, let second = escaped(in: json, at: index), (0xDC00...0xDFFF).contains(second) {
                index += 6
                continue
            }
            let keeps = keepsHalves ?? !hasMarks(json)
            keepsHalves = keeps
            result += json[copied..<backslash]
            result += keeps ? mark(unit) : Array(#"\ufffd"#.utf8)
            copied = index
        }
        return keepsHalves.map { (result + json[copied...], $0) }
    }

    /// The UTF-16 units of a text of marked JSON, with its halves.
    static func units(of text: String) -> [UInt16] {
        var units: [UInt16] = []
        var digits: [UInt16] = []
        for unit in text.utf16 {
            guard digitUnits.contains(unit) else {
                units.append(unit)
                continue
            }
            digits.append(unit - digitUnits.lowerBound)
            guard digits.count == 3 else { continue }
            units.append(0xD800 + digits[0] << 8 + digits[1] << 4 + digits[2])
            digits = []
        }
        return units
    }

    /// Noncharacters, each of which stands for four bits.
    private static let digitUnits: ClosedRange<UInt16> = 0xFDD0...0xFDDF

    /// The noncharacters of a half in UTF-8.
    private static func mark(_ unit: UInt16) -> [UInt8] {
        let bits = unit - 0xD800
        return [bits >> 8, bits >> 4 & 0xF, bits & 0xF].flatMap { [0xEF, 0xB7, 0x90 + UInt8(truncatingIfNeeded: $0)] }
    }

    private static func hasMarks(_ json: [UInt8]) -> Bool {
        let plain = json.indices.dropLast(2).contains {
            json[$0] == 0xEF && json[$0 + 1] == 0xB7 && (0x90...0x9F).contains(json[$0 + 2])
        }
        return plain || json.indices.contains { escaped(in: json, at: $0).map(digitUnits.contains) ?? false }
    }

    /// The unit that `\uXXXX` at this place stands for.
    private static func escaped(in json: [UInt8], at index: Int) -> UInt16? {
        guard index + 6 <= json.count, json[index] == UInt8(ascii: "\\"), json[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for byte in json[(index + 2)..<(index + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
