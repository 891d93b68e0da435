// Takes one picture of an app: a browser that reaches nothing but this process, and this process nothing but the app's socket.
//   capture.ts BROWSER SOCKET PICTURE     ends with 0 when PICTURE has been written; says why on standard error otherwise
import { writeFileSync } from "node:fs";
import { Browser } from "./browser.ts";
import { forward } from "./forward.ts";

const width = 1280;
const height = 800;
/** Entrance animations and what an app fetches for itself have this long after the page has loaded. */
const settleMilliseconds = 800;

const [program, socketPath, picturePath] = process.argv.slice(2) as [string, string, string];

const site = forward(socketPath);
const browser = new Browser(program, (reason) => fail(reason));
const page = await browser.open();
await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
await page.send("Emulation.setEmulatedMedia", {
  features: [
    { name: "prefers-reduced-motion", value: "reduce" },
    { name: "prefers-color-scheme", value: "light" },
  ],
});
const loaded = page.next("Page.loadEventFired");
const { errorText } = await page.send("Page.navigate", { url: site.url });
if (site.status() !== 0 && site.status() !== 200) fail(`the app answered ${site.status()}`);
if (errorText) fail(`the page did not open: ${errorText}`);
await loaded;
await Bun.sleep(settleMilliseconds);
writeFileSync(picturePath, await capture());
process.exit(0);

/** WebP is a third of PNG's size; a browser without it says so. */
async function capture(): Promise<Uint8Array> {
  try {
    return await screenshot({ format: "webp", quality: 82 });
  } catch {
    return await screenshot({ format: "png" });
  }
}

async function screenshot(format: object): Promise<Uint8Array> {
  const { data } = await page.send("Page.captureScreenshot", { ...format, captureBeyondViewport: false });
  return Buffer.from(data, "base64");
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
