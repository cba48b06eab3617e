// Addresses of moments and findings: "#t=95.2&from=60&to=107" is an instant and what is zoomed to, "#criterion-…" and the
// like an element of the page.

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const number_of = (text) => (text == null || text === "" || !Number.isFinite(+text) ? null : +text);

/** {t, from, to} of an address, each null when it is not there; null when it leads to no moment. */
function moment_of(hash) {
  const given = new URLSearchParams(hash.slice(1));
  const moment = { t: number_of(given.get("t")), from: number_of(given.get("from")), to: number_of(given.get("to")) };
  if (!(moment.from < moment.to)) moment.from = moment.to = null;
  return moment.t == null && moment.from == null ? null : moment;
}

function hash_of(lanes) {
  const short = (t) => String(+t.toFixed(2));
  const zoomed = lanes.range[0] !== lanes.full[0] || lanes.range[1] !== lanes.full[1];
  const parts = [];
  if (lanes.pinned != null) parts.push("t=" + short(lanes.pinned));
  if (zoomed || lanes.pinned == null) parts.push(`from=${short(lanes.range[0])}&to=${short(lanes.range[1])}`);
  return "#" + parts.join("&");
}

function scroll_to(node, block) { node.scrollIntoView({ block, behavior: calm() ? "instant" : "smooth" }); }

/** Shows a span of time on the lanes, with some room at its sides. */
function show_span(lanes, begin, end) {
  const room = Math.max(5, (end - begin) * 0.15);
  lanes.zoom(begin - room, end + room);
  lanes.pin(begin);
}

/** Goes where the page's address leads: sets cursor and zoom, opens what is folded, scrolls. */
function go_to_hash(lanes) {
  const moment = moment_of(location.hash);
  if (moment) {
    if (moment.from != null) lanes.zoom(moment.from, moment.to);
    else if (moment.t < lanes.range[0] || moment.t > lanes.range[1]) lanes.zoom(...lanes.full);
    if (moment.t != null) lanes.pin(moment.t);
    return scroll_to(document.getElementById("timeline"), "start");
  }
  let id = "";
  try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }  // no address of ours
  const node = id && document.getElementById(id);
  if (!node) return;
  for (let outer = node.parentElement.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  const decision = node.querySelector("details.decision");
  if (decision) decision.open = true;
  const shown = node.querySelector("[data-show-begin]"), at = moment_of(node.querySelector("a.at")?.hash ?? "");
  if (shown) show_span(lanes, +shown.dataset.showBegin, +shown.dataset.showEnd);
  else if (decision && at) lanes.pin(at.t);
  scroll_to(node, node.tagName === "H2" ? "start" : "center");
}

let silence = 0;

/** A word to the reader, for a moment; read out, too. */
function say(text) {
  const said = document.getElementById("said") ?? document.body.appendChild(element("div", { id: "said", class: "said", role: "status" }));
  said.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { said.textContent = ""; }, 4000);
}

async function copy_link(hash) {
  history.replaceState(null, "", hash);
  try {
    await navigator.clipboard.writeText(location.href);
    say("Link copied");
  } catch {
    say("The address bar holds the link");  // without a secure origin a page may not write to the clipboard
  }
}

/** A button that copies the address of each finding, cause, path and decision. */
function add_copy_buttons() {
  for (const node of document.querySelectorAll("[data-link]")) {
    const { id } = node.closest("[id]");
    const button = element("button", { type: "button", class: "copy", title: "Copy a link to this" }, "link",
      element("span", { class: "visually-hidden" }, ": copy the address of: " + node.dataset.link));
    button.addEventListener("click", () => copy_link("#" + id));
    node.append(" ", button);
  }
}

/** The page's sections in its head. */
function add_sections() {
  document.getElementById("sections")?.remove();
  const seen = new Set();
  const list = element("ul", {});
  for (const head of document.querySelectorAll("main h2[id]")) {
    const name = head.firstChild.textContent.split(":")[0].trim();
    if (seen.has(name)) continue;
    seen.add(name);
    list.append(element("li", {}, element("a", { href: "#" + head.id }, name)));
  }
  if (seen.size > 2) document.querySelector(".masthead > div").append(element("nav", { id: "sections", class: "sections", "aria-label": "Sections" }, list));
}

function follow_links() {
  addEventListener("hashchange", () => { if (drawn) go_to_hash(drawn); });
  document.addEventListener("click", (e) => {  // the same address again says nothing by itself
    const link = e.target.closest?.("a[href^='#']");
    if (link && link.hash === location.hash && drawn) { e.preventDefault(); go_to_hash(drawn); }
  });
}
