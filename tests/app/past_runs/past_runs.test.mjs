// The list of past runs in a real Chromium: what it shows, where it leads, and that it can be read by everybody.
//   node past_runs.test.mjs PROGRAM WRITE_SAMPLE_REPORTS DIRECTORY CHROMIUM
// DIRECTORY holds node_modules; screenshots are written there.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { audit, complaints_of, launch, overflow, run_all } from "../../reports/browser/chromium.mjs";

const [program, writer, directory, executablePath] = process.argv.slice(2);

const work = mkdtempSync(join(tmpdir(), "surgeproof-past-runs-"));
const samples = join(work, "samples"), runs = join(work, "runs");
mkdirSync(samples);
execFileSync(writer, [samples]);
function add_run(name, day, sample, change = () => {}) {
  const place = join(runs, name);
  mkdirSync(place, { recursive: true });
  const verdict = JSON.parse(readFileSync(join(samples, sample + ".verdict.json"), "utf8"));
  verdict.run.load_started = `2025-06-${String(day).padStart(2, "0")}T09:00:02.250Z`;
  change(verdict);
  writeFileSync(join(place, "verdict.json"), JSON.stringify(verdict));
  copyFileSync(join(samples, sample + ".report.html"), join(place, "report.html"));
}
for (let day = 1; day <= 12; ++day) {
  add_run(`202506${String(day).padStart(2, "0")}T090000Z-todo`, day, "surge", (v) => {
    v.summary.total.latency_p99_ms *= 0.6 + 0.1 * (day % 5);
    v.criteria[0].observed_value += day;
    if (day % 3) { v.verdict.status = "pass"; v.verdict.headline = "all 5 criteria met"; v.summary.total.dropped_requests = 0; }
  });
}
add_run("20250604T120000Z-nothing", 4, "empty");
add_run('20250605T120000Z-<b>"odd"&', 5, "hostile", (v) => { v.run.name = "<img src=x onerror=alert(1)>"; });

const server = spawn(program, ["report", "--serve", runs], { stdio: ["ignore", "pipe", "inherit"] });
const ended = once(server, "exit");
const url = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => { const found = /(http:\S+)/.exec(line); if (found) resolve(found[1]); });
  server.on("exit", () => reject(new Error("it ended before it was announced")));
});
const browser = await launch(directory, executablePath);

async function open({ width = 1280, scheme = "light" } = {}) {
  const page = await browser.newPage();
  const complaints = complaints_of(page, (address) => address.startsWith(url));
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  return { page, complaints };
}

const tests = {
  async "lists runs by scenario, the newest first, with trends"() {
    const { page, complaints } = await open();
    assert.deepEqual(await page.locator("h2").allTextContents(), ["todo, Tuesday peak", "<img src=x onerror=alert(1)>", "nothing"]);
    assert.equal(await page.locator("table").first().locator("tbody tr").count(), 12);
    assert.match(await page.locator("tbody tr").first().textContent(), /fail2025-06-12T09:00:02.250Z.*12.*59s.*88,680/);
    assert.equal(await page.locator("figure").count(), 3);
    assert.equal(await page.locator("figure").first().locator("circle").count(), 12);
    assert.match(await page.locator("figure").nth(1).textContent(), /Dropped requests 12[^]*0 to 12 in 12 runs/);
    await page.screenshot({ path: join(directory, "past-runs-1280.png"), fullPage: true });
    assert.deepEqual(complaints, []);
  },

  async "leads to each report, also of a run with an odd name"() {
    const { page, complaints } = await open();
    await page.locator("tbody a").first().click();
    await page.waitForSelector("#lanes[data-state=drawn]");
    assert.equal(await page.locator("h1").textContent(), "todo, Tuesday peak");
    await page.goto(url);
    await page.locator("table").nth(1).locator("a").click();
    await page.waitForSelector("#lanes[data-state=drawn]");
    assert.match(decodeURIComponent(page.url()), /<b>"odd"&\/report\.html$/);
    assert.deepEqual(complaints, []);
  },

  async "has no serious finding of axe-core's, and fits"() {
    for (const scheme of ["light", "dark"]) {
      for (const width of [1280, 390]) {
        const { page, complaints } = await open({ width, scheme });
        assert.equal(await overflow(page), 0);
        assert.deepEqual(await audit(page, directory), [], `${scheme} ${width}`);
        await page.screenshot({ path: join(directory, `past-runs-${width}-${scheme}.png`), fullPage: true });
        assert.deepEqual(complaints, []);
      }
    }
  },
};

let good = false;
try {
  good = await run_all(tests, browser);
} finally {
  await browser.close();
  server.kill("SIGINT");
  const [code] = await ended;
  good &&= code === 0;
  rmSync(work, { recursive: true, force: true });
}
process.exit(good ? 0 : 1);
