// The HTML reports in a real Chromium, from disk and without network.
//   node report.test.mjs WRITE_SAMPLE_REPORTS DIRECTORY CHROMIUM
// DIRECTORY holds node_modules; reports and screenshots are written there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [writer, directory, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(join(directory, "/"))("playwright-core");
execFileSync(writer, [directory]);

const profile = mkdtempSync(join(tmpdir(), "surgeproof-browser-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath, headless: true, viewport: { width: 1280, height: 900 }, colorScheme: "light",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

async function open(file, { width = 1280, height = 900, scheme = "light", expected_state = "drawn", before } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(30000);
  const complaints = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith("file:")) complaints.push("request to " + request.url()); });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
  if (before) await page.addInitScript(before);
  await page.goto(pathToFileURL(join(directory, file)).href);
  const state = await page.waitForSelector("#lanes[data-state]");
  assert.equal(await state.getAttribute("data-state"), expected_state, await state.textContent());
  return { page, complaints };
}

const shot = (page, name) => page.screenshot({ path: join(directory, name + ".png"), fullPage: true });

/** For each canvas: the share of its pixels that are neither transparent nor the most frequent colour. */
const inked = (page) => page.evaluate(() => [...document.querySelectorAll("#lanes canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ++drawn;
  return drawn / (canvas.width * canvas.height);
}));

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const at = (page) => page.textContent("#at");
const range = (page) => page.getAttribute("#lanes", "data-range");

async function plot_of(page, lane) {
  const plot = page.locator("#lanes .u-over").nth(lane);
  await plot.evaluate((node) => node.scrollIntoView({ block: "center", behavior: "instant" }));
  return plot.boundingBox();
}

const tests = {
  async "opens from disk and draws every lane"() {
    const { page, complaints } = await open("surge.report.html");
    assert.deepEqual(await page.locator(".lane h3").allTextContents(),
      ["Requests per second", "Latency", "Errors per second", "Replicas", "cpu against its target", "Pods"]);
    const ink = await inked(page);
    assert.equal(ink.length, 6);
    for (const share of ink) assert.ok(share > 0.01, `a lane is empty: ${ink}`);
    assert.equal(await page.locator("#criteria .criterion:not(.head)").count(), 5);
    assert.equal(await overflow(page), 0);
    await shot(page, "surge-1280-light");
    assert.deepEqual(complaints, []);
  },

  async "zooms by dragging, on all lanes, and back"() {
    const { page, complaints } = await open("surge.report.html");
    const whole = await range(page);
    assert.match(whole, /^-0:02 to 12:03/);
    const plot = await plot_of(page, 3);
    await page.mouse.move(plot.x + plot.width * 0.05, plot.y + 30);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.2, plot.y + 40, { steps: 5 });
    await page.mouse.up();
    const zoomed = await range(page);
    assert.match(zoomed, /^0:34 to 2:23/);
    await shot(page, "surge-zoomed");
    await page.locator("#lanes .u-over").first().dblclick();
    assert.equal(await range(page), whole);
    await page.getByRole("button", { name: "show this criterion's time on the charts" }).first().click();
    assert.match(await range(page), /^0:53 to 1:54/);
    assert.deepEqual(complaints, []);
  },

  async "the cursor tells values on all lanes"() {
    const { page } = await open("surge.report.html");
    const plot = await plot_of(page, 0);
    await page.mouse.move(plot.x + plot.width * ((100 + 2) / 725), plot.y + 40);
    assert.match(await at(page), /^1:(39|40)\.\d {2}\(09:01:4\d\.\d UTC\), stage surge, phase scaling$/);
    assert.match((await page.locator(".lane .legend").first().textContent()), /offered400sent400served400unsent0/);
    assert.match((await page.locator(".lane .legend").nth(3).textContent()), /ready4replicas set5desired by the HPA5/);
    const lane = await plot_of(page, 5);
    await page.mouse.move(lane.x + lane.width * (600 / 725), lane.y + lane.height * 0.9);
    await page.waitForSelector(".tip:not([hidden])");
    assert.match(await page.textContent(".tip"), /todo-7d9f8b6c5-hq7sc on node-2[^]*terminating[^]*gone/);
    await shot(page, "surge-pod-tip");
  },

  async "is usable from the keyboard"() {
    const { page } = await open("surge.report.html");
    await page.focus("#lanes");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.match(await at(page), /^0:1\d\.\d/);
    await page.keyboard.press("+");
    const whole = "-0:02 to 12:03";
    assert.notEqual(await range(page), whole);
    await page.keyboard.press("Home");
    assert.equal(await range(page), whole);
    const toggle = page.locator(".legend button").first();
    await toggle.focus();
    await page.keyboard.press("Enter");
    assert.equal(await toggle.getAttribute("aria-pressed"), "false");
  },

  async "switches between light and dark"() {
    const { page, complaints } = await open("surge.report.html", { scheme: "dark" });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await shot(page, "surge-1280-dark");
    await page.click("#theme");
    assert.notEqual(await background(), dark);
    await page.click("#theme");
    assert.equal(await background(), dark);
    assert.deepEqual(complaints, []);
  },

  async "fits a phone"() {
    for (const scheme of ["light", "dark"]) {
      const { page, complaints } = await open("surge.report.html", { width: 390, height: 844, scheme });
      assert.equal(await overflow(page), 0);
      for (const share of await inked(page)) assert.ok(share > 0.01);
      await shot(page, "surge-390-" + scheme);
      assert.deepEqual(complaints, []);
    }
  },

  async "is redrawn when the window changes"() {
    const { page } = await open("surge.report.html");
    await page.setViewportSize({ width: 500, height: 800 });
    await page.waitForFunction(() => document.querySelector("#lanes canvas").clientWidth < 500);
    assert.equal(await overflow(page), 0);
  },

  async "text has enough contrast"() {
    for (const scheme of ["light", "dark"]) {
      const { page } = await open("surge.report.html", { scheme });
      const worst = await page.evaluate(() => {
        const parse = (text) => text.match(/[\d.]+/g).map(Number);
        const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = (node) => {
          for (let at = node; at; at = at.parentElement) {
            const fill = parse(getComputedStyle(at).backgroundColor);
            if (fill.length < 4 || fill[3] === 1) return fill;
          }
          return [255, 255, 255];
        };
        let least = { ratio: 21 };
        for (const node of document.querySelectorAll("main *, header *, footer")) {
          const words = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
          if (!words || node.closest("script, .spans, [hidden]")) continue;
          const [a, b] = [luminance(parse(getComputedStyle(node).color)), luminance(behind(node))].sort((x, y) => y - x);
          const ratio = (a + 0.05) / (b + 0.05);
          if (ratio < least.ratio) least = { ratio, text: node.textContent.slice(0, 60), kind: node.className };
        }
        return least;
      });
      assert.ok(worst.ratio >= 4.5, JSON.stringify(worst));
    }
  },

  async "says what an old browser lacks, and keeps the tables"() {
    const { page } = await open("surge.report.html", { expected_state: "failed", before: () => { delete globalThis.DecompressionStream; } });
    assert.match(await page.textContent("#lanes"), /too old to unpack the charts/);
    assert.ok(await page.getByText("Where the time went: todo").isVisible());
  },

  async "shows a run without load or cluster"() {
    const { page, complaints } = await open("empty.report.html");
    assert.match(await page.textContent("#lanes"), /No load was recorded/);
    await shot(page, "empty-1280-light");
    assert.deepEqual(complaints, []);
  },

  async "tells two HPAs apart, and says what was not seen"() {
    const { page, complaints } = await open("pair.report.html", { width: 390 });
    const titles = await page.locator("#lanes h3").allTextContents();
    assert.deepEqual(titles.slice(-5), ["todo: Pods", "frontend (Deployment/frontend)", "frontend: Replicas",
      "frontend: cpu against its target", "frontend: Pods"]);
    assert.match(await page.textContent("#lanes"), /The HPA never reported a value[^]*No pod was seen/);
    assert.equal(await overflow(page), 0);
    await shot(page, "pair-390");
    assert.deepEqual(complaints, []);
  },

  async "draws half an hour at 1,000/s soon enough"() {
    const begin = Date.now();
    const { page, complaints } = await open("long.report.html");
    const took = Date.now() - begin;
    assert.ok(took < 20000, `took ${took} ms`);
    await shot(page, "long-1280-light");
    assert.deepEqual(complaints, []);
  },

  async "prints on white"() {
    const { page } = await open("surge.report.html", { scheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
    const width = () => page.evaluate(() => document.querySelector("#lanes canvas").clientWidth);
    assert.equal(await width(), 640);
    await page.pdf({ path: join(directory, "surge.pdf"), format: "A4", printBackground: true });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    assert.ok(await width() > 1000);
  },
};

let failed = 0;
try {
  for (const [name, run] of Object.entries(tests)) {
    try {
      await run();
      console.log(`ok      ${name}`);
    } catch (error) {
      ++failed;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
    for (const page of browser.pages()) if (page.url().startsWith("file:")) await page.close();
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`${Object.keys(tests).length - failed} of ${Object.keys(tests).length} passed`);
process.exit(failed ? 1 : 0);
