internal import Orchestration

/// What other sites show of a link to an app's page: Open Graph tags in its head (ogp.me).
struct LinkCard: Sendable {
    /// Characters of a title and of a description.
    static let maximumTitle = 120
    static let maximumDescription = 280

    let app: AppView
    /// How people reach the pages, without a slash at the end.
    let origin: String

    /// The tags, one a line.
    var html: String {
        let title = Self.shown(app.title.isEmpty ? app.prompt : app.title, Self.maximumTitle)
        var tags = [
            ("og:type", "website"), ("og:site_name", "vibe"), ("og:title", title.isEmpty ? "An app" : title),
            ("og:description", Self.shown(app.prompt, Self.maximumDescription)), ("og:url", "\(origin)/app/\(app.id)"),
        ]
        if let still = app.still {
            tags += [
                ("og:image", origin + still), ("og:image:width", "1280"), ("og:image:height", "800"),
                ("og:image:alt", "Picture of \(title)"), ("twitter:card", "summary_large_image"),
            ]
        }
        return tags.map { name, content in
            let key = name.hasPrefix("og:") ? "property" : "name"
            return "<meta \(key)=\"\(name)\" content=\"\(HTMLText.escaped(content))\">\n"
        }.joined()
    }

    /// The page with the tags in its head.
    func filled(_ page: String) -> String {
        page.replacing("</head>", with: html + "</head>", maxReplacements: 1)
    }

    /// Without signs that turn or hide what follows (controls, directional overrides), and not longer than `limit`.
    private static func shown(_ text: String, _ limit: Int) -> String {
        var kept = String.UnicodeScalarView()
        var isCut = false
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control: kept.append(" ")
            case .format where scalar != "\u{200D}": continue
            default: kept.append(scalar)
            }
            if kept.count > limit {
                isCut = true
                break
            }
        }
        return isCut ? String(String(kept).prefix(limit - 1)) + "…" : String(kept)
    }
}
