extension Archetype {
    /// The four operations, by mouse and keyboard.
    static let calculator = Archetype(
        name: "calculator",
        noun: "a calculator",
        detail: "the keyboard as well as the buttons and a tape of past results",
        keywords: ["calculator*", "calculate*", "arithmetic", "sums"],
        grounds: [.dark, .tint, .deep, .paper],
        source: #"""
            import { useEffect, useState } from "react";

            const TITLE = __TITLE__;
            const KEYS = ["C", "±", "%", "÷", "7", "8", "9", "×", "4", "5", "6", "−", "1", "2", "3", "+", "0", ".", "⌫", "="];
            const FROM_KEYBOARD: Record<string, string> = { "/": "÷", "*": "×", "-": "−", Enter: "=", Backspace: "⌫", Escape: "C", ",": "." };

            function apply(a: number, operator: string, b: number) {
              if (operator === "+") return a + b;
              if (operator === "−") return a - b;
              if (operator === "×") return a * b;
              return b === 0 ? NaN : a / b;
            }

            function show(value: number) {
              if (!Number.isFinite(value)) return "Error";
              return String(Number(value.toPrecision(12)));
            }

            export default function App() {
              const [display, setDisplay] = useState("0");
              const [held, setHeld] = useState<{ value: number; operator: string } | null>(null);
              const [fresh, setFresh] = useState(true);
              const [tape, setTape] = useState<string[]>([]);

              function press(key: string) {
                if (/[0-9.]/.test(key)) {
                  if (key === "." && !fresh && display.includes(".")) return;
                  const start = fresh || display === "0" ? (key === "." ? "0" : "") : display;
                  if (start.length < 14) setDisplay(start + key);
                  setFresh(false);
                } else if (key === "C") {
                  reset();
                } else if (key === "⌫") {
                  setDisplay(fresh || display.length === 1 ? "0" : display.slice(0, -1));
                } else if (key === "±") {
                  setDisplay(show(-Number(display)));
                } else if (key === "%") {
                  setDisplay(show(Number(display) / 100));
                } else {
                  const value = Number(display);
                  const result = held && !fresh ? apply(held.value, held.operator, value) : held ? held.value : value;
                  if (held && !fresh) setTape([`${show(held.value)} ${held.operator} ${display} = ${show(result)}`, ...tape].slice(0, 5));
                  setDisplay(show(result));
                  setHeld(key === "=" ? null : { value: result, operator: key });
                  setFresh(true);
                }
              }

              function reset() {
                setDisplay("0");
                setHeld(null);
                setFresh(true);
              }

              useEffect(() => {
                function onKey(event: KeyboardEvent) {
                  const key = FROM_KEYBOARD[event.key] ?? event.key;
                  if (event.ctrlKey || event.metaKey || !KEYS.includes(key)) return;
                  event.preventDefault();
                  press(key);
                }
                window.addEventListener("keydown", onKey);
                return () => window.removeEventListener("keydown", onKey);
              });

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-3xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                    </header>

                    <div className="mt-8 grid gap-8 md:grid-cols-[22rem_1fr]">
                      <div className={`p-4 shadow-xl ${theme.corner} ${theme.card}`}>
                        <div className={`px-4 py-5 text-right ${theme.corner} ${theme.soft}`}>
                          <p className={`h-6 text-sm ${theme.quiet}`}>{held ? `${show(held.value)} ${held.operator}` : ""}</p>
                          <output aria-live="polite" className="block truncate text-5xl font-semibold tabular-nums tracking-tight">
                            {display}
                          </output>
                        </div>
                        <div className="mt-4 grid grid-cols-4 gap-2.5">
                          {KEYS.map((key) => (
                            <button
                              key={key}
                              onClick={() => press(key)}
                              className={`h-15 text-xl font-medium transition active:scale-95 ${theme.corner} ${
                                key === "=" ? theme.accent : "÷×−+".includes(key) ? theme.accentSoft : theme.button
                              }`}
                            >
                              {key}
                            </button>
                          ))}
                        </div>
                      </div>

                      <section aria-label="Tape">
                        <h2 className="font-semibold">Tape</h2>
                        {tape.length === 0 && <p className={`mt-2 ${theme.quiet}`}>Results are kept here. The keyboard works, too.</p>}
                        <ol className="mt-2 font-mono">
                          {tape.map((entry, index) => (
                            <li key={tape.length - index} className={`border-b py-2.5 tabular-nums ${theme.line}`}>
                              {entry}
                            </li>
                          ))}
                        </ol>
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
