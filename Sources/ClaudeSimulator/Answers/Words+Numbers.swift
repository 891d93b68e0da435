extension Words {
    private static let numerals = [
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90, "hundred": 100,
    ]

    /// A number from 1 to 100,000 that a word or digits name.
    static func number(_ word: some StringProtocol) -> Int? {
        guard let value = numerals[String(word)] ?? Int(word), (1...100_000).contains(value) else { return nil }
        return value
    }

    /// A duration that the text names, in seconds: "a 4 minute timer", "90 seconds", "half an hour".
    var duration: Int? {
        let words = list
        for (index, word) in words.enumerated() where index > 0 {
            guard let value = Self.number(words[index - 1]) else { continue }
            switch word {
            case "second", "seconds", "sec", "secs": return min(value, 86_400)
            case "minute", "minutes", "min", "mins": return min(value, 1440) * 60
            case "hour", "hours": return min(value, 24) * 3600
            default: continue
            }
        }
        return contains("half an hour") ? 1800 : nil
    }

    /// A step that the text names: "count by two", "in steps of 5".
    var step: Int? {
        let words = list
        for (index, word) in words.enumerated() where index > 0 {
            guard word == "by" || (word == "of" && words[index - 1].hasPrefix("step")),
                index + 1 < words.count,
                let value = Self.number(words[index + 1])
            else { continue }
            return value
        }
        return nil
    }
}
