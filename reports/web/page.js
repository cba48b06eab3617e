// Puts the lanes on the page and binds buttons, keys and themes.

let lanes_width_s = () => 60;

function place_spans(lanes) {
  const host = document.getElementById("spans");
  host.replaceChildren();
  host.hidden = lanes.data.stages.length + lanes.data.phases.length === 0;
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
}

function show_time(lanes, t) {
  const output = document.getElementById("at");
  const { data } = lanes;
  if (t == null) {
    lanes.time = null;
    output.textContent = `${clock(lanes.range[0])} to ${clock(lanes.range[1])} since the ${data.watched_only ? "recording" : "load"} began; drag to zoom`;
    return;
  }
  lanes.time = t;
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
  } else if (!data.watched_only) {
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
      const begin = +button.dataset.showBegin, end = +button.dataset.showEnd, room = Math.max(5, (end - begin) * 0.15);
      lanes.zoom(begin - room, end + room);
      document.getElementById("timeline").scrollIntoView({ behavior: "smooth" });
    });
  }
  lanes.host.addEventListener("keydown", (e) => {
    const step = (lanes.range[1] - lanes.range[0]) / 100;
    const keys = {
      ArrowLeft: () => lanes.point_at(Math.max(lanes.range[0], (lanes.time ?? lanes.range[0]) - step)),
      ArrowRight: () => lanes.point_at(Math.min(lanes.range[1], (lanes.time ?? lanes.range[0]) + step)),
      "+": actions.in, "=": actions.in, "-": actions.out, Home: actions.all, Escape: actions.all,
    };
    if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey || e.target.tagName === "BUTTON") return;
    e.preventDefault();
    keys[e.key]();
  });
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

/** Draws the lanes from the data on the page; `range` is what was zoomed to, if anything. */
async function draw(range) {
  const host = document.getElementById("lanes");
  try {
    const data = await load_data();
    host.replaceChildren();
    const lanes = new Lanes(data, host);
    lanes_width_s = () => lanes.range[1] - lanes.range[0];
    lanes.on_time = (t) => show_time(lanes, t);
    lanes.on_range = ([begin, end]) => {
      host.dataset.range = `${clock(begin)} to ${clock(end)}`;
      place_spans(lanes);
      show_time(lanes, lanes.time);
    };
    if (range) lanes.range = range;
    add_lanes(lanes);
    bind(lanes);
    lanes.on_range(lanes.range);
    host.dataset.state = "drawn";
    drawn = lanes;
  } catch (error) {
    host.replaceChildren(element("p", { class: "notice card" }, error.message));
    host.dataset.state = "failed";
  }
}

bind_theme(() => { if (drawn) { drawn.redraw(); place_spans(drawn); } },
           (on) => { if (drawn) { drawn.printing = on; drawn.resize(); } });
draw(null).then(() => { if (document.getElementById("live")) follow(); });
