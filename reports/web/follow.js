// A page that is served while its run goes on: it fetches itself again when told so, and puts the new over the old.

const follow_state = { busy: false, again: false, over: false, held: false, released: () => {} };

function say_live(text) {
  const place = document.getElementById("live");
  if (place) place.textContent = text;
}

/** By what a folded part is known again. */
function name_of_part(summary) {
  const part = summary.parentElement;
  return part.dataset.key ?? (part.parentElement.id || summary.firstChild.textContent);
}

/** What the reader has opened, hidden, zoomed to and pinned. */
function reader_state() {
  const zoomed = drawn && (drawn.range[0] !== drawn.full[0] || drawn.range[1] !== drawn.full[1]);
  return {
    range: zoomed ? drawn.range : null, pinned: drawn?.pinned, time: drawn?.time,
    open: new Set([...document.querySelectorAll("details[open] > summary")].map(name_of_part)),
    shut: new Set([...document.querySelectorAll("details:not([open]) > summary")].map(name_of_part)),
    hidden: new Set([...document.querySelectorAll(".legend button[aria-pressed=false]")].map((b) => b.textContent.trim())),
    focus: document.activeElement?.id, top: scrollY,
  };
}

function restore(state) {
  for (const summary of document.querySelectorAll("details > summary")) {
    const title = name_of_part(summary);
    if (state.open.has(title)) summary.parentElement.open = true;
    if (state.shut.has(title)) summary.parentElement.open = false;
  }
  for (const button of document.querySelectorAll(".legend button")) {
    if (state.hidden.has(button.textContent.trim())) button.click();
  }
  if (state.focus) document.getElementById(state.focus)?.focus({ preventScroll: true });
  scrollTo({ top: state.top, behavior: "instant" });
}

/** The new page's parts in place of the old; the theme button stays, because it is bound. */
function put_over(next) {
  document.title = next.title;
  document.getElementById("run-data").textContent = next.getElementById("run-data").textContent;
  const masthead = document.querySelector(".masthead"), theirs = next.querySelector(".masthead");
  masthead.className = theirs.className;
  for (const part of [".headline", ".facts"]) masthead.querySelector(part).replaceWith(theirs.querySelector(part));
  const main = document.querySelector("main"), lanes = document.getElementById("lanes");
  const height = lanes.offsetHeight;
  main.replaceWith(next.querySelector("main"));
  document.getElementById("lanes").style.minHeight = height + "px";  // nothing jumps while it is drawn again
}

/** A drag or a click that has begun ends on what it began on. */
async function until_released() {
  while (follow_state.held) await new Promise((resolve) => { follow_state.released = resolve; });
}

function watch_pointer() {
  const hold = (held) => () => { follow_state.held = held; if (!held) setTimeout(() => follow_state.released()); };  // after the click
  addEventListener("pointerdown", hold(true), true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, hold(false), true);
  addEventListener("blur", hold(false));  // the window's own
}

async function refresh() {
  if (follow_state.busy) { follow_state.again = true; return; }
  follow_state.busy = true;
  try {
    do {
      follow_state.again = false;
      const answer = await fetch(location.pathname, { cache: "no-store" });
      if (!answer.ok) throw new Error("status " + answer.status);
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const data = await load_data(next);
      await until_released();
      const state = reader_state();  // from here on at once: what the reader does meanwhile would be lost
      put_over(next);
      draw(data, state);
      document.getElementById("lanes").style.minHeight = "";
      restore(state);
    } while (follow_state.again);
  } catch (error) {
    say_live("the run does not answer (" + error.message + "); trying again");
  } finally {
    follow_state.busy = false;
  }
}

function follow() {
  watch_pointer();
  const source = new EventSource("events");
  source.addEventListener("changed", () => { if (!document.hidden) refresh(); else follow_state.again = true; });
  source.addEventListener("over", async () => { follow_state.over = true; source.close(); await refresh(); });
  source.onerror = () => { if (!follow_state.over) say_live("connection to the run lost; trying again"); };
  document.addEventListener("visibilitychange", () => { if (!document.hidden && follow_state.again) refresh(); });
}
