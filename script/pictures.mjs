// One picture for the documentation.
//   node pictures.mjs DIRECTORY CHROMIUM terminal|report|live|runs FILE-OR-URL PNG
// DIRECTORY holds node_modules.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [directory, executablePath, kind, source, png] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(directory), "/"))("playwright-core");
const profile = mkdtempSync(join(tmpdir(), "surgeproof-pictures-"));
const height = { terminal: 900, report: 1720, live: 1100, runs: 640 }[kind];
const browser = await chromium.launchPersistentContext(profile, {
  executablePath, headless: true, viewport: { width: kind === "runs" ? 1100 : 1280, height },
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  await page.goto(source.startsWith("http") ? source : pathToFileURL(resolve(source)).href);
  if (kind === "terminal") {
    await page.addStyleTag({ content: `body { margin: 0; background: #14181f !important; color: #d5dbe3 !important; }
      pre { margin: 0; padding: 18px 22px; width: max-content; font: 14px/1.3 "DejaVu Sans Mono", monospace; }` });
    await page.locator("pre").screenshot({ path: png });
  } else {
    // The first state that is served may be an old one: nobody looked before.
    if (kind === "live") await page.locator("#spans .stage", { hasText: "surge" }).waitFor();
    if (kind !== "runs") await page.waitForSelector("#lanes[data-state=drawn]");
    await page.screenshot({ path: png });
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
