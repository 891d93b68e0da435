extension Archetype {
    /// Divides a bill among people.
    static let bill = Archetype(
        name: "bill",
        noun: "a bill splitter",
        detail: "a tip, people who can be added, and who pays for what",
        keywords: [
            "bill", "bill splitter", "split the bill", "split*", "tip calculator", "tip", "dinner bill",
            "share the cost", "who pays",
        ],
        grounds: [.paper, .tint, .deep],
        source: #"""
            import { useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const START = [
              { name: "Maya", dessert: true },
              { name: "Tom", dessert: false },
              { name: "Ines", dessert: true },
            ];
            const TIPS = [0, 5, 10, 15, 20];

            export default function App() {
              const [total, setTotal] = useState(84);
              const [dessert, setDessert] = useState(18);
              const [tip, setTip] = useState(10);
              const [people, setPeople] = useState(START);
              const [name, setName] = useState("");

              const eaters = people.filter((person) => person.dessert).length;
              const shared = Math.max(0, total - (eaters > 0 ? dessert : 0));
              const withTip = (amount: number) => amount * (1 + tip / 100);
              const share = (sweet: boolean) => withTip(shared / Math.max(1, people.length) + (sweet ? dessert / eaters : 0));

              function add(event: FormEvent) {
                event.preventDefault();
                if (name.trim() === "") return;
                setPeople([...people, { name: name.trim(), dessert: false }]);
                setName("");
              }

              function reset() {
                setTotal(84);
                setDessert(18);
                setTip(10);
                setPeople(START);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-4xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`mt-2 ${theme.quiet}`}>Dessert is paid by those who had it.</p>
                    </header>

                    <div className="mt-8 grid gap-6 md:grid-cols-2">
                      <section className={`min-w-0 space-y-5 p-6 ${theme.corner} ${theme.card}`}>
                        <label className="block">
                          <span className={`text-sm ${theme.quiet}`}>Whole bill</span>
                          <input
                            type="number"
                            min="0"
                            value={total}
                            onChange={(event) => setTotal(Number(event.target.value))}
                            className={`mt-1 h-14 w-full px-4 text-2xl font-semibold tabular-nums ${theme.corner} ${theme.field}`}
                          />
                        </label>
                        <label className="block">
                          <span className={`text-sm ${theme.quiet}`}>Of that, dessert</span>
                          <input
                            type="number"
                            min="0"
                            value={dessert}
                            onChange={(event) => setDessert(Number(event.target.value))}
                            className={`mt-1 h-12 w-full px-4 tabular-nums ${theme.corner} ${theme.field}`}
                          />
                        </label>
                        <div>
                          <p className={`text-sm ${theme.quiet}`}>Tip</p>
                          <div role="group" aria-label="Tip" className="mt-1 grid grid-cols-5 gap-2">
                            {TIPS.map((percent) => (
                              <button
                                key={percent}
                                onClick={() => setTip(percent)}
                                aria-pressed={tip === percent}
                                className={`h-11 text-sm font-medium ${theme.corner} ${tip === percent ? theme.accent : theme.button}`}
                              >
                                {percent} %
                              </button>
                            ))}
                          </div>
                        </div>
                        <p className={`flex items-baseline justify-between border-t pt-5 ${theme.line}`}>
                          <span>With tip</span>
                          <span className={`text-3xl font-bold tabular-nums ${theme.accentText}`}>€ {withTip(total).toFixed(2)}</span>
                        </p>
                      </section>

                      <section className="min-w-0">
                        <ul className={`overflow-hidden ${theme.corner} ${theme.card}`}>
                          {people.map((person, index) => (
                            <li key={index} className={`flex items-center gap-3 border-b px-5 py-4 last:border-b-0 ${theme.line}`}>
                              <span className="min-w-0 flex-1 truncate font-medium">{person.name}</span>
                              <label className={`flex cursor-pointer items-center gap-2 text-sm ${theme.quiet}`}>
                                <input
                                  type="checkbox"
                                  checked={person.dessert}
                                  onChange={() =>
                                    setPeople(people.map((p, i) => (i === index ? { ...p, dessert: !p.dessert } : p)))
                                  }
                                  className={`size-4 accent-current ${theme.accentText}`}
                                />
                                dessert
                              </label>
                              <span className="w-20 text-right text-lg font-semibold tabular-nums">
                                {share(person.dessert).toFixed(2)}
                              </span>
                              <button
                                onClick={() => setPeople(people.filter((_, i) => i !== index))}
                                aria-label={`Remove ${person.name}`}
                                className={`text-xl leading-none ${theme.quiet}`}
                              >
                                ×
                              </button>
                            </li>
                          ))}
                          {people.length === 0 && <li className={`px-5 py-6 ${theme.quiet}`}>Nobody is paying.</li>}
                        </ul>
                        <form onSubmit={add} className="mt-3 flex gap-3">
                          <input
                            value={name}
                            onChange={(event) => setName(event.target.value)}
                            aria-label="Name"
                            placeholder="Somebody else"
                            className={`h-12 min-w-0 flex-1 px-4 ${theme.corner} ${theme.field}`}
                          />
                          <button className={`h-12 px-5 font-semibold ${theme.corner} ${theme.button}`}>Add</button>
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
