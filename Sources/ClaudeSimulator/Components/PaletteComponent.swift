extension Archetype {
    /// Five colours that go together.
    static let palette = Archetype(
        name: "palette",
        noun: "a colour palette",
        detail: "five colours to mix, lock and copy",
        keywords: [
            "palette*", "color palette", "colour palette", "color picker", "colour picker", "swatch*", "five colours",
            "five colors",
            "colour scheme", "color scheme", "colours from", "colors from",
        ],
        grounds: [.paper, .dark, .paper],
        values: { words in ["HUE": "\(words.text.utf8.reduce(0) { ($0 * 31 + Int($1)) % 360 })"] },
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const HUE = __HUE__;
            const NAMES = ["Shell", "Clay", "Plum", "Harbour", "Night"];

            function hex(hue: number, saturation: number, lightness: number) {
              const chroma = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100);
              const channel = (n: number) => {
                const k = (n + hue / 30) % 12;
                const value = lightness / 100 - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
                return Math.round(value * 255).toString(16).padStart(2, "0");
              };
              return `#${channel(0)}${channel(8)}${channel(4)}`.toUpperCase();
            }

            function mix(hue: number, spread: number) {
              return NAMES.map((_, index) =>
                hex((hue + (index - 2) * spread + 720) % 360, 68 - index * 5, [84, 66, 46, 32, 15][index]),
              );
            }

            export default function App() {
              const [hue, setHue] = useState(HUE);
              const [spread, setSpread] = useState(24);
              const [colours, setColours] = useState(() => mix(HUE, 24));
              const [locked, setLocked] = useState<number[]>([]);
              const [copied, setCopied] = useState("");

              function change(nextHue: number, nextSpread: number) {
                setHue(nextHue);
                setSpread(nextSpread);
                setColours(mix(nextHue, nextSpread).map((colour, index) => (locked.includes(index) ? colours[index] : colour)));
              }

              async function copy(colour: string) {
                try {
                  await navigator.clipboard.writeText(colour);
                  setCopied(`${colour} copied`);
                } catch {
                  setCopied(colour);
                }
              }

              function reset() {
                setHue(HUE);
                setSpread(24);
                setColours(mix(HUE, 24));
                setLocked([]);
                setCopied("");
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-6xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-end justify-between gap-x-8 gap-y-2">
                      <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`h-6 font-mono text-sm ${theme.quiet}`} aria-live="polite">
                        {copied}
                      </p>
                    </header>

                    <ul className={`mt-8 grid overflow-hidden sm:grid-cols-5 ${theme.corner}`}>
                      {colours.map((colour, index) => (
                        <li
                          key={NAMES[index]}
                          style={{ backgroundColor: colour, color: index < 2 ? "#14110f" : "#ffffff" }}
                          className="flex items-end justify-between gap-2 p-4 sm:h-96 sm:flex-col sm:items-start sm:justify-end sm:p-5"
                        >
                          <button
                            onClick={() =>
                              setLocked(locked.includes(index) ? locked.filter((other) => other !== index) : [...locked, index])
                            }
                            aria-pressed={locked.includes(index)}
                            aria-label={`Keep ${NAMES[index]}`}
                            className="order-last text-sm underline underline-offset-4 sm:order-first sm:mb-auto"
                          >
                            {locked.includes(index) ? "kept" : "keep"}
                          </button>
                          <span className="font-semibold">{NAMES[index]}</span>
                          <button onClick={() => copy(colour)} aria-label={`Copy ${colour}`} className="font-mono text-sm">
                            {colour}
                          </button>
                        </li>
                      ))}
                    </ul>

                    <div className={`mt-6 grid gap-6 p-6 sm:grid-cols-[1fr_1fr_auto] sm:items-end ${theme.corner} ${theme.card}`}>
                      <label className="block">
                        <span className={`text-sm ${theme.quiet}`}>Hue, {hue}°</span>
                        <input
                          type="range"
                          min="0"
                          max="359"
                          value={hue}
                          onChange={(event) => change(Number(event.target.value), spread)}
                          className={`mt-2 w-full accent-current ${theme.accentText}`}
                        />
                      </label>
                      <label className="block">
                        <span className={`text-sm ${theme.quiet}`}>Distance, {spread}°</span>
                        <input
                          type="range"
                          min="0"
                          max="72"
                          value={spread}
                          onChange={(event) => change(hue, Number(event.target.value))}
                          className={`mt-2 w-full accent-current ${theme.accentText}`}
                        />
                      </label>
                      <button
                        onClick={() => change((hue + 137) % 360, 10 + ((spread * 7) % 60))}
                        className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}
                      >
                        Another five
                      </button>
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
