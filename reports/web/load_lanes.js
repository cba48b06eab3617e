// Lanes of what the generator saw: rates, latency, errors.

function top_of(columns, least) {
  let top = least;
  for (const column of columns) for (const value of column) if (value > top) top = value;
  return top;
}

function add_rate_lane(lanes, load) {
  const top = top_of([load.offered, load.sent, load.served, load.unsent], 1) * 1.08;
  const series = (label, key, more) => ({ label, colour: key, values: load[key], words: words_for_rate, ...more });
  lanes.add({
    title: "Requests per second",
    columns: [load.t_s, load.offered, load.sent, load.served, load.unsent],
    series: [
      series("offered", "offered", { dash: [6, 4], width: 2 }), series("sent", "sent"),
      series("served", "served", { fill: () => colour("served") + "1c" }),
      series("unsent", "unsent", { width: 2, fill: () => colour("unsent") + "33" }),
    ],
    y: { range: () => [0, top] },
  });
}

function latency_range(load, limit) {
  let low = Infinity, high = 0;
  for (const value of load.p50_ms) if (value > 0) low = Math.min(low, value);
  for (const value of load.p99_ms) if (value > 0) high = Math.max(high, value);
  const { row_ms } = load.heat;
  if (row_ms.length) { low = Math.min(low, row_ms[0]); high = Math.max(high, row_ms[row_ms.length - 1]); }
  if (limit) high = Math.max(high, limit * 1.3);
  if (!(high > 0)) return [1, 1000];
  return [Math.max(low, high / 1e6), Math.max(high * 1.15, low * 10)];
}

// 1, 10, 100 … and between them 2 and 5 when there is room.
function log_splits(u, axis, low, high) {
  const out = [];
  const few = Math.log10(high / low) > 2.2;
  for (let decade = 10 ** Math.floor(Math.log10(low)); decade <= high; decade *= 10) {
    for (const step of few ? [1] : [1, 2, 5]) {
      const value = +(decade * step).toPrecision(6);
      if (value >= low && value <= high) out.push(value);
    }
  }
  return out;
}

function axis_ms(u, at) {
  return at.map(words_for_ms);
}

function draw_heat(u, heat) {
  const most = top_of([heat.cells.count], 1);
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const y = heat.row_ms.map((ms) => Math.round(u.valToPos(ms, "y", true)));
  for (let i = 0; i < heat.cells.bin.length; ++i) {
    const begin = heat.cells.bin[i] * heat.bin_s, row = heat.cells.row[i];
    const left = Math.round(u.valToPos(begin, "x", true)), right = Math.round(u.valToPos(begin + heat.bin_s, "x", true));
    ctx.fillStyle = tint("heat", 0.06 + 0.4 * (Math.log1p(heat.cells.count[i]) / Math.log1p(most)));
    ctx.fillRect(left, y[row + 1], Math.max(1, right - left), y[row] - y[row + 1]);
  }
  ctx.restore();
}

/** How many requests took how long: the heatmap in numbers. */
function table_of_heat(heat, begin, end) {
  const counts = new Map();
  heat.cells.bin.forEach((bin, i) => {
    if ((bin + 1) * heat.bin_s <= begin || bin * heat.bin_s >= end) return;
    counts.set(heat.cells.row[i], (counts.get(heat.cells.row[i]) ?? 0) + heat.cells.count[i]);
  });
  const rows = [...counts.keys()].sort((a, b) => a - b);
  return { head: ["latency", "requests"],
    rows: rows.map((row) => [`${words_for_ms(heat.row_ms[row])} to ${words_for_ms(heat.row_ms[row + 1])}`, String(counts.get(row))]) };
}

/** A horizontal line across the plot, with a label at its right end. */
function draw_level(u, value, text, name, dash) {
  const { ctx, bbox } = u;
  const y = Math.round(u.valToPos(value, "y", true)) + 0.5;
  if (y < bbox.top || y > bbox.top + bbox.height + 1) return;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour(name);
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash(dash.map((d) => d * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `600 ${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = y - bbox.top < 16 * devicePixelRatio ? "top" : "bottom";
  ctx.fillText(text, bbox.left + bbox.width - 4 * devicePixelRatio, y + (ctx.textBaseline === "top" ? 3 : -3) * devicePixelRatio);
  ctx.restore();
}

function add_latency_lane(lanes, load, limit) {
  const [low, high] = latency_range(load, limit);
  let heat_shown = true;
  const series = (label, key) => ({ label, colour: key, values: load[key + "_ms"], words: words_for_ms });
  lanes.add({
    title: "Latency",
    columns: [load.t_s, load.p50_ms, load.p95_ms, load.p99_ms],
    series: [
      series("p50", "p50"), series("p95", "p95"), series("p99", "p99"),
    ],
    keys: load.heat.row_ms.length
      ? [{ label: "all requests", colour: "sent", toggle: (show, lane) => { heat_shown = show; lane.chart.redraw(); } }] : [],
    y: { log: true, range: () => [low, high], splits: log_splits, words: axis_ms },
    height: 220, more_tables: (begin, end) => [table_of_heat(load.heat, begin, end)],
    under: (u) => { if (heat_shown && load.heat.row_ms.length) draw_heat(u, load.heat); },
    over: (u) => { if (limit) draw_level(u, limit, "limit " + words_for_ms(limit), "limit", [5, 4]); },
  });
}

function add_error_lane(lanes, load) {
  if (load.errors.length === 0) return lanes.quiet("Errors per second", "No request failed.");
  // Stacked: each class is drawn on top of those before it, the tallest first.
  const sums = [];
  load.errors.reduce((below, e) => {
    const sum = e.per_second.map((value, i) => value + below[i]);
    sums.push(sum);
    return sum;
  }, new Array(load.t_s.length).fill(0));
  const bars = uPlot.paths.bars({ size: [1, Infinity, 1], align: 1, gap: 0 });
  const series = load.errors.map((e, i) => ({
    label: e.name, colour: "error-" + (i % 8), values: e.per_second, words: words_for_rate, swatch: "block",
    paths: bars, width: 0, points: "none", fill: () => colour("error-" + (i % 8)),
  })).reverse();
  const top = top_of([sums[sums.length - 1]], 1) * 1.08;
  lanes.add({
    title: "Errors per second", height: 140, series,
    columns: [load.t_s, ...sums.map((sum) => sum.map((value) => value || null)).reverse()],
    y: { range: () => [0, top] },
  });
}
