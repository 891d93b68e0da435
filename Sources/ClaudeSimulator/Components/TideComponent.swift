extension Archetype {
    /// Weather or tides over a day.
    static let tide = Archetype(
        name: "tide",
        noun: "a forecast card",
        detail: "a day to scrub through and waves that rise and fall",
        keywords: [
            "weather*", "forecast*", "tide*", "tide table", "waves", "sea", "beach", "surf*", "temperature today",
            "rain", "sunrise", "sunset",
            "moon phase",
        ],
        grounds: [.deep, .tint, .vivid],
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

            function height(hour: number) {
              return 3.1 + 1.9 * Math.sin(((hour - 1.2) / 12.4) * 2 * Math.PI);
            }

            function warmth(hour: number) {
              return 13 + 5 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
            }

            function wave(level: number, swell: number, shift: number) {
              const points = Array.from({ length: 41 }, (_, i) => {
                const y = level + swell * Math.sin((i / 40) * Math.PI * 3 + shift);
                return `${i === 0 ? "M" : "L"}${i * 30},${y.toFixed(1)}`;
              });
              return `${points.join(" ")} L1200,320 L0,320 Z`;
            }

            export default function App() {
              const [hour, setHour] = useState(16);
              const [fahrenheit, setFahrenheit] = useState(false);
              const now = height(hour);
              const rising = height(hour + 0.5) > now;
              const degrees = warmth(hour);
              const level = 210 - now * 32;

              function reset() {
                setHour(16);
                setFahrenheit(false);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-4xl ${theme.scale}`}>
                    <section className={`overflow-hidden ${theme.corner} ${theme.card}`}>
                      <div className="p-6 sm:p-10">
                        <header className="flex flex-wrap items-start justify-between gap-4">
                          <h1 className={`text-2xl sm:text-3xl ${theme.display}`}>{TITLE}</h1>
                          <button
                            onClick={() => setFahrenheit(!fahrenheit)}
                            className={`px-4 py-2 text-sm font-medium ${theme.pill} ${theme.button}`}
                          >
                            {fahrenheit ? "Show °C" : "Show °F"}
                          </button>
                        </header>
                        <p className="mt-8 text-7xl font-extrabold tabular-nums tracking-tighter sm:text-9xl">
                          {String(hour).padStart(2, "0")}:00
                        </p>
                        <p className={`mt-3 text-lg ${theme.quiet}`} aria-live="polite">
                          {now.toFixed(1)} m, {rising ? "rising" : "falling"} ·{" "}
                          {Math.round(fahrenheit ? degrees * 1.8 + 32 : degrees)} °{fahrenheit ? "F" : "C"}
                        </p>
                      </div>
                      <svg
                        viewBox="0 0 1200 320"
                        preserveAspectRatio="none"
                        className={`block h-48 w-full sm:h-64 ${theme.accentText}`}
                        aria-hidden="true"
                      >
                        <path d={wave(level - 34, 16, hour)} fill="currentColor" fillOpacity="0.25" />
                        <path d={wave(level, 20, hour * 1.4 + 2)} fill="currentColor" fillOpacity="0.5" />
                        <path d={wave(level + 46, 14, hour * 1.9 + 4)} fill="currentColor" />
                      </svg>
                    </section>

                    <label className="mt-8 block">
                      <span className={`text-sm ${theme.quiet}`}>Time of day</span>
                      <input
                        type="range"
                        min="0"
                        max="23"
                        value={hour}
                        onChange={(event) => setHour(Number(event.target.value))}
                        className={`mt-2 w-full accent-current ${theme.accentText}`}
                      />
                    </label>

                    <ol className="mt-4 grid grid-cols-6 gap-2 sm:grid-cols-12" aria-label="Hours">
                      {HOURS.filter((value) => value % 2 === 0).map((value) => (
                        <li key={value}>
                          <button
                            onClick={() => setHour(value)}
                            aria-pressed={value === hour}
                            className={`w-full py-3 text-center ${theme.corner} ${value === hour ? theme.accent : theme.card}`}
                          >
                            <span className="block text-xs opacity-80">{value}:00</span>
                            <span className="block font-semibold tabular-nums">{height(value).toFixed(1)}</span>
                          </button>
                        </li>
                      ))}
                    </ol>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
