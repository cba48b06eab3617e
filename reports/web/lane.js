// One lane: a chart with its heading and legend. All lanes share the time axis, the cursor and the zoom.

const kAxisWidth = () => (window.innerWidth <= 760 ? 52 : 56);
const kTimeSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

class Lanes {
  constructor(data, host) {
    this.data = data;
    this.host = host;
    this.all = [];
    this.full = [data.begin_s, data.end_s];
    this.range = [...this.full];
    this.time = null;    // under the mouse
    this.pinned = null;  // chosen by a click, a key or a link
    this.on_time = () => {};
    this.on_range = () => {};
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
  }

  /** Lets go of everything: uPlot keeps charts that share a cursor in a list of its own. */
  destroy() {
    this.observer.disconnect();
    for (const lane of this.all) lane.chart.destroy();
  }

  /** What the readers look at: under the mouse, else what was chosen. */
  get moment() { return this.time ?? this.pinned; }

  /**
   * title; columns: what uPlot draws, times first; series: one for each further column, {label, colour, dash, width,
   * fill, paths, points, values and words (for the legend)}; keys: further entries of the legend, {label, colour,
   * toggle}; resources: of the cluster that the lane rests on, for the gaps; y: {range, splits, words, log}; height;
   * under(u) and over(u) draw below and above the series; hover(lane, t); words_at(t): the lane at that instant for those
   * who do not see it, table(begin, end): {head, rows} for them (both are made from the series otherwise);
   * step(lane, by): what the up and down arrows do.
   */
  add(options) {
    const box = element("section", { class: "lane card" });
    const legend = element("ul", { class: "legend" });
    box.append(element("div", { class: "lane-head" }, element("h3", {}, options.title), legend));
    const plot = element("div", {
      class: "plot", id: "lane-" + this.all.length, tabindex: "0", role: "slider", "aria-label": options.title + ": cursor in time",
      "aria-describedby": "lane-keys", "aria-valuemin": this.full[0], "aria-valuemax": this.full[1], "aria-valuenow": this.full[0],
    });
    box.append(plot);
    this.host.append(box);
    const lane = { options, box, legend, plot, values: [] };
    lane.chart = new uPlot(this.chart_options(lane), options.columns, plot);
    lane.pin = element("i", { class: "pin", hidden: "" });
    lane.chart.over.append(lane.pin);
    plot.addEventListener("focus", () => this.speak(lane));
    this.touch(lane);
    this.click(lane);
    this.fill_legend(lane);
    box.append(table_of(this, lane));
    this.all.push(lane);
    return lane;
  }

  quiet(title, sentence) {
    this.host.append(element("section", { class: "lane card" },
      element("div", { class: "lane-head" }, element("h3", {}, title)), element("p", { class: "quiet" }, sentence)));
  }

  chart_options(lane) {
    const { options } = lane;
    const lines = options.series.map((s) => ({
      label: s.label, width: s.width ?? 1.5, dash: s.dash, stroke: () => colour(s.colour),
      fill: s.fill ? () => s.fill() : undefined, paths: s.paths, spanGaps: false,
      points: s.points === "none" ? { show: false, filter: () => null } : { show: true, size: 4, filter: alone },
    }));
    const axis = (more) => ({
      stroke: () => colour("muted"), font: "12px system-ui, sans-serif", grid: { stroke: () => colour("grid"), width: 1 },
      ticks: { stroke: () => colour("grid"), width: 1, size: 4 }, ...more,
    });
    return {
      width: this.width(), height: options.height ?? 170, legend: { show: false }, padding: [10, 20, 0, 0],
      scales: {
        x: { time: false, range: () => this.range },
        y: { distr: options.y.log ? 3 : 1, log: 10, range: options.y.range },
      },
      axes: [
        axis({ incrs: kTimeSteps, space: 70, size: 26, gap: 3, values: (u, at) => at.map((t) => clock(t, at[1] - at[0] < 1 ? 1 : 0)) }),
        axis({ size: kAxisWidth, gap: 4, splits: options.y.splits, values: options.y.words, space: 28 }),
      ],
      series: [{ label: "time" }, ...lines],
      cursor: {
        points: { show: false }, y: false, drag: { x: true, y: false, setScale: false, dist: 4 },
        sync: { key: "run", scales: ["x", null], filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } },
        bind: { dblclick: () => null },
      },
      hooks: {
        drawClear: [(u) => { this.shade(u); options.under?.(u); this.hatch(u, options.resources ?? []); }],
        draw: [(u) => { options.over?.(u); this.mark_actions(u); }],
        setSelect: [(u) => this.selected(u)],
        setCursor: [(u) => this.moved(lane)],
      },
    };
  }

  // On paper as wide as a portrait page (A4 or letter) with its margins leaves.
  width() { return this.printing ? 640 : Math.max(240, this.host.clientWidth - (window.innerWidth <= 760 ? 10 : 22)); }

  resize() {
    const width = this.width();
    for (const lane of this.all) {
      if (lane.chart.width !== width) lane.chart.setSize({ width, height: lane.chart.height });
    }
    this.place_pins();
  }

  redraw() {
    for (const lane of this.all) {
      lane.chart.redraw(false, true);
      for (const key of lane.legend.querySelectorAll("[data-colour]")) key.style.color = colour(key.dataset.colour);
    }
  }

  // Where one of these resources could not be seen: diagonal lines.
  hatch(u, resources) {
    const { ctx, bbox } = u;
    const step = 6 * devicePixelRatio;
    for (const gap of this.data.gaps) {
      if (!is_of(gap, resources)) continue;
      const left = u.valToPos(gap.begin_s, "x", true), width = Math.max(2, u.valToPos(gap.end_s, "x", true) - left);
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.beginPath();
      ctx.rect(left, bbox.top, width, bbox.height);
      ctx.clip();
      ctx.strokeStyle = tint("band", 0.55);
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      for (let x = left - bbox.height; x < left + width; x += step) {
        ctx.moveTo(x, bbox.top + bbox.height);
        ctx.lineTo(x + bbox.height, bbox.top);
      }
      ctx.stroke();
      ctx.restore();
    }
  }

  // Phases as a tint, stages as lines.
  shade(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const phase of this.data.phases) {
      const left = u.valToPos(phase.begin_s, "x", true), right = u.valToPos(phase.end_s, "x", true);
      ctx.fillStyle = tint("phase-" + phase.name, 0.1);
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.strokeStyle = tint("band", 0.6);
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const stage of this.data.stages) {
      const x = Math.round(u.valToPos(stage.begin_s, "x", true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  // What the scenario did to the cluster: a line; its name stands once, above the lanes.
  mark_actions(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.lineWidth = 1.5 * devicePixelRatio;
    for (const action of this.data.actions ?? []) {
      const x = Math.round(u.valToPos(action.t_s, "x", true)) + 0.5;
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = colour(action.well ? "action" : "fail");
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  fill_legend(lane) {
    const { series, keys = [] } = lane.options;
    const entry = (s, toggle) => {
      const swatch = element("i", { class: s.swatch ?? (s.dash ? "dash" : "line"), "data-colour": s.colour });
      swatch.style.color = colour(s.colour);
      const value = element("b", {});
      if (s.values) lane.values.push(value);
      const parts = s.values ? [swatch, s.label, value] : [swatch, s.label];
      const node = toggle ? element("button", { type: "button", "aria-pressed": "true" }, ...parts) : element("span", { class: "key" }, ...parts);
      if (toggle) node.addEventListener("click", () => {
        const show = node.getAttribute("aria-pressed") === "false";
        node.setAttribute("aria-pressed", String(show));
        toggle(show);
      });
      lane.legend.append(element("li", {}, node));
    };
    series.forEach((s, i) => { if (s.values) entry(s, (show) => lane.chart.setSeries(i + 1, { show })); });
    const unseen = this.data.gaps.some((gap) => is_of(gap, lane.options.resources ?? []));
    for (const key of unseen ? [...keys, { label: "not seen", colour: "muted", swatch: "block hatched" }] : keys) entry({ swatch: "block", ...key }, key.toggle && ((show) => key.toggle(show, lane)));
  }

  moved(lane) {
    const { left } = lane.chart.cursor;
    const t = left >= 0 ? lane.chart.posToVal(left, "x") : null;
    if (lane === this.all[0]) this.time = t;
    this.tell(lane, t ?? this.pinned);
    lane.options.hover?.(lane, t);
    if (lane === this.all[0]) this.on_time(t ?? this.pinned);
  }

  // The values at t, in the legend.
  tell(lane, t) {
    const { series, columns } = lane.options;
    const index = t == null ? -1 : index_at(columns[0], t);
    series.forEach((s, i) => { if (lane.values[i]) lane.values[i].textContent = index < 0 ? "" : s.words(s.values[index]); });
  }

  // The same for a screen reader, which reads the plot as a slider over time.
  speak(lane) {
    const t = this.pinned ?? this.range[0];
    const { series, columns, words_at } = lane.options;
    const index = index_at(columns[0], t);
    const values = words_at ? words_at(t, lane) : series.map((s) => s.label + " " + (index < 0 ? "–" : s.words(s.values[index]))).join(", ");
    lane.plot.setAttribute("aria-valuenow", t.toFixed(1));
    lane.plot.setAttribute("aria-valuetext", `${clock(t, 1)}: ${values}`);
  }

  selected(u) {
    const { left, width } = u.select;
    if (width < 4) return;
    this.zoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  zoom(begin, end) {
    const [first, last] = this.full;
    const length = Math.min(Math.max(end - begin, 1), last - first);
    const from = Math.min(Math.max(begin, first), last - length);
    this.range = [from, from + length];
    for (const lane of this.all) lane.chart.setScale("x", { min: this.range[0], max: this.range[1] });
    this.place_pins();
    this.on_range(this.range);
  }

  zoom_by(factor) {
    const middle = this.moment ?? (this.range[0] + this.range[1]) / 2;
    this.zoom(middle - (middle - this.range[0]) * factor, middle + (this.range[1] - middle) * factor);
  }

  pan(share) {
    const step = (this.range[1] - this.range[0]) * share;
    this.zoom(this.range[0] + step, this.range[1] + step);
  }

  /** Chooses an instant, null for none; it stays when the mouse leaves, and is what a copied link leads to. */
  pin(t) {
    this.pinned = t == null ? null : Math.min(Math.max(t, this.full[0]), this.full[1]);
    this.time = null;
    this.place_pins();
    for (const lane of this.all) {
      this.tell(lane, this.pinned);
      if (lane.plot === document.activeElement) this.speak(lane);
    }
    this.on_time(this.pinned);
  }

  /** As if the mouse were at t: it has not moved, but the charts under it are new. */
  hover(t) {
    this.time = t;
    queueMicrotask(() => {  // a new chart gives itself its scales in one, too
      for (const { chart } of this.all) chart.setCursor({ left: chart.valToPos(t, "x"), top: 1 }, true, false);
    });
  }

  place_pins() {
    for (const { chart, pin } of this.all) {
      const inside = this.pinned != null && this.pinned >= this.range[0] && this.pinned <= this.range[1];
      pin.hidden = !inside;
      if (inside) pin.style.left = ((this.pinned - this.range[0]) / (this.range[1] - this.range[0])) * chart.over.clientWidth + "px";
    }
  }

  // One finger moves the cursor sideways; up and down scrolls the page.
  touch(lane) {
    const { over } = lane.chart;
    over.style.touchAction = "pan-y";
    over.addEventListener("pointermove", (e) => { if (e.pointerType === "touch") this.pin(time_of(lane, e)); });
  }

  // A click chooses the instant, a second one shows the whole run; a drag is for the zoom.
  click(lane) {
    const { over } = lane.chart;
    let from = null;
    over.addEventListener("pointerdown", (e) => { from = e.clientX; });
    over.addEventListener("click", (e) => { if (from != null && Math.abs(e.clientX - from) < 4) this.pin(time_of(lane, e)); });
    over.addEventListener("dblclick", () => this.zoom(...this.full));
  }
}

function time_of(lane, event) { return lane.chart.posToVal(event.clientX - lane.chart.over.getBoundingClientRect().left, "x"); }

// A value between two gaps would be invisible as a line: draw it as a point.
function alone(u, series) {
  const values = u.data[series];
  const found = [];
  const [from, to] = u.series[0].idxs;
  for (let i = from; i <= to; ++i) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) found.push(i);
  }
  return found;
}

// "pods" is of "pods", "metrics.k8s.io/pods" of "metrics".
// The logs of pods are not the pods; a signal is named in full.
function is_of(gap, resources) {
  const kind = gap.resource.startsWith("pods/log") ? "logs" : gap.resource.split(/[./]/)[0];
  return resources.includes(kind) || resources.includes(gap.resource);
}
