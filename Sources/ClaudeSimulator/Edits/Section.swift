/// A section that a follow-up can add.
enum Section: String, Sendable, CaseIterable {
    case footer, reset, about, faq, contact, reviews, newsletter, figures, features, pricing, help, clock, likes, lights
    case quote, banner, credits, timer, chart

    /// Phrases that ask for it, the more particular ones first.
    var keywords: [String] {
        switch self {
        case .footer: ["footer*", "copyright"]
        case .reset: ["reset*", "start over button", "clear button", "restart button"]
        case .about: ["about", "about us", "introduction", "bio", "description"]
        case .faq: ["faq*", "questions", "q a", "frequently asked"]
        case .contact: ["contact*", "get in touch", "address"]
        case .reviews: ["review*", "testimonial*", "what people say", "kind words"]
        case .newsletter: ["newsletter*", "sign up*", "signup", "subscribe*", "mailing list", "email form"]
        case .figures: ["stats", "statistics", "figures", "numbers section", "metrics"]
        case .features: ["feature*", "benefits", "highlights"]
        case .pricing: ["pricing", "prices", "price list", "plans"]
        case .help: ["help*", "instruction*", "how it works", "how to", "tips", "explanation", "hint", "hints"]
        case .clock: ["clock", "current time", "time of day", "date"]
        case .likes: ["like*", "heart", "counter", "applause", "clap*", "vote button", "thumbs up"]
        case .lights:
            [
                "dark mode toggle", "dark mode switch", "theme toggle", "theme switch*", "light switch",
                "night mode switch",
            ]
        case .quote: ["quote*", "motto", "saying"]
        case .banner: ["banner*", "announcement", "notice", "header", "subtitle", "tagline"]
        case .timer: ["timer", "countdown", "stopwatch"]
        case .chart: ["chart*", "graph*", "diagram*", "bar chart", "sparkline"]
        case .credits: ["credits", "made by", "thanks", "acknowledg*"]
        }
    }

    /// What it is, with an article.
    var noun: String {
        switch self {
        case .footer: "a footer"
        case .reset: "a reset button"
        case .about: "an about section"
        case .faq: "a few questions and answers"
        case .contact: "a contact section"
        case .reviews: "a few kind words"
        case .newsletter: "a sign-up form"
        case .figures: "three figures"
        case .features: "a list of features"
        case .pricing: "prices"
        case .help: "a short how-to"
        case .clock: "a clock"
        case .likes: "a like button that counts"
        case .lights: "a light switch"
        case .quote: "a quote"
        case .banner: "a banner"
        case .credits: "credits"
        case .timer: "a timer"
        case .chart: "a chart"
        }
    }

    /// The section that a wish asks for; longer phrases win.
    init?(_ words: Words) {
        var best: (section: Section, length: Int)?
        for section in Self.allCases {
            for phrase in section.keywords where words.contains(phrase) && phrase.utf8.count > best?.length ?? 0 {
                best = (section, phrase.utf8.count)
            }
        }
        guard let best else { return nil }
        self = best.section
    }
}
