extension Archetype {
    /// A month with entries.
    static let calendar = Archetype(
        name: "calendar",
        noun: "a calendar",
        detail: "months to leaf through and entries for each day",
        keywords: [
            "calendar*", "schedule*", "planner", "agenda", "appointment*", "booking", "month view", "date picker",
            "week plan*",
        ],
        grounds: [.paper, .tint, .dark],
        source: #"""
            import { useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

            function key(date: Date) {
              return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
            }

            export default function App() {
              const [today] = useState(() => new Date());
              const [offset, setOffset] = useState(0);
              const [day, setDay] = useState(() => today.getDate());
              const [entries, setEntries] = useState<Record<string, string[]>>(() => ({
                [key(today)]: ["Coffee with Maya, 10:30", "Post the parcel"],
              }));
              const [text, setText] = useState("");

              const first = new Date(today.getFullYear(), today.getMonth() + offset, 1);
              const length = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
              const blanks = (first.getDay() + 6) % 7;
              const chosen = new Date(first.getFullYear(), first.getMonth(), Math.min(day, length));
              const list = entries[key(chosen)] ?? [];

              function add(event: FormEvent) {
                event.preventDefault();
                if (text.trim() === "") return;
                setEntries({ ...entries, [key(chosen)]: [...list, text.trim()] });
                setText("");
              }

              function reset() {
                setOffset(0);
                setDay(today.getDate());
                setEntries({});
                setText("");
              }

              return (
                <main className={`min-h-screen px-4 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-5xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-end justify-between gap-4">
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                      <div className="flex items-center gap-2">
                        <button
                          onClick={() => setOffset(offset - 1)}
                          aria-label="Month before"
                          className={`size-10 ${theme.pill} ${theme.button}`}
                        >
                          ←
                        </button>
                        <h2 className="w-40 text-center font-semibold" aria-live="polite">
                          {first.toLocaleDateString("en", { month: "long", year: "numeric" })}
                        </h2>
                        <button
                          onClick={() => setOffset(offset + 1)}
                          aria-label="Month after"
                          className={`size-10 ${theme.pill} ${theme.button}`}
                        >
                          →
                        </button>
                      </div>
                    </header>

                    <div className="mt-8 grid gap-6 lg:grid-cols-[1fr_19rem]">
                      <div className={`p-3 sm:p-5 ${theme.corner} ${theme.card}`}>
                        <div className="grid grid-cols-7 gap-1">
                          {WEEKDAYS.map((name) => (
                            <p key={name} className={`pb-2 text-center text-xs font-medium sm:text-sm ${theme.quiet}`}>
                              {name}
                            </p>
                          ))}
                          {Array.from({ length: blanks }, (_, index) => (
                            <span key={`blank-${index}`} />
                          ))}
                          {Array.from({ length }, (_, index) => {
                            const date = new Date(first.getFullYear(), first.getMonth(), index + 1);
                            const has = (entries[key(date)] ?? []).length > 0;
                            const selected = chosen.getDate() === index + 1;
                            return (
                              <button
                                key={index}
                                onClick={() => setDay(index + 1)}
                                aria-pressed={selected}
                                aria-label={date.toLocaleDateString("en", { day: "numeric", month: "long" })}
                                className={`flex h-12 flex-col items-center justify-center tabular-nums sm:h-18 ${theme.corner} ${
                                  selected ? theme.accent : key(date) === key(today) ? theme.accentSoft : ""
                                }`}
                              >
                                {index + 1}
                                <span className={`mt-1 size-1.5 bg-current ${theme.pill} ${has ? "" : "invisible"}`} />
                              </button>
                            );
                          })}
                        </div>
                      </div>

                      <section aria-label="Entries">
                        <h2 className={`text-xl ${theme.display}`}>
                          {chosen.toLocaleDateString("en", { weekday: "long", day: "numeric", month: "long" })}
                        </h2>
                        <ul className={`mt-3 border-t ${theme.line}`}>
                          {list.map((entry, index) => (
                            <li key={index} className={`flex items-center gap-3 border-b py-3 ${theme.line}`}>
                              <span className="flex-1">{entry}</span>
                              <button
                                onClick={() => setEntries({ ...entries, [key(chosen)]: list.filter((_, i) => i !== index) })}
                                aria-label={`Remove ${entry}`}
                                className={`text-xl leading-none ${theme.quiet}`}
                              >
                                ×
                              </button>
                            </li>
                          ))}
                          {list.length === 0 && <li className={`border-b py-3 ${theme.line} ${theme.quiet}`}>Nothing yet.</li>}
                        </ul>
                        <form onSubmit={add} className="mt-4 flex gap-2">
                          <input
                            value={text}
                            onChange={(event) => setText(event.target.value)}
                            aria-label="New entry"
                            placeholder="New entry"
                            className={`h-11 min-w-0 flex-1 px-4 ${theme.corner} ${theme.field}`}
                          />
                          <button className={`h-11 px-5 font-semibold ${theme.corner} ${theme.accent}`}>Add</button>
                        </form>
                      </section>
                    </div>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
