extension Archetype {
    /// Figures and charts.
    static let dashboard = Archetype(
        name: "dashboard",
        noun: "a dashboard",
        detail: "four figures, a bar chart, a trend line and a ring, all drawn in SVG",
        keywords: [
            "dashboard*", "analytics", "chart*", "graph*", "metrics", "statistics", "kpi*", "report*", "admin panel",
            "sales",
        ],
        grounds: [.paper, .dark, .paper, .deep],
        source: #"""
            import { useMemo, useState } from "react";

            const TITLE = __TITLE__;
            const RANGES = [
              { name: "Week", points: 7, unit: "day" },
              { name: "Month", points: 15, unit: "two days" },
              { name: "Year", points: 12, unit: "month" },
            ];
            const SHARES = [
              { name: "Direct", share: 46 },
              { name: "Search", share: 31 },
              { name: "Friends", share: 23 },
            ];

            function series(points: number, seed: number) {
              return Array.from({ length: points }, (_, i) =>
                Math.round(62 + 26 * Math.sin(i * 0.9 + seed) + 14 * Math.sin(i * 2.3 + seed * 3) + i * (18 / points)),
              );
            }

            export default function App() {
              const [range, setRange] = useState(0);
              const [picked, setPicked] = useState<number | null>(null);
              const { points, unit } = RANGES[range];
              const bars = useMemo(() => series(points, range + 1), [points, range]);
              const line = useMemo(() => series(points, range + 4), [points, range]);
              const sum = bars.reduce((total, value) => total + value, 0);
              const top = Math.max(...bars);
              const path = line.map((y, i) => `${i === 0 ? "M" : "L"}${(i / (points - 1)) * 300},${110 - y * 0.85}`).join(" ");
              const figures = [
                { name: "Visits", value: (sum * 137).toLocaleString("en"), change: "+8.2 %" },
                { name: "Orders", value: (sum * 3).toLocaleString("en"), change: "+3.1 %" },
                { name: "Average basket", value: `€ ${(18 + sum / 90).toFixed(2)}`, change: "−0.6 %" },
                { name: "Best " + unit, value: String(top * 137), change: `no. ${bars.indexOf(top) + 1}` },
              ];

              function reset() {
                setRange(0);
                setPicked(null);
              }

              return (
                <main className={`min-h-screen px-5 py-8 sm:px-8 sm:py-10 ${theme.page}`}>
                  <div className={`mx-auto max-w-6xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-center justify-between gap-4">
                      <h1 className={`text-3xl ${theme.display}`}>{TITLE}</h1>
                      <div role="group" aria-label="Range" className={`flex p-1 ${theme.corner} ${theme.soft}`}>
                        {RANGES.map((item, index) => (
                          <button
                            key={item.name}
                            onClick={() => (setRange(index), setPicked(null))}
                            aria-pressed={range === index}
                            className={`px-4 py-1.5 text-sm font-medium ${theme.corner} ${range === index ? theme.accent : ""}`}
                          >
                            {item.name}
                          </button>
                        ))}
                      </div>
                    </header>

                    <dl className="mt-8 grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
                      {figures.map((figure) => (
                        <div key={figure.name} className={`p-4 sm:p-5 ${theme.corner} ${theme.card}`}>
                          <dt className={`text-sm ${theme.quiet}`}>{figure.name}</dt>
                          <dd className="mt-1 text-2xl font-bold tabular-nums sm:text-3xl">{figure.value}</dd>
                          <dd className={`mt-1 text-sm ${theme.accentText}`}>{figure.change}</dd>
                        </div>
                      ))}
                    </dl>

                    <div className="mt-4 grid gap-4 lg:grid-cols-3">
                      <section className={`p-5 lg:col-span-2 ${theme.corner} ${theme.card}`}>
                        <h2 className="flex items-baseline justify-between font-semibold">
                          Visits by {unit}
                          <span className={`text-sm font-normal tabular-nums ${theme.quiet}`}>
                            {picked === null ? "pick a bar" : `no. ${picked + 1}: ${(bars[picked] * 137).toLocaleString("en")}`}
                          </span>
                        </h2>
                        <div className="mt-5 flex h-56 items-end gap-1.5 sm:gap-2.5">
                          {bars.map((value, index) => (
                            <button
                              key={index}
                              onClick={() => setPicked(index)}
                              aria-label={`Number ${index + 1}: ${value * 137} visits`}
                              aria-pressed={picked === index}
                              className={`flex-1 ${theme.corner} ${picked === null || picked === index ? theme.accent : theme.accentSoft}`}
                              style={{ height: `${(value / top) * 100}%` }}
                            />
                          ))}
                        </div>
                      </section>

                      <section className={`p-5 ${theme.corner} ${theme.card}`}>
                        <h2 className="font-semibold">Where from</h2>
                        <svg viewBox="0 0 120 120" className={`mx-auto mt-4 w-36 -rotate-90 ${theme.accentText}`} aria-hidden="true">
                          {SHARES.map((item, index) => (
                            <circle
                              key={item.name}
                              cx="60"
                              cy="60"
                              r="46"
                              fill="none"
                              stroke="currentColor"
                              strokeWidth="18"
                              strokeOpacity={[1, 0.55, 0.25][index]}
                              pathLength="100"
                              strokeDasharray={`${item.share - 1} ${101 - item.share}`}
                              strokeDashoffset={-SHARES.slice(0, index).reduce((total, other) => total + other.share, 0)}
                            />
                          ))}
                        </svg>
                        <ul className="mt-4 space-y-1.5 text-sm">
                          {SHARES.map((item) => (
                            <li key={item.name} className="flex justify-between">
                              <span>{item.name}</span>
                              <span className="tabular-nums">{item.share} %</span>
                            </li>
                          ))}
                        </ul>
                      </section>
                    </div>

                    <section className={`mt-4 p-5 ${theme.corner} ${theme.card}`}>
                      <h2 className="font-semibold">Returning visitors</h2>
                      <svg viewBox="0 0 300 110" preserveAspectRatio="none" className={`mt-4 h-32 w-full ${theme.accentText}`} role="img" aria-label="Trend, rising">
                        <path d={`${path} L300,110 L0,110 Z`} fill="currentColor" fillOpacity="0.12" />
                        <path d={path} fill="none" stroke="currentColor" strokeWidth="2.5" vectorEffect="non-scaling-stroke" />
                      </svg>
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
