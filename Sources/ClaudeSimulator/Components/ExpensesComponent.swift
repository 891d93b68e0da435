extension Archetype {
    /// Money spent by kind.
    static let expenses = Archetype(
        name: "expenses",
        noun: "an expense tracker",
        detail: "a budget, bars by kind and entries that can be taken out again",
        keywords: [
            "expense*", "expense tracker", "budget*", "spending", "money", "household", "finance*", "savings",
            "invoice*", "subscription*",
        ],
        grounds: [.paper, .deep, .tint],
        source: #"""
            import { useMemo, useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const KINDS = ["Home", "Food", "Travel", "Fun"];
            const START = [
              { id: 1, what: "Rent", amount: 840, kind: "Home" },
              { id: 2, what: "Market", amount: 62.4, kind: "Food" },
              { id: 3, what: "Train to Kiel", amount: 39.9, kind: "Travel" },
              { id: 4, what: "Concert", amount: 28, kind: "Fun" },
              { id: 5, what: "Bakery", amount: 11.2, kind: "Food" },
            ];

            function euro(amount: number) {
              return `€ ${amount.toFixed(2)}`;
            }

            export default function App() {
              const [entries, setEntries] = useState(START);
              const [budget, setBudget] = useState(1500);
              const [what, setWhat] = useState("");
              const [amount, setAmount] = useState("");
              const [kind, setKind] = useState("Food");
              const spent = entries.reduce((total, entry) => total + entry.amount, 0);
              const sums = useMemo(
                () => KINDS.map((name) => entries.filter((e) => e.kind === name).reduce((total, e) => total + e.amount, 0)),
                [entries],
              );

              function add(event: FormEvent) {
                event.preventDefault();
                const value = Number(amount.replace(",", "."));
                if (what.trim() === "" || !(value > 0)) return;
                setEntries([{ id: Date.now(), what: what.trim(), amount: value, kind }, ...entries]);
                setWhat("");
                setAmount("");
              }

              function reset() {
                setEntries(START);
                setBudget(1500);
                setWhat("");
                setAmount("");
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-5xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                    </header>

                    <div className="mt-8 grid gap-6 lg:grid-cols-[22rem_1fr]">
                      <section className={`min-w-0 p-6 ${theme.corner} ${theme.card}`}>
                        <p className={theme.quiet}>Left this month</p>
                        <p className={`mt-1 text-5xl font-bold tabular-nums tracking-tight ${theme.accentText}`} aria-live="polite">
                          {euro(budget - spent)}
                        </p>
                        <label className="mt-5 block">
                          <span className={`text-sm ${theme.quiet}`}>Budget, {euro(budget)}</span>
                          <input
                            type="range"
                            min="500"
                            max="3000"
                            step="50"
                            value={budget}
                            onChange={(event) => setBudget(Number(event.target.value))}
                            className={`mt-1 w-full accent-current ${theme.accentText}`}
                          />
                        </label>
                        <ul className="mt-6 space-y-4">
                          {KINDS.map((name, index) => (
                            <li key={name}>
                              <p className="flex justify-between text-sm">
                                <span>{name}</span>
                                <span className="tabular-nums">{euro(sums[index])}</span>
                              </p>
                              <div className={`mt-1.5 h-2 overflow-hidden ${theme.pill} ${theme.soft}`}>
                                <div className={`h-full ${theme.accent}`} style={{ width: `${spent > 0 ? (sums[index] / spent) * 100 : 0}%` }} />
                              </div>
                            </li>
                          ))}
                        </ul>
                      </section>

                      <section className="min-w-0">
                        <form onSubmit={add} className="grid grid-cols-[1fr_1fr] gap-3 sm:grid-cols-[1fr_7rem_7rem_auto]">
                          <input
                            value={what}
                            onChange={(event) => setWhat(event.target.value)}
                            aria-label="What for"
                            placeholder="What for?"
                            className={`col-span-2 h-12 min-w-0 px-4 sm:col-span-1 ${theme.corner} ${theme.field}`}
                          />
                          <input
                            inputMode="decimal"
                            value={amount}
                            onChange={(event) => setAmount(event.target.value)}
                            aria-label="Amount in euros"
                            placeholder="0.00"
                            className={`h-12 min-w-0 px-4 tabular-nums ${theme.corner} ${theme.field}`}
                          />
                          <select
                            value={kind}
                            onChange={(event) => setKind(event.target.value)}
                            aria-label="Kind"
                            className={`h-12 px-3 ${theme.corner} ${theme.field}`}
                          >
                            {KINDS.map((name) => (
                              <option key={name}>{name}</option>
                            ))}
                          </select>
                          <button className={`col-span-2 h-12 px-6 font-semibold sm:col-span-1 ${theme.corner} ${theme.accent}`}>Add</button>
                        </form>

                        <ul className={`mt-5 ${theme.corner} ${theme.card}`}>
                          {entries.map((entry) => (
                            <li key={entry.id} className={`flex items-center gap-4 border-b px-5 py-4 last:border-b-0 ${theme.line}`}>
                              <span className="min-w-0 flex-1 truncate font-medium">{entry.what}</span>
                              <span className={`text-sm ${theme.quiet}`}>{entry.kind}</span>
                              <span className="w-24 text-right tabular-nums">{euro(entry.amount)}</span>
                              <button
                                onClick={() => setEntries(entries.filter((other) => other.id !== entry.id))}
                                aria-label={`Remove ${entry.what}`}
                                className={`text-xl leading-none ${theme.quiet}`}
                              >
                                ×
                              </button>
                            </li>
                          ))}
                          {entries.length === 0 && <li className={`px-5 py-8 text-center ${theme.quiet}`}>Nothing spent. Splendid.</li>}
                        </ul>
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
