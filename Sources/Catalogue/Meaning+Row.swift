internal import Foundation

extension Meaning {
    /// As a column keeps it.
    var stored: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }

    /// What a column keeps; `nil` for none.
    ///
    /// What an older or newer server wrote otherwise is no reason to refuse the row.
    init?(stored text: String?) {
        guard let text, let meaning = try? JSONDecoder().decode(Meaning.self, from: Data(text.utf8)) else { return nil }
        self = meaning
    }
}
