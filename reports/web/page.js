// Puts the lanes on the page and binds buttons, keys and themes.

let lanes_width_s = () => 60;

function place_spans(lanes) {
  const host = document.getElementById("spans");
  host.replaceChildren();
  const plan = lanes.data.stages.length + lanes.data.phases.length > 0;
  host.hidden = !plan && !lanes.data.actions;
  const [begin, end] = lanes.range;
  const add = (span, kind, fill) => {
    const from = Math.max(span.begin_s, begin), to = Math.min(span.end_s, end);
    if (to <= from) return;
    const box = element("div", { class: kind, title: `${kind} ${span.name}${span.detail ? ": " + span.detail : ""}, ${clock(span.begin_s)} to ${clock(span.end_s)}` }, span.name);
    box.style.left = ((from - begin) / (end - begin)) * 100 + "%";
    box.style.width = ((to - from) / (end - begin)) * 100 + "%";
    if (fill) box.style.backgroundColor = fill;
    host.append(box);
  };
  for (const stage of lanes.data.stages) add(stage, "stage");
  for (const phase of lanes.data.phases) add(phase, "phase", tint("phase-" + phase.name, 0.18));
  place_actions(host, lanes, plan ? 48 : 0);
}

/** The actions' names from `top` on, each where its line begins below; one row lower when the one before is near. */
function place_actions(host, lanes, top) {
  const [begin, end] = lanes.range;
  const taken = [];  // by row, where its last name ends
  for (const action of lanes.data.actions ?? []) {
    if (action.t_s < begin || action.t_s > end) continue;
    const share = (action.t_s - begin) / (end - begin);
    const text = action.well ? action.name : action.name + " (not done)";
    const box = element("div", { class: action.well ? "action" : "action failed", title: `action ${text}, ${clock(action.t_s, 1)}` }, text);
    host.append(box);
    const at = share * host.clientWidth, width = box.offsetWidth;
    const turned = at + width > host.clientWidth;
    box.classList.toggle("turned", turned);
    if (turned) box.style.right = (1 - share) * 100 + "%";
    else box.style.left = share * 100 + "%";
    const from = turned ? at - width : at;
    let row = taken.findIndex((until) => until <= from);
    if (row < 0) row = taken.length;
    taken[row] = from + width + 4;
    box.style.top = top + row * 19 + "px";
  }
  host.style.height = top + taken.length * 19 + (taken.length ? 2 : 0) + "px";
}

function show_time(lanes, t) {
  const output = document.getElementById("at");
  const { data } = lanes;
  if (t == null) {
    output.textContent = `${clock(lanes.range[0])} to ${clock(lanes.range[1])} since the ${data.without_load ? "recording" : "load"} began; drag to zoom, click to keep a moment`;
    return;
  }
  const wall = new Date(data.load_started_unix_ms + t * 1000).toISOString().slice(11, 21);
  const name = (spans) => spans.find((s) => s.begin_s <= t && t < s.end_s)?.name;
  const stage = name(data.stages), phase = name(data.phases);
  output.textContent = `${clock(t, 1)}  (${wall} UTC)${stage ? ", stage " + stage : ""}${phase ? ", phase " + phase : ""}`;
}

function add_lanes(lanes) {
  const { data } = lanes;
  if (data.load.t_s.length) {
    add_rate_lane(lanes, data.load);
    add_latency_lane(lanes, data.load, data.latency_limit_ms);
    add_error_lane(lanes, data.load);
  } else if (!data.without_load) {
    lanes.quiet("Requests per second", "No load was recorded.");
  }
  const several = data.hpas.length > 1;
  for (const hpa of data.hpas) {
    const of = several ? `${hpa.name}: ` : "";
    if (several) lanes.host.append(element("h3", {}, `${hpa.name} (${hpa.target})`));
    if (hpa.replicas.t_s.length) add_replica_lane(lanes, hpa, of + "Replicas");
    else lanes.quiet(of + "Replicas", "The HPA was not seen.");
    for (const metric of hpa.metrics) {
      if (metric.t_s.length) add_metric_lane(lanes, metric, `${of}${metric.name} against its target`);
      else lanes.quiet(`${of}${metric.name} against its target`, "The HPA never reported a value.");
    }
    add_pod_lane(lanes, hpa, of + "Pods");
  }
  if (several && data.signals) lanes.host.append(element("h3", {}, "Signals"));
  for (const signal of data.signals ?? []) add_signal_lane(lanes, signal);
}

function bind(lanes) {
  const actions = {
    in: () => lanes.zoom_by(0.5), out: () => lanes.zoom_by(2), left: () => lanes.pan(-0.25), right: () => lanes.pan(0.25),
    all: () => lanes.zoom(...lanes.full),
  };
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", actions[button.dataset.zoom]);
  for (const button of document.querySelectorAll("[data-show-begin]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      show_span(lanes, +button.dataset.showBegin, +button.dataset.showEnd);
      scroll_to(document.getElementById("timeline"), "start");
    });
  }
  document.getElementById("copy-moment").addEventListener("click", () => copy_link(hash_of(lanes)));
  for (const lane of lanes.all) lane.plot.addEventListener("keydown", (e) => key_pressed(lanes, lane, actions, e));
  add_copy_buttons();
  add_sections();
}

function key_pressed(lanes, lane, actions, e) {
  const [begin, end] = lanes.range;
  const move = (by) => lanes.pin(Math.min(Math.max((lanes.pinned ?? begin) + ((end - begin) / 100) * by * (e.shiftKey ? 10 : 1), begin), end));
  const keys = {
    ArrowLeft: () => move(-1), ArrowRight: () => move(1), Home: () => lanes.pin(begin), End: () => lanes.pin(end),
    "+": actions.in, "=": actions.in, "-": actions.out, PageUp: actions.left, PageDown: actions.right, 0: actions.all,
    Escape: () => { lanes.pin(null); actions.all(); }, c: () => copy_link(hash_of(lanes)),
  };
  if (lane.options.step) Object.assign(keys, { ArrowUp: () => lane.options.step(lane, -1), ArrowDown: () => lane.options.step(lane, 1) });
  if (!Object.hasOwn(keys, e.key) || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  keys[e.key]();
}

/** On paper nothing is folded, but for the charts' tables. */
function unfold(print) {
  for (const details of document.querySelectorAll(print ? "details:not([open]):not(.as-table)" : "details[data-unfolded]")) {
    details.open = print;
    details.toggleAttribute("data-unfolded", print);
  }
}

function bind_theme(after, print) {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  const apply = (theme) => { root.dataset.theme = theme; after(); };
  const preferred = () => chosen ?? (dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => apply(preferred()));
  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", () => { chosen = root.dataset.theme === "dark" ? "light" : "dark"; apply(chosen); });
  addEventListener("beforeprint", () => { apply("light"); print(true); });
  addEventListener("afterprint", () => { print(false); apply(preferred()); });
}

let drawn = null;  // the lanes on the page

/** `seen`: what the reader had zoomed to and pinned, if anything. At once, so that no click falls in between. */
function draw(data, seen) {
  const host = document.getElementById("lanes");
  try {
    drawn?.destroy();
    drawn = null;
    host.replaceChildren();
    const lanes = new Lanes(data, host);
    lanes_width_s = () => lanes.range[1] - lanes.range[0];
    lanes.on_time = (t) => show_time(lanes, t);
    lanes.on_range = ([begin, end]) => {
      host.dataset.range = `${clock(begin)} to ${clock(end)}`;
      place_spans(lanes);
      show_time(lanes, lanes.moment);
      for (const lane of lanes.all) lane.refill();
    };
    if (seen?.range) lanes.range = seen.range;
    add_lanes(lanes);
    bind(lanes);
    lanes.on_range(lanes.range);
    if (seen?.pinned != null) lanes.pin(seen.pinned);
    if (seen?.time != null) lanes.hover(seen.time);
    host.dataset.state = "drawn";
    drawn = lanes;
  } catch (error) {
    say_undrawn(error);
  }
}

function say_undrawn(error) {
  const host = document.getElementById("lanes");
  host.replaceChildren(element("p", { class: "notice card" }, error.message));
  host.dataset.state = "failed";
}

bind_theme(() => { if (drawn) { drawn.redraw(); place_spans(drawn); } },
           (on) => { unfold(on); if (drawn) { drawn.printing = on; drawn.resize(); } });
follow_links();
load_data(document).then((data) => draw(data, null), say_undrawn).then(() => {
  if (drawn && location.hash) go_to_hash(drawn);
  if (document.getElementById("live")) follow();
});
