extension Archetype {
    /// Votes and bars.
    static let poll = Archetype(
        name: "poll",
        noun: "a poll",
        detail: "votes, bars that grow and choices of your own",
        keywords: [
            "poll*", "vote", "votes", "voting", "survey*", "questionnaire", "decide", "decision", "where to eat",
            "ranking", "feedback",
        ],
        grounds: [.vivid, .tint, .paper],
        source: #"""
            import { useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const START = [
              { name: "Saturday morning", votes: 7 },
              { name: "Saturday evening", votes: 4 },
              { name: "Sunday, all day", votes: 9 },
              { name: "Some other time", votes: 2 },
            ];

            export default function App() {
              const [options, setOptions] = useState(START);
              const [mine, setMine] = useState<number | null>(null);
              const [name, setName] = useState("");
              const total = options.reduce((sum, option) => sum + option.votes, 0);
              const most = Math.max(...options.map((option) => option.votes));

              function vote(index: number) {
                setOptions(
                  options.map((option, i) => ({
                    ...option,
                    votes: option.votes + (i === index ? 1 : 0) - (i === mine ? 1 : 0),
                  })),
                );
                setMine(mine === index ? null : index);
              }

              function add(event: FormEvent) {
                event.preventDefault();
                if (name.trim() === "") return;
                setOptions([...options, { name: name.trim(), votes: 0 }]);
                setName("");
              }

              function reset() {
                setOptions(START);
                setMine(null);
                setName("");
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-2xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-4xl leading-tight sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`mt-3 ${theme.quiet}`} aria-live="polite">
                        {total} votes{mine === null ? ", yours is missing" : `, you chose ${options[mine].name}`}
                      </p>
                    </header>

                    <ul className="mt-8 space-y-3">
                      {options.map((option, index) => (
                        <li key={index}>
                          <button
                            onClick={() => vote(index)}
                            aria-pressed={mine === index}
                            className={`block w-full p-5 text-left ${theme.corner} ${theme.card} ${
                              mine === index ? "outline-2 outline-current" : ""
                            }`}
                          >
                            <span className="flex items-baseline justify-between gap-4">
                              <span className="text-lg font-medium">
                                {option.name}
                                {option.votes === most && total > 0 && (
                                  <span className={`ml-3 px-2 py-0.5 text-xs font-semibold ${theme.pill} ${theme.accentSoft}`}>leads</span>
                                )}
                              </span>
                              <span className="text-xl font-bold tabular-nums">{option.votes}</span>
                            </span>
                            <span className={`mt-3 block h-2.5 overflow-hidden ${theme.pill} ${theme.soft}`}>
                              <span
                                className={`block h-full transition-all duration-500 ${theme.accent}`}
                                style={{ width: `${total > 0 ? (option.votes / total) * 100 : 0}%` }}
                              />
                            </span>
                          </button>
                        </li>
                      ))}
                    </ul>

                    <form onSubmit={add} className="mt-5 flex gap-3">
                      <input
                        value={name}
                        onChange={(event) => setName(event.target.value)}
                        aria-label="Another choice"
                        placeholder="Another choice"
                        className={`h-12 min-w-0 flex-1 px-4 ${theme.corner} ${theme.field}`}
                      />
                      <button className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>Add</button>
                    </form>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
