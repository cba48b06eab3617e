// The run's data: JSON, deflated and in base64, so that the file stays small.

/** Of `page`, a document. */
async function load_data(page) {
  const text = page.getElementById("run-data").textContent.trim();
  if (typeof DecompressionStream === "undefined") {
    throw new Error("This browser is too old to unpack the charts (it lacks DecompressionStream). " +
                    "Chrome or Edge 80, Firefox 113, Safari 16.4 and later can. The tables on this page are complete.");
  }
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// Text for people, as in the rest of the report.

function clock(seconds, decimals = 0) {
  const sign = seconds < 0 ? "-" : "";
  const scale = 10 ** decimals;
  const total = Math.round(Math.abs(seconds) * scale) / scale;
  const h = Math.floor(total / 3600), m = Math.floor(total / 60) % 60;
  const s = (total % 60).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, "0");
  return total === 0 ? "0:" + s : sign + (h ? h + ":" + String(m).padStart(2, "0") : m) + ":" + s;
}

function words_for_ms(ms) {
  if (ms == null) return "–";
  const digits = (value) => String(+value.toPrecision(3));
  if (ms >= 999.5) return digits(ms / 1000) + "s";
  return ms >= 1 || ms === 0 ? digits(ms) + "ms" : digits(ms * 1000) + "µs";
}

function words_for_rate(n) {
  if (n == null) return "–";
  return n >= 100 ? n.toFixed(0) : n >= 10 || n === 0 ? String(+n.toFixed(1)) : String(+n.toFixed(2));
}

function words_for_count(n) { return n == null ? "–" : String(n); }

/** Index of the last instant that is not after t; -1 when t is before the first. `times` ascends. */
function index_at(times, t) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= t) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A colour of the style sheet, by the theme that is on. */
function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }
function tint(name, alpha) { return `rgba(${colour(name)}, ${alpha})`; }
