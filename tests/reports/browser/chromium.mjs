// What the browser tests share: a Chromium, a list of what it complains of, and axe-core's findings.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `directory` holds node_modules. Close the browser with its own close(). */
export async function launch(directory, executablePath) {
  const { chromium } = createRequire(join(directory, "/"))("playwright-core");
  const profile = mkdtempSync(join(tmpdir(), "surgeproof-browser-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath, headless: true, viewport: { width: 1280, height: 900 }, colorScheme: "light", timezoneId: "UTC",
    permissions: ["clipboard-read", "clipboard-write"],
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  process.once("exit", () => {
    try { rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }); } catch { /* it still writes there */ }
  });
  return browser;
}

/** What goes wrong on the page from now on: errors, warnings, and requests that `allowed` does not know. */
export function complaints_of(page, allowed = (url) => url.startsWith("file:")) {
  const complaints = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => { if (!allowed(request.url())) complaints.push("request to " + request.url()); });
  return complaints;
}

/** axe-core's serious and critical findings, a line each. */
export async function audit(page, directory) {
  const axe = readFileSync(join(directory, "node_modules/axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  if (passes.length < 10) throw new Error("axe-core has hardly looked at the page");
  return violations.filter((v) => ["serious", "critical"].includes(v.impact))
    .flatMap((v) => v.nodes.map((n) => `${v.impact} ${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary?.replace(/\s+/g, " ").slice(0, 200)}`));
}

/** Waits until the charts have the width that a new size of the window leaves them: they are drawn anew in a later frame. */
export const fitted = (page) => page.waitForFunction(() => {
  const charts = [...document.querySelectorAll("#lanes .uplot")];
  return charts.length > 0 && charts.every((chart) => {
    const box = chart.parentElement.getBoundingClientRect();
    return box.right <= document.documentElement.clientWidth && chart.getBoundingClientRect().right <= box.right + 1;
  });
}, null, { timeout: 90_000 });

export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Runs each test and says how it went; true when all are well. */
export async function run_all(tests, browser) {
  let failed = 0;
  for (const [name, run] of Object.entries(tests)) {
    try {
      await run();
      console.log(`ok      ${name}`);
    } catch (error) {
      ++failed;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
    for (const page of browser.pages()) if (page.url() !== "about:blank") await page.close();
  }
  console.log(`${Object.keys(tests).length - failed} of ${Object.keys(tests).length} passed`);
  return failed === 0;
}
