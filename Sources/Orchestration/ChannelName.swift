/// A channel's name: which kind it is of, and which app it is about.
package struct ChannelName: Sendable, Equatable {
    /// The kinds, as the protocol writes them.
    package enum Kind: String, Sendable, CaseIterable {
        /// The list of apps.
        case apps
        /// Everything about one app.
        case app = "app:{id}"
        /// Where the app's viewers point, and who types.
        case cursors = "app:{id}:cursors"
        /// Numbers of the whole server.
        case stats

        /// Whether the name holds an app's id.
        package var isAboutApp: Bool { self == .app || self == .cursors }

        /// What stands before and behind the app's id.
        fileprivate var affixes: (head: String, tail: String) {
            switch self {
            case .apps, .stats: (rawValue, "")
            case .app: ("app:", "")
            case .cursors: ("app:", ":cursors")
            }
        }
    }

    package let kind: Kind
    /// Empty where the kind has none.
    package let appID: String

    package init(_ kind: Kind, appID: String = "") {
        self.kind = kind
        self.appID = appID
    }

    /// Reads a name; `nil` for one of no kind.
    ///
    /// Whether there is such an app is another question.
    package init?(_ name: String) {
        // Bytes are compared: two spellings of a character are two names.
        let name = name.utf8
        for kind in Kind.allCases {
            let (head, tail) = kind.affixes
            guard name.count >= head.utf8.count + tail.utf8.count, name.starts(with: head.utf8),
                name.suffix(tail.utf8.count).elementsEqual(tail.utf8)
            else { continue }
            let id = name.dropFirst(head.utf8.count).dropLast(tail.utf8.count)
            guard kind.isAboutApp != id.isEmpty, !id.contains(UInt8(ascii: ":")) else { continue }
            self.init(kind, appID: String(decoding: id, as: UTF8.self))
            return
        }
        return nil
    }

    /// As it travels.
    package var text: String {
        let (head, tail) = kind.affixes
        return head + appID + tail
    }
}
