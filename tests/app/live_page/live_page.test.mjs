// The page that follows a run, in a real Chromium: it grows, keeps what the reader has done to it, and ends in the verdict.
//   node live_page.test.mjs PROGRAM DIRECTORY CHROMIUM
// DIRECTORY holds node_modules; screenshots are written there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { audit, complaints_of, fitted, launch, overflow } from "../../reports/browser/chromium.mjs";

const [program, directory, executablePath] = process.argv.slice(2);
const kPatience = { timeout: 90_000 };  // the machine may be busy

const work = mkdtempSync(join(tmpdir(), "surgeproof-live-"));
const target = createServer((request, answer) => answer.end("ok")).listen(0, "127.0.0.1");
await once(target, "listening");
writeFileSync(join(work, "peak.yaml"), `target: http://127.0.0.1:${target.address().port}
load:
  - {name: calm, hold: 20/s, for: 14s}
  - {name: peak, hold: 60/s, for: 14s}
criteria:
  - dropped_requests: 0
`);

const run = spawn(program, ["run", join(work, "peak.yaml"), "--live", "--linger", "60s", "--plain", "--out", join(work, "out")],
                  { stdio: ["ignore", "pipe", "inherit"] });
const ended = once(run, "exit");
const lines = createInterface({ input: run.stdout });
const url = await new Promise((resolve, reject) => {
  lines.on("line", (line) => { const found = /^Live +(http:\S+)/.exec(line); if (found) resolve(found[1]); });
  run.on("exit", () => reject(new Error("the run ended before its page was announced")));
});

const browser = await launch(directory, executablePath);
let failed = false;
try {
  const page = await browser.newPage();
  const complaints = complaints_of(page, (address) => address.startsWith(url));
  await page.goto(url);
  await page.waitForSelector("#lanes[data-state=drawn]", kPatience);
  assert.match(await page.title(), /^running: peak$/);
  const planned = () => page.evaluate(() => +document.querySelector(".facts").textContent.match(/([\d,]+) requests/)[1].replace(",", ""));
  const before = await planned();
  await page.waitForFunction((n) => +document.querySelector(".facts").textContent.match(/([\d,]+) requests/)[1].replace(",", "") > n + 20,
                             before, kPatience);
  await page.waitForFunction(() => {  // not while it is drawn anew; a chart that was replaced and is still held makes one too many
    const shown = document.querySelectorAll("#lanes canvas").length;
    return shown > 0 && uPlot.sync("run").plots.length === shown;
  }, null, kPatience);
  console.log("ok      grows by itself, and lets go of what it has replaced");

  await page.locator("[data-zoom=in]").click();
  const range = await page.getAttribute("#lanes", "data-range");
  await page.locator(".legend button", { hasText: "sent" }).first().click();
  await page.locator("details.card > summary").first().click();
  const opened = await page.locator("details.card").first().getAttribute("open");
  await page.locator("#lane-0 + .as-table > summary").click();
  await page.locator("#lane-1").focus();
  await page.keyboard.press("ArrowRight");
  const pinned = await page.textContent("#at");
  const zoomed_at = await planned();
  await page.waitForFunction((n) => +document.querySelector(".facts").textContent.match(/([\d,]+) requests/)[1].replace(",", "") > n + 20,
                             zoomed_at, kPatience);
  const lost = await page.evaluate(([range, opened, pinned]) => {
    const sent = [...document.querySelectorAll(".legend button")].find((b) => b.textContent.includes("sent"));
    const kept = {
      zoom: document.getElementById("lanes").dataset.range === range, hidden: sent.getAttribute("aria-pressed") === "false",
      fold: document.querySelector("details.card").getAttribute("open") === opened,
      table: document.querySelectorAll("#lane-0 + .as-table tbody tr").length > 0,
      moment: document.getElementById("at").textContent === pinned, focus: document.activeElement.id === "lane-1",
    };
    return Object.keys(kept).filter((what) => !kept[what]);
  }, [range, opened, pinned]);
  assert.deepEqual(lost, []);
  console.log("ok      keeps the zoom, the moment, the focus, what is hidden and what is open");
  await page.screenshot({ path: join(directory, "live-running.png") });

  // Longer than the page takes from one refresh to the next.
  const held_at = await planned();
  const box = await page.locator("#lane-0 .u-over").boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.evaluate(() => { document.querySelector("#lane-0 canvas").dataset.held = "yes"; });
  await page.evaluate(async () => {  // two more answers of the run's
    for (let i = 0; i < 2; ++i) {
      await new Promise((done) => new EventSource("events").addEventListener("changed", function () { this.close(); done(); }));
    }
  });
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 3 });
  assert.equal(await page.locator("#lane-0 canvas").getAttribute("data-held"), "yes", "replaced under the reader's hand");
  await page.mouse.up();
  await page.waitForFunction((range) => document.getElementById("lanes").dataset.range !== range, range, kPatience);
  await page.waitForFunction((n) => +document.querySelector(".facts").textContent.match(/([\d,]+) requests/)[1].replace(",", "") > n,
                             held_at, kPatience);
  assert.notEqual(await page.getAttribute("#lanes", "data-range"), range);
  console.log("ok      waits while the reader drags");

  await page.reload();
  await page.waitForSelector("#lanes[data-state=drawn]", kPatience);
  assert.match(await page.getAttribute("#lanes", "data-range"), /^-?0:0[0-2] to/, "history is lost on reload");
  console.log("ok      keeps the history on reload");

  const audit_all = async (when) => {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await fitted(page);
        assert.equal(await overflow(page), 0, `${when} ${width}`);
        assert.deepEqual(await audit(page, directory), [], `${when} ${colorScheme} ${width}`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light" });
  };
  await audit_all("running");
  console.log("ok      has no serious finding of axe-core's while it runs");

  await page.waitForFunction(() => document.title === "PASS: peak", null, kPatience);
  assert.equal(await page.locator("#criteria .criterion.pass").count(), 1);
  assert.match(await page.textContent(".headline"), /PASS/i);
  await page.screenshot({ path: join(directory, "live-over.png") });
  await audit_all("over");
  assert.deepEqual(complaints, []);
  console.log("ok      ends in the verdict, without a complaint of the browser's");
} catch (error) {
  failed = true;
  console.log(`FAILED  ${error.stack}`);
} finally {
  await browser.close();
  run.kill("SIGTERM");
  const [code] = await ended;
  if (code !== 0) { failed = true; console.log(`FAILED  the run ended with ${code}`); }
  target.close();
  target.closeAllConnections();
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
