extension Section {
    /// The section's JSX, not indented, and the component that it needs beside the main one.
    ///
    /// - Parameters:
    ///   - heading: a heading to use instead of the usual one.
    ///   - hasReset: whether the component has a `reset` function.
    /// - Returns: JSX, and TypeScript for `likes`, `timer` and other sections that have a state.
    func source(heading: String?, hasReset: Bool) -> (jsx: String, component: String?) {
        let comment = "{/* \(rawValue.prefix(1).uppercased() + rawValue.dropFirst()) */}\n"
        func text(_ usual: String) -> String { "{\(Literal.string(heading ?? usual))}" }
        let plain = #"<section className={`mt-10 p-6 sm:p-8 ${theme.corner} ${theme.card}`}>"#
        let title = #"<h2 className={`text-2xl ${theme.display}`}>"#
        switch self {
        case .footer:
            return (
                comment + #"""
                    <footer className={`mt-12 flex flex-wrap justify-between gap-3 border-t py-6 text-sm ${theme.line} ${theme.quiet}`}>
                      <span>\#(text("Made with care, kept simple."))</span>
                      <a href="#top" className="underline underline-offset-4">
                        Back to the top
                      </a>
                    </footer>
                    """#, nil
            )
        case .reset:
            let action = hasReset ? "reset" : "() => window.location.reload()"
            return (
                comment + #"""
                    <div className="mt-8 flex justify-center">
                      <button onClick={\#(action)} className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>
                        \#(text("Reset"))
                      </button>
                    </div>
                    """#, nil
            )
        case .about:
            return (
                comment + #"""
                    \#(plain)
                      \#(title)\#(text("About"))</h2>
                      <p className={`mt-3 max-w-2xl ${theme.quiet}`}>
                        Made in an afternoon because nothing else fitted. It does what it says above, and nothing behind your back.
                      </p>
                    </section>
                    """#, nil
            )
        case .faq:
            return (
                comment + #"""
                    <section className="mt-10">
                      \#(title)\#(text("Questions"))</h2>
                      <details className={`mt-4 border-b py-4 ${theme.line}`}>
                        <summary className="cursor-pointer font-medium">Is anything stored?</summary>
                        <p className={`mt-2 ${theme.quiet}`}>Only in this page, until you close it.</p>
                      </details>
                      <details className={`border-b py-4 ${theme.line}`}>
                        <summary className="cursor-pointer font-medium">Does it work on a phone?</summary>
                        <p className={`mt-2 ${theme.quiet}`}>Yes, and with the keyboard alone.</p>
                      </details>
                      <details className={`border-b py-4 ${theme.line}`}>
                        <summary className="cursor-pointer font-medium">What does it cost?</summary>
                        <p className={`mt-2 ${theme.quiet}`}>Nothing.</p>
                      </details>
                    </section>
                    """#, nil
            )
        case .contact:
            return (
                comment + #"""
                    \#(plain)
                      \#(title)\#(text("Say hello"))</h2>
                      <p className={`mt-3 ${theme.quiet}`}>We read everything and answer within two days.</p>
                      <a
                        href="mailto:hello@example.org"
                        className={`mt-5 inline-flex h-12 items-center px-6 font-semibold ${theme.corner} ${theme.accent}`}
                      >
                        hello@example.org
                      </a>
                    </section>
                    """#, nil
            )
        case .reviews:
            return (
                comment + #"""
                    <section className="mt-10">
                      \#(title)\#(text("What people say"))</h2>
                      <div className="mt-5 grid gap-4 sm:grid-cols-2">
                        <blockquote className={`p-6 ${theme.corner} ${theme.card}`}>
                          <p>“I opened it once and it stayed open.”</p>
                          <footer className={`mt-3 text-sm ${theme.quiet}`}>Maya, Hamburg</footer>
                        </blockquote>
                        <blockquote className={`p-6 ${theme.corner} ${theme.card}`}>
                          <p>“Does one thing. That is why I like it.”</p>
                          <footer className={`mt-3 text-sm ${theme.quiet}`}>Tom, Bristol</footer>
                        </blockquote>
                      </div>
                    </section>
                    """#, nil
            )
        case .newsletter:
            return (
                comment + "<Newsletter heading=\(text("Letters, four a year")) />",
                #"""
                function Newsletter({ heading }: { heading: string }) {
                  const [email, setEmail] = useState("");
                  const [thanks, setThanks] = useState(false);
                  return (
                    <form
                      onSubmit={(event) => {
                        event.preventDefault();
                        setThanks(true);
                        setEmail("");
                      }}
                      className={`mt-10 p-6 sm:p-8 ${theme.corner} ${theme.card}`}
                    >
                      <h2 className={`text-2xl ${theme.display}`}>{heading}</h2>
                      <div className="mt-4 flex flex-wrap gap-3">
                        <input
                          type="email"
                          required
                          value={email}
                          onChange={(event) => setEmail(event.target.value)}
                          aria-label="Your e-mail address"
                          placeholder="you@example.org"
                          className={`h-12 min-w-48 flex-1 px-4 ${theme.corner} ${theme.field}`}
                        />
                        <button className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>Subscribe</button>
                      </div>
                      <p className={`mt-3 text-sm ${theme.quiet}`} aria-live="polite">
                        {thanks ? "Thank you. The next one comes in spring." : "No more than that, and easy to leave."}
                      </p>
                    </form>
                  );
                }

                """#
            )
        case .figures:
            return (
                comment + #"""
                    <section aria-label=\#(text("Figures")) className={`mt-10 grid grid-cols-3 gap-4 border-y py-8 text-center ${theme.line}`}>
                      <p>
                        <span className={`block text-4xl font-bold tabular-nums ${theme.accentText}`}>128</span>
                        <span className={`text-sm ${theme.quiet}`}>people use it</span>
                      </p>
                      <p>
                        <span className={`block text-4xl font-bold tabular-nums ${theme.accentText}`}>4.9</span>
                        <span className={`text-sm ${theme.quiet}`}>of five stars</span>
                      </p>
                      <p>
                        <span className={`block text-4xl font-bold tabular-nums ${theme.accentText}`}>0</span>
                        <span className={`text-sm ${theme.quiet}`}>adverts</span>
                      </p>
                    </section>
                    """#, nil
            )
        case .features:
            return (
                comment + #"""
                    <section className="mt-10">
                      \#(title)\#(text("What it can do"))</h2>
                      <ul className="mt-5 grid gap-4 sm:grid-cols-3">
                        <li className={`p-5 ${theme.corner} ${theme.card}`}>Works with the keyboard, the mouse and a thumb.</li>
                        <li className={`p-5 ${theme.corner} ${theme.card}`}>Starts at once and needs no account.</li>
                        <li className={`p-5 ${theme.corner} ${theme.card}`}>Keeps quiet until you need it.</li>
                      </ul>
                    </section>
                    """#, nil
            )
        case .pricing:
            return (
                comment + #"""
                    <section className="mt-10">
                      \#(title)\#(text("Prices"))</h2>
                      <div className="mt-5 grid gap-4 sm:grid-cols-2">
                        <p className={`p-6 ${theme.corner} ${theme.card}`}>
                          <span className="font-semibold">Free</span>
                          <span className="mt-2 block text-4xl font-bold">€0</span>
                          <span className={`mt-2 block ${theme.quiet}`}>For one person, for ever.</span>
                        </p>
                        <p className={`p-6 ${theme.corner} ${theme.card}`}>
                          <span className="font-semibold">Together</span>
                          <span className="mt-2 block text-4xl font-bold">€5</span>
                          <span className={`mt-2 block ${theme.quiet}`}>A month, for up to five.</span>
                        </p>
                      </div>
                    </section>
                    """#, nil
            )
        case .help:
            return (
                comment + #"""
                    \#(plain)
                      \#(title)\#(text("How it works"))</h2>
                      <ol className={`mt-3 list-decimal space-y-1.5 pl-5 ${theme.quiet}`}>
                        <li>Look at the top: that is where things happen.</li>
                        <li>Press what looks like a button. Nothing can break.</li>
                        <li>Changed your mind? Everything can be undone or started over.</li>
                      </ol>
                    </section>
                    """#, nil
            )
        case .clock:
            return (
                comment + "<Clock label=\(text("Now")) />",
                #"""
                function Clock({ label }: { label: string }) {
                  const [now, setNow] = useState(() => new Date());
                  useEffect(() => {
                    const tick = setInterval(() => setNow(new Date()), 1000);
                    return () => clearInterval(tick);
                  }, []);
                  return (
                    <p className={`mt-10 flex items-baseline justify-between border-t pt-5 ${theme.line}`}>
                      <span className={theme.quiet}>{label}</span>
                      <time className={`text-3xl font-bold tabular-nums ${theme.accentText}`}>{now.toLocaleTimeString("en-GB")}</time>
                    </p>
                  );
                }

                """#
            )
        case .likes:
            return (
                comment + "<Likes label=\(text("I like this")) />",
                #"""
                function Likes({ label }: { label: string }) {
                  const [likes, setLikes] = useState(0);
                  return (
                    <p className="mt-10 flex items-center justify-center gap-4">
                      <button
                        onClick={() => setLikes(likes + 1)}
                        className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}
                      >
                        ♥ {label}
                      </button>
                      <span className="text-2xl font-bold tabular-nums" aria-live="polite">
                        {likes}
                      </span>
                    </p>
                  );
                }

                """#
            )
        case .lights:
            return (
                comment + "<Lights label=\(text("Light")) />",
                #"""
                function Lights({ label }: { label: string }) {
                  const [flipped, setFlipped] = useState(false);
                  useEffect(() => {
                    document.documentElement.style.filter = flipped ? "invert(1) hue-rotate(180deg)" : "";
                  }, [flipped]);
                  return (
                    <p className="mt-10 flex justify-center">
                      <button
                        role="switch"
                        aria-checked={flipped}
                        onClick={() => setFlipped(!flipped)}
                        className={`h-12 px-6 font-semibold ${theme.corner} ${theme.button}`}
                      >
                        {label}: {flipped ? "turned over" : "as it was"}
                      </button>
                    </p>
                  );
                }

                """#
            )
        case .quote:
            return (
                comment + #"""
                    <blockquote className={`mt-10 border-l-4 py-2 pl-6 text-xl ${theme.line}`}>
                      <p className={theme.display}>\#(text("Do it simply, then do it again."))</p>
                    </blockquote>
                    """#, nil
            )
        case .banner:
            return (
                comment + #"""
                    <p role="note" className={`mt-10 p-5 text-center font-medium ${theme.corner} ${theme.accentSoft}`}>
                      \#(text("New today: have a look around."))
                    </p>
                    """#, nil
            )
        case .timer:
            return (
                comment + "<Countdown label=\(text("One minute")) />",
                #"""
                function Countdown({ label }: { label: string }) {
                  const [left, setLeft] = useState(60);
                  const [running, setRunning] = useState(false);
                  useEffect(() => {
                    if (!running) return;
                    const tick = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
                    return () => clearInterval(tick);
                  }, [running]);
                  return (
                    <section className={`mt-10 flex flex-wrap items-center gap-4 p-6 ${theme.corner} ${theme.card}`}>
                      <h2 className="flex-1 font-semibold">{label}</h2>
                      <span role="timer" className={`text-3xl font-bold tabular-nums ${theme.accentText}`}>
                        {Math.floor(left / 60)}:{String(left % 60).padStart(2, "0")}
                      </span>
                      <button
                        onClick={() => {
                          if (left === 0) setLeft(60);
                          setRunning(!running || left === 0);
                        }}
                        className={`h-11 px-5 font-semibold ${theme.corner} ${theme.accent}`}
                      >
                        {running && left > 0 ? "Pause" : "Start the timer"}
                      </button>
                    </section>
                  );
                }

                """#
            )
        case .chart:
            return (
                comment + #"""
                    \#(plain)
                      \#(title)\#(text("The last seven days"))</h2>
                      <svg viewBox="0 0 280 100" className={`mt-5 w-full ${theme.accentText}`} role="img" aria-label="Seven bars">
                        {[34, 58, 46, 72, 64, 90, 81].map((value, day) => (
                          <rect key={day} x={day * 41} y={100 - value} width="32" height={value} fill="currentColor" />
                        ))}
                      </svg>
                    </section>
                    """#, nil
            )
        case .credits:
            return (
                comment + #"""
                    <p className={`mt-10 text-center text-sm ${theme.quiet}`}>
                      \#(text("Thanks to everybody who tried it early and said what was missing."))
                    </p>
                    """#, nil
            )
        }
    }

    /// The JSX of a note about something that was asked for and is not rehearsed.
    static func note(_ request: String) -> String {
        #"""
        {/* Note */}
        <section className={`mt-10 p-6 ${theme.corner} ${theme.accentSoft}`}>
          <h2 className="text-lg font-semibold">{\#(Literal.string(request))}</h2>
          <p className="mt-2">Noted, and on its way. This is where it will live.</p>
        </section>
        """#
    }
}
