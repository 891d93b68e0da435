extension Archetype {
    /// Units of length, weight and more.
    static let converter = Archetype(
        name: "converter",
        noun: "a unit converter",
        detail: "length, weight, volume and temperature, converted both ways as you type",
        keywords: [
            "converter", "convert*", "unit*", "unit converter", "celsius", "fahrenheit", "miles", "kilometers",
            "kilometres", "inches",
            "currency", "conversion",
        ],
        grounds: [.paper, .deep, .tint],
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const KINDS = [
              { name: "Length", units: { metre: 1, kilometre: 1000, centimetre: 0.01, inch: 0.0254, foot: 0.3048, mile: 1609.344 } },
              { name: "Weight", units: { kilogram: 1, gram: 0.001, pound: 0.45359237, ounce: 0.028349523, stone: 6.35029318 } },
              { name: "Volume", units: { litre: 1, millilitre: 0.001, cup: 0.2365882, pint: 0.5682613, gallon: 4.54609 } },
              { name: "Heat", units: { celsius: 1, fahrenheit: 1, kelvin: 1 } },
            ] as { name: string; units: Record<string, number> }[];

            function convert(kind: number, value: number, from: string, to: string) {
              if (kind !== 3) return (value * KINDS[kind].units[from]) / KINDS[kind].units[to];
              const celsius = from === "fahrenheit" ? (value - 32) / 1.8 : from === "kelvin" ? value - 273.15 : value;
              return to === "fahrenheit" ? celsius * 1.8 + 32 : to === "kelvin" ? celsius + 273.15 : celsius;
            }

            function show(value: number) {
              return Number.isFinite(value) ? String(Number(value.toPrecision(7))) : "–";
            }

            export default function App() {
              const [kind, setKind] = useState(0);
              const [value, setValue] = useState("12");
              const [from, setFrom] = useState("kilometre");
              const [to, setTo] = useState("mile");
              const [kept, setKept] = useState<string[]>([]);
              const units = Object.keys(KINDS[kind].units);
              const number = value.trim() === "" ? NaN : Number(value.replace(",", "."));
              const result = show(convert(kind, number, from, to));

              function choose(index: number) {
                const names = Object.keys(KINDS[index].units);
                setKind(index);
                setFrom(names[0]);
                setTo(names[1]);
              }

              function swap() {
                setFrom(to);
                setTo(from);
              }

              function reset() {
                choose(0);
                setValue("12");
                setKept([]);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-3xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                    </header>

                    <div role="group" aria-label="Kind" className="mt-8 flex flex-wrap gap-2">
                      {KINDS.map((item, index) => (
                        <button
                          key={item.name}
                          onClick={() => choose(index)}
                          aria-pressed={kind === index}
                          className={`px-5 py-2 font-medium ${theme.pill} ${kind === index ? theme.accent : theme.button}`}
                        >
                          {item.name}
                        </button>
                      ))}
                    </div>

                    <div className={`mt-5 grid items-end gap-5 p-6 sm:grid-cols-[1fr_auto_1fr] sm:p-8 ${theme.corner} ${theme.card}`}>
                      <div>
                        <label className="block">
                          <span className="sr-only">Value</span>
                          <input
                            inputMode="decimal"
                            value={value}
                            onChange={(event) => setValue(event.target.value)}
                            className={`h-16 w-full px-4 text-3xl font-semibold tabular-nums ${theme.corner} ${theme.field}`}
                          />
                        </label>
                        <select
                          aria-label="From"
                          value={from}
                          onChange={(event) => setFrom(event.target.value)}
                          className={`mt-3 h-11 w-full px-3 ${theme.corner} ${theme.field}`}
                        >
                          {units.map((unit) => (
                            <option key={unit}>{unit}</option>
                          ))}
                        </select>
                      </div>
                      <button onClick={swap} aria-label="Swap the units" className={`h-11 px-4 text-lg ${theme.corner} ${theme.button}`}>
                        ⇄
                      </button>
                      <div>
                        <output
                          aria-live="polite"
                          className={`flex h-16 items-center overflow-hidden px-4 text-3xl font-semibold tabular-nums ${theme.corner} ${theme.accentSoft}`}
                        >
                          {result}
                        </output>
                        <select
                          aria-label="To"
                          value={to}
                          onChange={(event) => setTo(event.target.value)}
                          className={`mt-3 h-11 w-full px-3 ${theme.corner} ${theme.field}`}
                        >
                          {units.map((unit) => (
                            <option key={unit}>{unit}</option>
                          ))}
                        </select>
                      </div>
                    </div>

                    <div className="mt-6 flex flex-wrap items-center gap-3">
                      <button
                        onClick={() => setKept([`${value} ${from} = ${result} ${to}`, ...kept].slice(0, 6))}
                        disabled={result === "–"}
                        className={`h-11 px-5 font-semibold disabled:opacity-50 ${theme.corner} ${theme.accent}`}
                      >
                        Keep this one
                      </button>
                      <span className={theme.quiet}>{kept.length} kept</span>
                    </div>
                    <ul className="mt-4">
                      {kept.map((entry, index) => (
                        <li key={kept.length - index} className={`border-b py-2.5 tabular-nums ${theme.line}`}>
                          {entry}
                        </li>
                      ))}
                    </ul>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
