import { createRoot, type Root } from "react-dom/client";
import App from "../../app/src/LLMComponent.tsx";
import { Boundary } from "./Boundary.tsx";

// From here on errors may be listened for (see `index.html`).
delete (window as { addEventListener?: unknown }).addEventListener;

const root: Root = (import.meta.hot.data.root ??= createRoot(document.getElementById("root")!));
root.render(
  <Boundary>
    <App />
  </Boundary>,
);
import.meta.hot.accept();
