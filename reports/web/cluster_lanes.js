// Lanes of what the cluster did: replicas, the metric against its target, pods.

const stepped = () => uPlot.paths.stepped({ align: 1 });

function add_replica_lane(lanes, hpa, title) {
  const { replicas } = hpa;
  const top = top_of([replicas.desired, replicas.current, replicas.ready, replicas.simulated ?? []], hpa.max_replicas) + 0.6;
  const series = (label, key, more) => ({ label, colour: key, values: replicas[key], words: words_for_count, paths: stepped(), ...more });
  const simulated = replicas.simulated ? [series("simulated with these settings", "simulated", { dash: [2, 3], width: 1.5 })] : [];
  lanes.add({
    title, resources: ["horizontalpodautoscalers", "deployments", "statefulsets"],
    columns: [replicas.t_s, replicas.ready, replicas.current, replicas.desired, ...simulated.map((s) => s.values)],
    series: [
      series("ready", "ready", { width: 2.5, fill: () => colour("ready") + "26" }), series("replicas set", "current", { width: 1.5 }),
      series("desired by the HPA", "desired", { dash: [5, 4], width: 2 }), ...simulated,
    ],
    y: {
      range: () => [0, top],
      splits: () => Array.from({ length: Math.floor(top) + 1 }, (_, i) => i).filter((n) => n % Math.ceil(top / 8) === 0),
      words: (u, at) => at.map(String),
    },
    over: (u) => {
      draw_level(u, hpa.max_replicas, "max " + hpa.max_replicas, "muted", [2, 3]);
      draw_level(u, hpa.min_replicas, "min " + hpa.min_replicas, "muted", [2, 3]);
    },
  });
}

function draw_band(u, low, high) {
  const { ctx, bbox } = u;
  const top = Math.max(bbox.top, u.valToPos(high, "y", true));
  const bottom = Math.min(bbox.top + bbox.height, u.valToPos(low, "y", true));
  ctx.fillStyle = tint("band", 0.18);
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
}

function add_metric_lane(lanes, metric, title) {
  const top = top_of([metric.value], metric.target * 1.4) * 1.08;
  const words = (value) => (value == null ? "–" : words_for_rate(value) + (metric.unit ? " " + metric.unit : ""));
  lanes.add({
    title, resources: ["horizontalpodautoscalers", "metrics"], columns: [metric.t_s, metric.value],
    series: [{ label: metric.name, colour: "usage", values: metric.value, words, paths: stepped(), width: 2 }],
    y: { range: () => [0, top], words: (u, at) => at.map((v) => v + (metric.unit ? " " + metric.unit : "")) },
    under: (u) => draw_band(u, metric.band_low, metric.band_high),
    over: (u) => draw_level(u, metric.target, "target " + words(metric.target), "muted", [5, 4]),
  });
}

const kPodRow = 22;
const kPodColumns = [["created", "created_s"], ["scheduled", "scheduled_s"], ["started", "started_s"], ["ready", "ready_s"],
  ["in endpoints", "in_endpoints_s"], ["first answer", "first_request_s"], ["terminating", "terminating_s"],
  ["out of endpoints", "out_of_endpoints_s"], ["gone", "gone_s"]];
const kPodParts = [
  ["created", "created_s", "waiting for a node"], ["scheduled", "scheduled_s", "starting"], ["started", "started_s", "started, not ready"],
  ["ready", "ready_s", "ready"], ["terminating", "terminating_s", "terminating"],
];

/** What the pod went through: [{part, begin, end}], each until the next known instant. */
function parts_of(pod, run) {
  const known = kPodParts.filter(([, key]) => pod[key] != null)
    .map(([name, key]) => ({ name, begin: pod.before_watch && key !== "terminating_s" ? run.begin_s : pod[key] }));
  known.forEach((part, i) => { part.end = known[i + 1]?.begin ?? pod.gone_s ?? run.end_s; });
  return known.filter((part) => part.end > part.begin);
}

/** What the pod goes through at t; the run's last instant belongs to what went on until it. */
function part_at(pod, t, run) {
  return parts_of(pod, run).find((part) => part.begin <= t && (t < part.end || (part.end === run.end_s && t >= run.end_s)));
}

function draw_pods(u, pods, run) {
  const { ctx, bbox } = u;
  const unit = devicePixelRatio;
  pods.forEach((pod, row) => {
    const middle = u.valToPos(pods.length - row - 0.5, "y", true);
    ctx.save();
    ctx.fillStyle = colour("muted");
    ctx.font = `${11 * unit}px ui-monospace, monospace`;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText(pod.name.slice(-6).replace(/^-/, ""), bbox.left - 6 * unit, middle);
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const x = (t) => u.valToPos(t, "x", true);
    for (const part of parts_of(pod, run)) {
      const left = Math.round(x(part.begin));
      ctx.fillStyle = colour("pod-" + part.name);
      ctx.fillRect(left, middle - 6 * unit, Math.max(unit, Math.round(x(part.end)) - left), 12 * unit);
    }
    for (const tick of pod.ticks) draw_tick(ctx, x(tick.t_s), middle, tick.warning ? colour("fail") : colour("text"), unit);
    if (pod.first_request_s != null && !pod.before_watch) draw_flag(ctx, x(pod.first_request_s), middle, unit);
    ctx.restore();
  });
}

function draw_tick(ctx, x, y, fill, unit) {
  ctx.fillStyle = fill;
  ctx.fillRect(Math.round(x) - unit / 2, y - 9 * unit, Math.max(1, 1.5 * unit), 18 * unit);
}

// First answer from this pod: a small triangle on the bar.
function draw_flag(ctx, x, y, unit) {
  ctx.fillStyle = colour("card");
  ctx.beginPath();
  ctx.moveTo(x - 1 * unit, y - 5 * unit);
  ctx.lineTo(x + 7 * unit, y);
  ctx.lineTo(x - 1 * unit, y + 5 * unit);
  ctx.fill();
}

function pod_words(pod, t, run) {
  const lines = [pod.name + (pod.node ? " on " + pod.node : "")];
  const now = part_at(pod, t, run);
  if (now) lines.push("now: " + kPodParts.find(([name]) => name === now.name)[2]);
  const instants = kPodColumns.map(([name, key]) => [name, pod[key]]);
  if (pod.before_watch) lines.push("ran before the recording began");
  lines.push(instants.filter(([name, at]) => at != null && !(pod.before_watch && at <= run.begin_s + 1))
    .map(([name, at]) => `${name} ${clock(at, 1)}`).join(", "));
  if (pod.restarts) lines.push(`${pod.restarts} restarts`);
  const near = pod.ticks.filter((tick) => Math.abs(tick.t_s - t) < (lanes_width_s() / 60)).slice(0, 4);
  for (const tick of near) lines.push(`${clock(tick.t_s, 1)} ${tick.text}`);
  return lines.filter(Boolean).join("\n");
}

// "5 pods: 4 ready, 1 terminating", or the pod that the up and down arrows have chosen.
function words_of_pods(pods, t, run, row) {
  if (row != null) return pod_words(pods[row], t, run);
  const counts = new Map();
  for (const pod of pods) {
    const now = part_at(pod, t, run);
    if (now) counts.set(now.name, (counts.get(now.name) ?? 0) + 1);
  }
  const parts = kPodParts.filter(([name]) => counts.has(name)).map(([name, , words]) => `${counts.get(name)} ${words}`);
  return parts.length ? "pods: " + parts.join(", ") : "no pod";
}

function table_of_pods(pods) {
  return {
    head: ["pod", "node", ...kPodColumns.map(([name]) => name), "restarts", "events"],
    rows: pods.map((pod) => [pod.name, pod.node || "–", ...kPodColumns.map(([, key]) => (pod[key] == null ? "–" : clock(pod[key], 1))),
      String(pod.restarts), pod.ticks.map((tick) => `${clock(tick.t_s, 1)} ${tick.text}`).join("; ")]),
  };
}

function add_pod_lane(lanes, hpa, title) {
  const { pods } = hpa;
  if (pods.length === 0) return lanes.quiet(title, "No pod was seen.");
  const run = lanes.data;
  const tip = element("div", { class: "tip", hidden: "" });
  const lane = lanes.add({
    title, resources: ["pods"], columns: [[run.begin_s, run.end_s], [null, null]],
    series: [{ label: "pods", colour: "muted" }],
    keys: kPodParts.map(([name, , words]) => ({ label: words, colour: "pod-" + name })),
    y: { range: () => [0, pods.length], splits: () => [], words: () => [] },
    height: pods.length * kPodRow + 42,
    over: (u) => draw_pods(u, pods, run),
    words_at: (t, self) => words_of_pods(pods, t, run, self.row),
    table: () => table_of_pods(pods),
    hover: (self, t) => {
      const { top, left } = self.chart.cursor;
      const over_lane = self.plot.matches(":hover");
      const pod = t == null || !over_lane ? null : pods[Math.floor(top / self.chart.over.clientHeight * pods.length)];
      show_tip(self, tip, pod && pod_words(pod, t, run), left, top);
    },
    step: (self, by) => {
      self.row = Math.min(Math.max((self.row ?? (by > 0 ? -1 : pods.length)) + by, 0), pods.length - 1);
      const t = lanes.pinned ?? lanes.range[0], { over } = self.chart;
      const left = ((t - lanes.range[0]) / (lanes.range[1] - lanes.range[0])) * over.clientWidth;
      show_tip(self, tip, pod_words(pods[self.row], t, run), left, ((self.row + 0.5) / pods.length) * over.clientHeight);
      lanes.speak(self);
    },
  });
  lane.plot.addEventListener("blur", () => { lane.row = null; tip.hidden = true; });
  lane.box.append(tip);
}

/** Beside a place on the plot; nothing without text. */
function show_tip(lane, tip, text, left, top) {
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const x = lane.plot.offsetLeft + kAxisWidth() + left;
  const right = x > lane.box.clientWidth / 2;
  tip.style.left = right ? "auto" : x + 14 + "px";
  tip.style.right = right ? lane.box.clientWidth - x + 14 + "px" : "auto";
  tip.style.top = lane.plot.offsetTop + top + 16 + "px";
}
