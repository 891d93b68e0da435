package import struct Foundation.Date

/// Writes times as RFC 3339 UTC with milliseconds, such as `2026-01-31T09:05:03.007Z`.
package enum Timestamp {
    /// Formats a time; years 0 to 9999.
    package static func string(from date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
        return string(millisecondsSince1970: milliseconds)
    }

    /// Formats milliseconds since 1970.
    static func string(millisecondsSince1970 milliseconds: Int64) -> String {
        let (days, rest) = floored(milliseconds, by: 86_400_000)
        let (year, month, day) = civil(daysSince1970: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        append(year, digits: 4, then: UInt8(ascii: "-"), to: &text)
        append(month, digits: 2, then: UInt8(ascii: "-"), to: &text)
        append(day, digits: 2, then: UInt8(ascii: "T"), to: &text)
        append(rest / 3_600_000, digits: 2, then: UInt8(ascii: ":"), to: &text)
        append(rest / 60_000 % 60, digits: 2, then: UInt8(ascii: ":"), to: &text)
        append(rest / 1000 % 60, digits: 2, then: UInt8(ascii: "."), to: &text)
        append(rest % 1000, digits: 3, then: UInt8(ascii: "Z"), to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The proleptic Gregorian date of a day, counted in 400-year eras that begin on 1 March.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floored(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func append(_ value: Int64, digits: Int, then separator: UInt8, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: abs(value / divisor % 10)))
            divisor /= 10
        }
        text.append(separator)
    }
}
