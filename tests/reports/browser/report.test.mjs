// The HTML reports in a real Chromium, from disk and without network.
//   node report.test.mjs WRITE_SAMPLE_REPORTS DIRECTORY CHROMIUM
// DIRECTORY holds node_modules; reports and screenshots are written there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { audit, complaints_of, fitted, launch, overflow, run_all } from "./chromium.mjs";
import { kinds_of_runs } from "./kinds_of_runs.mjs";

const [writer, directory, executablePath] = process.argv.slice(2);
execFileSync(writer, [directory]);
const browser = await launch(directory, executablePath);

async function open(file, { width = 1280, height = 900, scheme = "light", expected_state = "drawn", before, hash = "" } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(30000);
  const complaints = complaints_of(page);
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
  if (before) await page.addInitScript(before);
  await page.goto(pathToFileURL(join(directory, file)).href + hash);
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
      ["Requests per second", "Latency", "Errors per second", "Replicas", "cpu against its target", "Pods",
       "p95_server", "queue"]);
    assert.match(await page.textContent("#lanes"), /It had no value/);
    const ink = await inked(page);
    assert.equal(ink.length, 7);
    for (const share of ink) assert.ok(share > 0.01, `a lane is empty: ${ink}`);
    assert.equal(await page.locator("#criteria .criterion:not(.head)").count(), 5);
    assert.equal(await overflow(page), 0);
    await shot(page, "surge-1280-light");
    assert.deepEqual(complaints, []);
  },

  ...kinds_of_runs({ open, shot, inked, at }),

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
    const signal = await plot_of(page, 6);
    await page.mouse.move(signal.x + signal.width * ((200 + 2) / 725), signal.y + 40);
    assert.match(await page.locator(".lane .legend").nth(6).textContent(), /queue41\.5not seen/);
    await shot(page, "surge-signal");
  },

  async "is usable from the keyboard"() {
    const { page, complaints } = await open("surge.report.html");
    const whole = "-0:02 to 12:03", lane = page.locator("#lane-0");
    await lane.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.match(await at(page), /^0:12\.5/);
    assert.match(await lane.getAttribute("aria-valuetext"), /^0:12\.5: offered 20, sent 20, served 20, unsent 0$/);
    await page.keyboard.press("Shift+ArrowRight");
    assert.match(await at(page), /^1:25\.\d.*stage surge, phase scaling/);
    await page.keyboard.press("+");
    assert.notEqual(await range(page), whole);
    await page.keyboard.press("0");
    assert.equal(await range(page), whole);
    await page.keyboard.press("End");
    assert.match(await at(page), /^12:03/);
    await page.keyboard.press("Escape");
    assert.match(await at(page), /^-0:02 to 12:03/);
    await page.locator("#lane-5").focus();
    await page.keyboard.press("End");
    assert.match(await page.getAttribute("#lane-5", "aria-valuetext"), /^12:03\.\d: pods: 2 ready/);
    await page.keyboard.press("ArrowDown");
    assert.match(await page.getAttribute("#lane-5", "aria-valuetext"), /todo-7d9f8b6c5-\w+ on node-1[^]*now: ready/);
    assert.ok(await page.locator(".tip").isVisible());
    const toggle = page.locator(".legend button").first();
    await toggle.focus();
    await page.keyboard.press("Enter");
    assert.equal(await toggle.getAttribute("aria-pressed"), "false");
    assert.deepEqual(complaints, []);
  },

  async "everything that can be used is reached with the Tab key, and shows it"() {
    const { page } = await open("surge.report.html");
    const usable = await page.evaluate(() => {
      const all = [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")].filter((n) => n.checkVisibility());
      all.forEach((n, i) => { n.dataset.number = i; });
      return all.length;
    });
    const reached = new Set();
    for (let i = 0; i < usable; ++i) {
      await page.keyboard.press("Tab");
      const { number, outlined } = await page.evaluate(() => {
        const node = document.activeElement, style = getComputedStyle(node);
        return { number: node.dataset.number, outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
      });
      assert.ok(outlined, `no visible focus on ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120))}`);
      reached.add(number);
    }
    assert.equal(reached.size, usable);
  },

  async "has no serious finding of axe-core's"() {
    for (const file of ["surge.report.html", "empty.report.html", "hostile.report.html", "pair.report.html"]) {
      for (const scheme of ["light", "dark"]) {
        for (const width of [1280, 390]) {
          const { page } = await open(file, { scheme, width });
          await page.evaluate(() => { for (const d of document.querySelectorAll("details")) d.open = true; });
          assert.deepEqual(await audit(page, directory), [], `${file} ${scheme} ${width}`);
          await page.close();
        }
      }
    }
  },

  async "links lead to a moment: cursor, zoom and place"() {
    const { page, complaints } = await open("surge.report.html", { hash: "#t=95.2&from=60&to=120" });
    assert.equal(await range(page), "1:00 to 2:00");
    assert.match(await at(page), /^1:35\.2.*stage surge/);
    await page.waitForFunction(() => Math.abs(document.getElementById("timeline").getBoundingClientRect().top) < 120);
    assert.equal(await page.locator(".pin:visible").count(), 7);
    await shot(page, "surge-moment");
    await page.locator("a.at", { hasText: "9:46" }).first().click();
    assert.match(await at(page), /^9:46/);
    assert.equal(await range(page), "-0:02 to 12:03");
    await page.goBack();
    assert.match(await at(page), /^1:35\.2/);
    assert.deepEqual(complaints, []);
  },

  async "copies a link that leads back"() {
    const { page, complaints } = await open("surge.report.html");
    const plot = await plot_of(page, 0);
    await page.mouse.click(plot.x + plot.width * ((100 + 2) / 725), plot.y + 40);
    await page.mouse.move(5, 5);
    assert.match(await at(page), /^1:(39|40)/);
    assert.match(await page.locator(".lane .legend").first().textContent(), /offered400sent400/);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.waitForFunction(() => /copied/.test(document.getElementById("said")?.textContent));
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /surge\.report\.html#t=\d+(\.\d+)?$/);
    const { page: other } = await open("surge.report.html", { hash: new URL(link).hash });
    assert.match(await at(other), /^1:(39|40)/);
    await page.locator("#lane-2").focus();
    await page.keyboard.press("+");
    await page.keyboard.press("c");
    await page.waitForFunction(() => /from=.*to=/.test(location.hash));
    assert.deepEqual(complaints, []);
  },

  async "links lead to a finding, from the keyboard too"() {
    const { page, complaints } = await open("surge.report.html");
    const button = page.locator("#criterion-latency-p99-scaling .copy");
    await button.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash === "#criterion-latency-p99-scaling");
    const { page: other } = await open("surge.report.html", { hash: "#criterion-latency-p99-scaling", height: 500 });
    assert.match(await range(other), /^0:53 to 1:54/);
    assert.match(await at(other), /^1:00/);
    await other.waitForFunction(() => { const { top, bottom } = document.querySelector("#criterion-latency-p99-scaling").getBoundingClientRect(); return top > 0 && bottom < innerHeight; });
    await other.close();
    const { page: cause } = await open("surge.report.html", { hash: "#cause-termination-race" });
    await cause.waitForFunction(() => document.querySelector(":target")?.textContent.includes("12 requests met pods"));
    for (const hash of ["#t=", "#t=x&from=1", "#from=9&to=3", "#%E0%A4%A", "#no-such-thing", "#t=1e999"]) {
      const { page: odd, complaints: more } = await open("surge.report.html", { hash });
      assert.equal(await range(odd), "-0:02 to 12:03", hash);
      assert.deepEqual(more, [], hash);
      await odd.close();
    }
    assert.deepEqual(complaints, []);
  },

  async "each chart can be read as a table"() {
    const { page, complaints } = await open("surge.report.html");
    const tables = page.locator(".lane .as-table");
    assert.equal(await tables.count(), 7);
    for (let i = 0; i < 7; ++i) await tables.nth(i).locator("summary").click();
    assert.ok(await tables.nth(0).locator("tbody tr").count() > 100);
    assert.match(await tables.nth(3).locator("tbody").textContent(), /1:47545|1:47\D*5/);
    assert.match(await tables.nth(5).locator("tbody").textContent(), /todo-7d9f8b6c5-hq7sc/);
    assert.equal(await tables.nth(1).locator("table").count(), 2);
    await page.locator("[data-zoom=in]").click();
    assert.match(await tables.nth(0).locator("caption").textContent(), /3:0\d to 9:0\d|2:5\d to/);
    assert.deepEqual(complaints, []);
  },

  async "a decision is explained when it is clicked"() {
    const { page, complaints } = await open("surge.report.html");
    const decision = page.locator("#decision-todo-75s .decision");
    assert.ok(!await decision.locator("ol").isVisible());
    await decision.locator("summary").click();
    assert.match(await decision.locator("ol").innerText(), /148 % against the target of 70 %[^]*outside the tolerance/);
    await decision.locator("a.at").click();
    assert.match(await at(page), /^1:15/);
    const { page: linked } = await open("surge.report.html", { hash: "#decision-todo-90s" });
    assert.ok(await linked.getByText("the model says 4: <no change>").isVisible());
    assert.match(await at(linked), /^1:30/);
    assert.deepEqual(complaints, []);
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
    await fitted(page);
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
    assert.deepEqual(titles.slice(-8, -3), ["todo: Pods", "frontend (Deployment/frontend)", "frontend: Replicas",
      "frontend: cpu against its target", "frontend: Pods"]);
    assert.deepEqual(titles.slice(-3), ["Signals", "p95_server", "queue"]);
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
    assert.ok(statSync(join(directory, "long.report.html")).size < 2_000_000);
    const [paint] = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint").map((e) => e.startTime));
    assert.ok(paint > 0);
    console.log(`        first contentful paint after ${paint.toFixed(0)} ms, all charts drawn after ${took} ms`);
    await shot(page, "long-1280-light");
    assert.deepEqual(complaints, []);
  },

  async "says which criteria a simulation would meet"() {
    for (const [width, scheme] of [[1280, "light"], [390, "dark"]]) {
      const page = await browser.newPage();
      const complaints = complaints_of(page);
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(pathToFileURL(join(directory, "simulation.html")).href);
      assert.deepEqual(await page.locator(".criteria tbody tr td:nth-child(3) span").evaluateAll((all) => all.map((s) => s.className)),
        ["met", "met", "broken", "open"]);
      assert.match(await page.textContent("main, body"), /2 of 4 criteria would be met, 1 cannot be told/);
      assert.ok(await page.getByText("a simulation has no logs").isVisible());
      assert.equal(await page.locator("svg path").count(), 4);
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await audit(page, directory), []);
      await shot(page, `simulation-${width}-${scheme}`);
      assert.deepEqual(complaints, []);
      await page.close();
    }
  },

  async "prints on white"() {
    const { page } = await open("surge.report.html", { scheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
    const width = () => page.evaluate(() => document.querySelector("#lanes canvas").clientWidth);
    assert.equal(await width(), 640);
    assert.equal(await page.locator("details:not([open]):not(.as-table)").count(), 0);
    // Bars and keys are backgrounds, which browsers leave out unless told otherwise.
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".bar")).printColorAdjust), "exact");
    await page.emulateMedia({ media: null });
    await page.pdf({ path: join(directory, "surge.pdf"), format: "A4" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    assert.ok(await width() > 1000);
    assert.ok(await page.locator("details:not([open]):not(.as-table)").count() > 2);
  },
};

let good = false;
try {
  good = await run_all(tests, browser);
} finally {
  await browser.close();
}
process.exit(good ? 0 : 1);
