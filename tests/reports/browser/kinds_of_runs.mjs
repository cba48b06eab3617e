// Reports of runs that have less, or more, than load and a cluster: watched ones, and ones with actions.
import assert from "node:assert/strict";
import { overflow } from "./chromium.mjs";

/** Tests by name; made from what report.test.mjs opens and looks at pages with. */
export const kinds_of_runs = ({ open, shot, inked, at }) => ({
  async "a timeline without load has no lanes of load"() {
    for (const width of [1280, 390]) {
      const { page, complaints } = await open("watched.report.html", { width });
      assert.deepEqual(await page.locator(".lane h3").allTextContents(), ["Replicas", "cpu against its target", "Pods"]);
      for (const share of await inked(page)) assert.ok(share > 0.01, "a lane is empty");
      assert.match(await page.textContent(".masthead"), /Watched for/);
      assert.doesNotMatch(await page.textContent("body > main"), /requests? planned|Schedule error|No load/);
      assert.match(await at(page), /since the recording began/);
      assert.equal(await overflow(page), 0);
      await shot(page, "watched-" + width);
      assert.deepEqual(complaints, []);
    }
  },

  async "actions have a line on each lane and their name once, above them"() {
    for (const width of [1280, 390]) {
      const { page, complaints } = await open("acted.report.html", { width });
      const names = page.locator("#spans .action");
      assert.deepEqual(await names.allTextContents(),
        ["deploy", "delete the oldest pod of todo", "scale by hand (not done)", "late <restart>"]);
      const boxes = await names.evaluateAll((all) => all.map((node) => node.getBoundingClientRect().toJSON()));
      const host = await page.locator("#spans").boundingBox();
      for (const [i, a] of boxes.entries()) {
        assert.ok(a.left >= host.x - 1 && a.right <= host.x + host.width + 1, `name ${i} leaves the page`);
        assert.ok(a.bottom <= host.y + host.height + 1, `name ${i} lies on the first lane`);
        for (const b of boxes.slice(i + 1)) {
          assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, "names overlap");
        }
      }
      assert.equal(await names.nth(2).evaluate((node) => node.classList.contains("failed")), true);
      assert.deepEqual(complaints, []);  // before pixels are read, which Chromium has advice for
      // The line of the first one, on the first lane: as far right as its name.
      const line = await page.evaluate(() => {
        const canvas = document.querySelector("#lanes canvas"), { data } = canvas.getContext("2d").getImageData(0, 40, canvas.width, 1);
        for (let x = 0; x < canvas.width; ++x) if (data[4 * x] > 140 && data[4 * x + 1] < 80 && data[4 * x + 2] > 120) return canvas.getBoundingClientRect().left + x / devicePixelRatio;
        return null;
      });
      assert.ok(Math.abs(line - boxes[0].left) < 3, `${line} is not ${boxes[0].left}`);
      // No label of an axis is cut: the leftmost columns of pixels stay empty.
      const cut = await page.evaluate(() => [...document.querySelectorAll("#lanes canvas")].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, 1, canvas.height);
        return data.some((value, i) => i % 4 === 3 && value > 0);
      }));
      assert.ok(cut.every((value) => !value), `cut: ${cut}`);
      assert.equal(await overflow(page), 0);
      await shot(page, "acted-" + width);
    }
  },
});
