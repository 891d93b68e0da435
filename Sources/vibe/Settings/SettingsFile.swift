internal import Foundation
internal import VibeServer
internal import Yams

/// Reads the optional YAML file of `--config`: one mapping of keys to scalars, or to lists where a setting takes several.
enum SettingsFile {
    /// - Throws: `ConfigurationError` for a file that cannot be read, an unknown key, or a value of another shape.
    static func read(_ path: String) throws -> [Setting: String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationError("Cannot read the settings file \(path): \(error.localizedDescription)")
        }
        return try parse(text, name: path)
    }

    static func parse(_ text: String, name: String) throws -> [Setting: String] {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError("\(name) is not YAML: \(error)")
        }
        guard let node else { return [:] }
        guard let mapping = node.mapping else { throw ConfigurationError("\(name) must be one mapping of settings.") }
        let settings = Dictionary(uniqueKeysWithValues: Setting.allCases.map { ($0.key, $0) })
        var values: [Setting: String] = [:]
        for (key, value) in mapping {
            guard let key = key.scalar?.string, let setting = settings[key] else {
                throw ConfigurationError("\(name) has the unknown setting \"\(key.scalar?.string ?? "?")\".")
            }
            if let scalar = value.scalar {
                values[setting] = scalar.string
            } else if let list = value.sequence?.map({ $0.scalar?.string }), !list.contains(nil) {
                values[setting] = list.compactMap { $0 }.joined(separator: ",")
            } else {
                throw ConfigurationError("\(name): \"\(key)\" takes one value.")
            }
        }
        return values
    }
}
