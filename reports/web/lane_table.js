// Each lane as a table, for those who cannot see it or want the numbers. Made when it is opened.

const kMostTableRows = 200;

/** The lane's values from begin to end, thinned out when there are too many: {head, rows, note}. */
function table_of_series({ series, columns }, begin, end) {
  const [times] = columns;
  const first = Math.max(index_at(times, begin), 0), last = index_at(times, end);
  const every = Math.max(1, Math.ceil((last - first + 1) / kMostTableRows));
  const rows = [];
  for (let i = first; i <= last; i += every) rows.push([clock(times[i], every > 1 || Number.isInteger(times[i]) ? 0 : 1), ...series.map((s) => s.words(s.values[i]))]);
  return { head: ["time", ...series.map((s) => s.label)], rows, note: every > 1 ? `Each ${every}th value; zoom in for all of them.` : "" };
}

function filled_table({ head, rows, note }, caption) {
  const cells = (tag, values) => element("tr", {}, ...values.map((value) => element(tag, tag === "th" ? { scope: "col" } : {}, value)));
  const table = element("table", {}, element("caption", { class: "visually-hidden" }, caption),
    element("thead", {}, cells("th", head)), element("tbody", {}, ...rows.map((row) => cells("td", row))));
  const box = element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table: " + caption }, table);
  return note ? [element("p", { class: "quiet" }, note), box] : [box];
}

function table_of(lanes, lane) {
  const { options } = lane;
  const content = element("div", {});
  const details = element("details", { class: "as-table", "data-key": options.title + " as a table" },
    element("summary", {}, "Table", element("span", { class: "visually-hidden" }, " of " + options.title)), content);
  lane.refill = () => {
    if (!details.open) return;
    const [begin, end] = lanes.range;
    const tables = [options.table ? options.table(begin, end) : table_of_series(options, begin, end), ...(options.more_tables?.(begin, end) ?? [])];
    content.replaceChildren(...tables.flatMap((table) => filled_table(table, `${options.title}, ${clock(begin)} to ${clock(end)}`)));
  };
  details.addEventListener("toggle", lane.refill);
  return details;
}
