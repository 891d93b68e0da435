extension Archetype {
    /// A page for a product, a place or an event.
    static let landing = Archetype(
        name: "landing",
        noun: "a landing page",
        detail: "an opening, three reasons, two prices and a form",
        keywords: [
            "landing page", "landing", "website", "web site", "homepage", "home page", "marketing page", "portfolio",
            "startup",
            "product page", "cafe", "café", "bakery", "restaurant", "shop", "store", "studio", "saas", "conference",
            "event page",
            "wedding", "one pager",
        ],
        grounds: [.tint, .paper, .deep, .vivid],
        values: { words in LandingTexts.values(for: words) },
        source: #"""
            import { useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const CLAIM = __CLAIM__;
            const REASONS = __REASONS__;
            const OFFERS = [
              { name: "Light", month: 6, what: "For finding out whether it suits you." },
              { name: "Full", month: 14, what: "Everything, for you and four others." },
            ];

            export default function App() {
              const [yearly, setYearly] = useState(false);
              const [email, setEmail] = useState("");
              const [joined, setJoined] = useState(0);
              const [thanks, setThanks] = useState(false);

              function join(event: FormEvent) {
                event.preventDefault();
                setJoined(joined + 1);
                setThanks(true);
                setEmail("");
              }

              function reset() {
                setYearly(false);
                setThanks(false);
                setJoined(0);
                setEmail("");
              }

              return (
                <main className={`min-h-screen px-5 py-6 sm:px-8 ${theme.page}`}>
                  <div className={`mx-auto max-w-5xl ${theme.scale}`}>
                    <nav aria-label="Page" className="flex items-center justify-between gap-6 text-sm">
                      <span className="flex items-center gap-2 font-semibold">
                        <span className={`size-5 ${theme.pill} ${theme.accent}`} aria-hidden="true" />
                        <span className="max-w-40 truncate sm:max-w-xs">{TITLE}</span>
                      </span>
                      <span className="flex gap-5">
                        <a href="#reasons" className="underline-offset-4 hover:underline">
                          Why
                        </a>
                        <a href="#prices" className="underline-offset-4 hover:underline">
                          Prices
                        </a>
                      </span>
                    </nav>

                    <header className="grid items-center gap-10 py-14 sm:py-20 md:grid-cols-[3fr_2fr]">
                      <div>
                        <h1 className={`text-5xl leading-none sm:text-6xl ${theme.display}`}>{TITLE}</h1>
                        <p className={`mt-6 max-w-lg text-lg ${theme.quiet}`}>{CLAIM}</p>
                        <form onSubmit={join} className="mt-8 flex max-w-md flex-wrap gap-3">
                          <input
                            type="email"
                            required
                            value={email}
                            onChange={(event) => setEmail(event.target.value)}
                            aria-label="Your e-mail address"
                            placeholder="you@example.org"
                            className={`h-12 min-w-48 flex-1 px-4 ${theme.corner} ${theme.field}`}
                          />
                          <button className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>Keep me posted</button>
                        </form>
                        <p className={`mt-3 h-6 text-sm ${theme.quiet}`} aria-live="polite">
                          {thanks ? "Thank you. You are on the list." : `${128 + joined} people are on the list.`}
                        </p>
                      </div>
                      <svg viewBox="0 0 200 200" className={`mx-auto w-full max-w-72 ${theme.accentText}`} aria-hidden="true">
                        <circle cx="100" cy="100" r="96" fill="currentColor" fillOpacity="0.14" />
                        <path d="M100 100 V4 A96 96 0 0 1 196 100 Z" fill="currentColor" fillOpacity="0.4" />
                        <path d="M100 100 H4 A96 96 0 0 0 100 196 Z" fill="currentColor" fillOpacity="0.7" />
                        <circle cx="100" cy="100" r="34" fill="currentColor" />
                      </svg>
                    </header>

                    <section id="reasons" className={`grid gap-8 border-t py-12 sm:grid-cols-3 ${theme.line}`}>
                      {REASONS.map((reason, index) => (
                        <div key={reason.name}>
                          <p className={`font-mono text-sm ${theme.accentText}`}>0{index + 1}</p>
                          <h2 className="mt-2 text-xl font-semibold">{reason.name}</h2>
                          <p className={`mt-2 ${theme.quiet}`}>{reason.text}</p>
                        </div>
                      ))}
                    </section>

                    <section id="prices" className={`border-t py-12 ${theme.line}`}>
                      <div className="flex flex-wrap items-center justify-between gap-4">
                        <h2 className={`text-3xl ${theme.display}`}>Two prices</h2>
                        <label className="flex cursor-pointer items-center gap-3">
                          <input
                            type="checkbox"
                            checked={yearly}
                            onChange={() => setYearly(!yearly)}
                            className={`size-5 accent-current ${theme.accentText}`}
                          />
                          Pay yearly, two months free
                        </label>
                      </div>
                      <div className="mt-6 grid gap-4 sm:grid-cols-2">
                        {OFFERS.map((offer) => (
                          <article key={offer.name} className={`p-6 sm:p-8 ${theme.corner} ${theme.card}`}>
                            <h3 className="text-lg font-semibold">{offer.name}</h3>
                            <p className="mt-3 text-5xl font-bold tabular-nums">
                              €{yearly ? offer.month * 10 : offer.month}
                              <span className={`text-base font-normal ${theme.quiet}`}> a {yearly ? "year" : "month"}</span>
                            </p>
                            <p className={`mt-3 ${theme.quiet}`}>{offer.what}</p>
                          </article>
                        ))}
                      </div>
                    </section>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}

/// The landing page's texts for a wish.
enum LandingTexts {
    /// The claim and three reasons.
    static func values(for words: Words) -> [String: String] {
        let claim: String
        let reasons: [(String, String)]
        if words.containsAny(["cafe", "café", "bakery", "restaurant", "coffee", "bar", "food"]) {
            claim = "Small kitchen, long table, open from eight. Come hungry, stay for the second cup."
            reasons = [
                ("From nearby", "Flour, milk and vegetables come from farms that we can cycle to."),
                ("Made this morning", "We bake until it is gone, and then we start to prepare tomorrow."),
                ("Room for you", "No laptops at noon, children welcome, dogs under the table."),
            ]
        } else if words.containsAny(["portfolio", "photograph*", "artist", "designer", "freelance*", "studio"]) {
            claim = "Quiet, careful work for people who look twice. Two projects at a time, no more."
            reasons = [
                ("Fewer things", "What is left when everything that does not help has gone."),
                ("Done by hand", "Drawn, tried out and drawn again, with you at the table."),
                ("Kept simple", "You can look after the result yourself, for years."),
            ]
        } else if words.containsAny(["conference", "event*", "wedding", "meetup", "festival", "party"]) {
            claim = "One day, one room, people you have wanted to meet. Bring a question."
            reasons = [
                ("Short talks", "Twenty minutes each, then the same again to talk about it."),
                ("Long lunch", "The best part of every gathering, so we planned two hours."),
                ("Easy to reach", "Ten minutes on foot from the station, and step-free."),
            ]
        } else {
            claim = "It does one thing, does it well, and then gets out of your way."
            reasons = [
                ("Ready at once", "Open it and begin. There is nothing to set up and nothing to learn."),
                ("Yours alone", "What you write stays with you. Take it along whenever you like."),
                ("Calm by design", "No badges, no streaks, no red dots. It waits until you need it."),
            ]
        }
        let list = reasons.map { "  { name: \(Literal.string($0.0)), text: \(Literal.string($0.1)) },\n" }.joined()
        return ["CLAIM": Literal.string(claim), "REASONS": "[\n\(list)]"]
    }
}
