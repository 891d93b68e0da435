extension Archetype {
    /// A grid of habits and days.
    static let habits = Archetype(
        name: "habits",
        noun: "a habit tracker",
        detail: "a dot for every day, streaks, and habits of your own",
        keywords: [
            "habit*", "habit tracker", "streak*", "daily tracker", "routine*", "mood tracker", "tracker",
            "water intake",
        ],
        grounds: [.tint, .paper, .deep],
        source: #"""
            import { useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const DAYS = 14;
            const START = ["Stretch", "Read ten pages", "No phone at breakfast", "Walk", "Write to somebody"];

            function begin() {
              return START.map((name, row) => ({
                name,
                days: Array.from({ length: DAYS }, (_, day) => day < DAYS - 1 && (day * 7 + row * 5 + day * row) % 4 !== 0),
              }));
            }

            function streak(days: boolean[]) {
              let count = 0;
              for (let i = days.length - 1; i >= 0; i--) {
                if (days[i]) count++;
                else if (i < days.length - 1) break;
              }
              return count;
            }

            export default function App() {
              const [habits, setHabits] = useState(begin);
              const [name, setName] = useState("");
              const today = habits.filter((habit) => habit.days[DAYS - 1]).length;

              function toggle(row: number, day: number) {
                setHabits(
                  habits.map((habit, i) =>
                    i === row ? { ...habit, days: habit.days.map((done, j) => (j === day ? !done : done)) } : habit,
                  ),
                );
              }

              function add(event: FormEvent) {
                event.preventDefault();
                if (name.trim() === "") return;
                setHabits([...habits, { name: name.trim(), days: Array(DAYS).fill(false) }]);
                setName("");
              }

              function reset() {
                setHabits(begin());
                setName("");
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-4xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
                      <div>
                        <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                        <p className={`mt-2 ${theme.quiet}`}>The last fourteen days. Today is on the right.</p>
                      </div>
                      <p className={`px-4 py-2 font-semibold tabular-nums ${theme.pill} ${theme.accentSoft}`} aria-live="polite">
                        {today} of {habits.length} today
                      </p>
                    </header>

                    <ul className={`mt-8 ${theme.corner} ${theme.card}`}>
                      {habits.map((habit, row) => (
                        <li key={row} className={`grid gap-3 border-b p-4 last:border-b-0 sm:px-6 md:grid-cols-[13rem_1fr] ${theme.line}`}>
                          <p className="flex items-baseline justify-between gap-3 md:block">
                            <span className="block truncate font-medium">{habit.name}</span>
                            <span className={`text-sm ${theme.quiet}`}>{streak(habit.days)} in a row</span>
                          </p>
                          <div className="grid grid-cols-14 items-center gap-1 sm:gap-1.5">
                            {habit.days.map((done, day) => (
                              <button
                                key={day}
                                onClick={() => toggle(row, day)}
                                aria-pressed={done}
                                aria-label={`${habit.name}, ${day === DAYS - 1 ? "today" : `${DAYS - 1 - day} days ago`}`}
                                className={`mx-auto aspect-square w-full max-w-7 transition ${theme.pill} ${done ? theme.accent : theme.soft} ${
                                  day === DAYS - 1 ? "ring-2 ring-current ring-offset-1" : ""
                                }`}
                              />
                            ))}
                          </div>
                        </li>
                      ))}
                    </ul>

                    <form onSubmit={add} className="mt-4 flex max-w-md gap-3">
                      <input
                        value={name}
                        onChange={(event) => setName(event.target.value)}
                        aria-label="New habit"
                        placeholder="A new habit"
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
