export default function App() {
  return (
    <main style={{ minHeight: "100vh", display: "grid", placeItems: "center", font: "16px/1.5 system-ui, sans-serif" }}>
      <p style={{ opacity: 0.6 }}>The app appears here as soon as its first version is ready.</p>
    </main>
  );
}
