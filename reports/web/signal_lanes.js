// Lanes of the scenario's signals, in the unit that their criteria write.

function words_for_bytes(n) {
  let unit = 0;
  for (; Math.abs(n) >= 1024 && unit < 5; ++unit) n /= 1024;
  return String(+n.toPrecision(3)) + ["B", "Ki", "Mi", "Gi", "Ti", "Pi"][unit];
}

/** A signed number of at most three or four digits: 1234, 0.0125, -3. */
function words_for_number(n) { return Math.abs(n) >= 1000 ? n.toFixed(0) : String(+n.toPrecision(3)); }

function words_for_signal(value, unit) {
  if (value == null) return "–";
  if (unit === "seconds") return value < 0 ? "-" + words_for_ms(-value * 1000) : words_for_ms(value * 1000);
  if (unit === "ratio") return words_for_number(value * 100) + "%";
  if (unit === "bytes") return words_for_bytes(value);
  return words_for_number(value) + (unit === "per second" ? "/s" : "");
}

function add_signal_lane(lanes, signal) {
  const known = signal.value.filter((v) => v != null);
  if (known.length === 0) return lanes.quiet(signal.name, "It had no value.");
  const limits = [signal.min, signal.max].filter((v) => v != null);
  let low = Math.min(0, ...known, ...limits), high = Math.max(...known, ...limits);
  if (high <= low) high = low + 1;
  const words = (value) => words_for_signal(value, signal.unit);
  lanes.add({
    title: signal.name, resources: ["signals/" + signal.name], columns: [signal.t_s, signal.value],
    series: [{ label: signal.name, colour: "usage", values: signal.value, words, width: 2 }],
    y: { range: () => [low, high + (high - low) * 0.1], words: (u, at) => at.map(words) },
    over: (u) => {
      if (signal.max != null) draw_level(u, signal.max, "at most " + words(signal.max), "limit", [5, 4]);
      if (signal.min != null) draw_level(u, signal.min, "at least " + words(signal.min), "limit", [5, 4]);
    },
  });
}
