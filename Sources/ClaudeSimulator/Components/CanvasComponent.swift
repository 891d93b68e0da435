extension Archetype {
    /// A sheet to draw on.
    static let canvas = Archetype(
        name: "canvas",
        noun: "a drawing canvas",
        detail: "pens, three widths, undo and a symmetry mode",
        keywords: [
            "draw*", "drawing", "paint*", "sketch*", "canvas", "whiteboard", "doodle*", "pixel art", "scribble*",
        ],
        grounds: [.paper, .dark, .tint],
        source: #"""
            import { useState, type PointerEvent } from "react";

            const TITLE = __TITLE__;
            const INKS = ["#1c1917", "#b91c1c", "#1d4ed8", "#15803d", "#d97706"];
            const INK_NAMES = ["Black", "Red", "Blue", "Green", "Ochre"];
            const WIDTHS = [4, 10, 22];
            const START = [
              { ink: "#1d4ed8", width: 10, points: "150,330 230,250 300,310 390,190 470,290 560,220 650,330" },
              { ink: "#d97706", width: 22, points: "610,110 611,111" },
            ];

            export default function App() {
              const [strokes, setStrokes] = useState(START);
              const [drawing, setDrawing] = useState(false);
              const [ink, setInk] = useState(0);
              const [width, setWidth] = useState(10);
              const [mirror, setMirror] = useState(false);

              function place(event: PointerEvent<SVGSVGElement>) {
                const box = event.currentTarget.getBoundingClientRect();
                const x = ((event.clientX - box.left) / box.width) * 800;
                const y = ((event.clientY - box.top) / box.height) * 450;
                return `${x.toFixed(1)},${y.toFixed(1)}`;
              }

              function begin(event: PointerEvent<SVGSVGElement>) {
                event.currentTarget.setPointerCapture(event.pointerId);
                const point = place(event);
                setDrawing(true);
                setStrokes([...strokes, { ink: INKS[ink], width, points: `${point} ${point}` }]);
              }

              function go(event: PointerEvent<SVGSVGElement>) {
                if (!drawing) return;
                const point = place(event);
                setStrokes((all) => [...all.slice(0, -1), { ...all[all.length - 1], points: `${all[all.length - 1].points} ${point}` }]);
              }

              function reset() {
                setStrokes([]);
                setMirror(false);
              }

              const lines = strokes.map((stroke, index) => (
                <polyline
                  key={index}
                  points={stroke.points}
                  fill="none"
                  stroke={stroke.ink}
                  strokeWidth={stroke.width}
                  strokeLinecap="round"
                  strokeLinejoin="round"
                />
              ));

              return (
                <main className={`min-h-screen px-5 py-8 sm:px-8 sm:py-10 ${theme.page}`}>
                  <div className={`mx-auto max-w-5xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-end justify-between gap-4">
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                      <p className={theme.quiet} aria-live="polite">
                        {strokes.length} strokes
                      </p>
                    </header>

                    <div className={`mt-6 flex flex-wrap items-center gap-x-6 gap-y-3 p-3 ${theme.corner} ${theme.card}`}>
                      <div role="group" aria-label="Ink" className="flex gap-2">
                        {INKS.map((colour, index) => (
                          <button
                            key={colour}
                            onClick={() => setInk(index)}
                            aria-label={INK_NAMES[index]}
                            aria-pressed={ink === index}
                            style={{ backgroundColor: colour }}
                            className={`size-9 rounded-full border-2 border-white ${ink === index ? "outline-2 outline-current" : ""}`}
                          />
                        ))}
                      </div>
                      <div role="group" aria-label="Width" className="flex gap-2">
                        {WIDTHS.map((value) => (
                          <button
                            key={value}
                            onClick={() => setWidth(value)}
                            aria-label={`${value} wide`}
                            aria-pressed={width === value}
                            className={`grid size-9 place-items-center ${theme.corner} ${width === value ? theme.accentSoft : ""}`}
                          >
                            <span className="rounded-full bg-current" style={{ width: value, height: value }} />
                          </button>
                        ))}
                      </div>
                      <label className="flex cursor-pointer items-center gap-2">
                        <input
                          type="checkbox"
                          checked={mirror}
                          onChange={() => setMirror(!mirror)}
                          className={`size-4 accent-current ${theme.accentText}`}
                        />
                        Mirror
                      </label>
                      <span className="ml-auto flex gap-2">
                        <button
                          onClick={() => setStrokes(strokes.slice(0, -1))}
                          disabled={strokes.length === 0}
                          className={`h-10 px-4 disabled:opacity-50 ${theme.corner} ${theme.button}`}
                        >
                          Undo
                        </button>
                        <button onClick={() => setStrokes([])} className={`h-10 px-4 font-semibold ${theme.corner} ${theme.accent}`}>
                          New sheet
                        </button>
                      </span>
                    </div>

                    <svg
                      viewBox="0 0 800 450"
                      role="img"
                      aria-label="Drawing"
                      onPointerDown={begin}
                      onPointerMove={go}
                      onPointerUp={() => setDrawing(false)}
                      className={`mt-4 aspect-video w-full cursor-crosshair touch-none border bg-white ${theme.corner} ${theme.line}`}
                    >
                      {lines}
                      {mirror && <g transform="matrix(-1 0 0 1 800 0)">{lines}</g>}
                    </svg>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
