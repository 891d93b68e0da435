internal import Realtime

extension AppEvent {
    static var canMerge: Bool { true }

    /// Joins only `token` publications of one generation and attempt: one part a stream and file, in the order of their beginnings.
    mutating func merge(_ next: AppEvent) -> Bool {
        guard case .token(var event) = self, case .token(let following) = next, event.isFollowed(by: following) else {
            return false
        }
        // So that the texts have one owner, and grow in place.
        self = .queue([])
        event.append(following.parts)
        self = .token(event)
        return true
    }
}

extension TokenEvent {
    /// Whether every part of the other goes on where its text ends here, or is its text's first.
    fileprivate func isFollowed(by next: TokenEvent) -> Bool {
        generation == next.generation && attempt == next.attempt
            && next.parts.indices.allSatisfy { index in
                let part = next.parts[index]
                guard !next.parts[..<index].contains(where: part.isOfText) else { return false }
                return parts.first(where: part.isOfText).map { $0.end == part.at } ?? true
            }
    }

    fileprivate mutating func append(_ following: [TokenPart]) {
        for part in following {
            if let index = parts.firstIndex(where: part.isOfText) {
                parts[index].text += part.text
            } else {
                parts.append(part)
            }
        }
    }
}

extension TokenPart {
    /// UTF-16 units of the text up to the end of this piece.
    fileprivate var end: Int { at + text.utf16.count }
}
