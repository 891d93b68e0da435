internal import Glibc
internal import Synchronization

/// Host user ids that nobody else has.
package struct UIDRange: Sendable, Equatable {
    package var bounds: ClosedRange<UInt32>

    package init(_ bounds: ClosedRange<UInt32>) {
        self.bounds = bounds
    }

    /// Reads `LOW-HIGH`, as in `VIBE_SANDBOX_UIDS`; `nil` when it is anything else, or holds 0 or an id that means "none".
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, let low = UIDRange.number(parts[0]), let high = UIDRange.number(parts[1]) else {
            return nil
        }
        guard low > 0, low <= high, high < UInt32.max - 1, high != 65534, !(low...high).contains(65534) else {
            return nil
        }
        self.bounds = low...high
    }

    private static func number(_ digits: Substring.UTF8View) -> UInt32? {
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return UInt32(Substring(digits))
    }

    /// The name of a user of this machine whose id lies in the range, or `nil`.
    func ownerInPasswd() -> String? {
        // getpwent walks one shared list.
        UIDRange.passwd.withLock { _ in
            setpwent()
            defer { endpwent() }
            while let entry = getpwent() {
                if bounds.contains(entry.pointee.pw_uid) { return String(cString: entry.pointee.pw_name) }
            }
            return nil
        }
    }

    private static let passwd = Mutex<Void>(())

    /// Whether all of the range exists in the user namespace whose map is given (`/proc/self/uid_map`).
    func isMapped(in map: String) -> Bool {
        map.split(separator: "\n").contains { line in
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            guard numbers.count == 3 else { return false }
            return numbers[0] <= UInt64(bounds.lowerBound) && UInt64(bounds.upperBound) < numbers[0] + numbers[2]
        }
    }
}

/// Hands out each id of a range to one sandbox at a time, the one that was free longest first.
struct UIDAllocator: Sendable {
    private let bounds: ClosedRange<UInt32>
    private var next: UInt32
    private var used: Set<UInt32> = []

    /// Begins anywhere in the range, as `offset` says.
    init(_ range: UIDRange, startingFrom offset: UInt64 = 0) {
        bounds = range.bounds
        next = range.bounds.lowerBound + UInt32(offset % UInt64(range.bounds.count))
    }

    /// A free id, or `nil` when all are in use.
    mutating func take() -> UInt32? {
        guard used.count < bounds.count else { return nil }
        while true {
            let candidate = next
            next = candidate == bounds.upperBound ? bounds.lowerBound : candidate + 1
            if used.insert(candidate).inserted { return candidate }
        }
    }

    mutating func giveBack(_ uid: UInt32) {
        used.remove(uid)
    }
}
