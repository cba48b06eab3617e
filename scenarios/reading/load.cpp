#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/duration.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {

using std::chrono::nanoseconds;

std::optional<nanoseconds> read_scaled_duration(Reading& reading, const Value& v) {
  const auto length = reading.duration(v);
  if (!length || reading.options().time_scale == 1) return length;
  const double scaled = static_cast<double>(length->count()) * reading.options().time_scale;
  if (!(scaled >= 1e6 && scaled <= static_cast<double>(nanoseconds{kLongest}.count()))) {
    reading.error(v, fmt::format("lies outside 1ms to 7 days once it is scaled by {}", reading.options().time_scale));
    return std::nullopt;
  }
  const nanoseconds rounded{static_cast<std::int64_t>(scaled)};
  reading.edit(v, format_duration_exact(rounded));
  return rounded;
}

namespace {

/// A decimal without an exponent that reads back as nearly the same: 0.33333333333333331, 600.
std::string plain_number(double value) {
  auto text = fmt::format("{:.17f}", value);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::optional<Rate> read_scaled_rate(Reading& reading, const Value& v) {
  auto rate = reading.rate(v);
  if (!rate || reading.options().load_scale == 1) return rate;
  rate->per_second *= reading.options().load_scale;
  if (!(rate->per_second <= kHighestRate)) {
    reading.error(v, fmt::format("is more than 10000000/s once it is scaled by {}", reading.options().load_scale));
    return std::nullopt;
  }
  reading.edit(v, plain_number(rate->per_second) + "/s");
  return rate;
}

void read_pause(Reading& reading, Fields& fields, Stage& stage) {
  const auto v = fields.get("pause");
  if (!v) return;
  if (!fields.has("for")) {
    stage.duration = read_scaled_duration(reading, *v).value_or(nanoseconds{0});
    return;
  }
  // {pause: true, for: 30s}
  if (const auto on = reading.boolean(*v); on && !*on) reading.error(*v, "makes no stage when it is false");
  if (const auto f = fields.get("for")) stage.duration = read_scaled_duration(reading, *f).value_or(nanoseconds{0});
}

void read_rated(Reading& reading, Fields& fields, std::string_view shape, Stage& stage) {
  const bool ramp = shape == "ramp";
  const std::string_view right = ramp ? "over" : "for";
  const std::string_view wrong = ramp ? "for" : "over";
  if (const auto v = fields.get(shape)) stage.rate = read_scaled_rate(reading, *v).value_or(Rate{});
  if (fields.has(wrong)) {
    reading.error(fields.at(), fmt::format("a {} has no \"{}\"", shape, wrong), fmt::format("write \"{}\"", right));
  }
  const auto length =
      fields.has(wrong) ? fields.get(right) : fields.require(right, fmt::format("say how long, as in {}: 30s", right));
  if (length) stage.duration = read_scaled_duration(reading, *length).value_or(nanoseconds{0});
}

Stage read_stage(Reading& reading, const Value& v, std::size_t index) {
  Stage stage;
  stage.place = v.place();
  stage.name = fmt::format("stage {}", index + 1);
  Fields fields{reading, v, kStage};
  if (!fields.usable()) return stage;
  if (const auto f = fields.get("name")) {
    if (const auto t = reading.name(*f)) {
      stage.name = t->value;
      if (stage.name == "all" || stage.name == "start") {
        reading.error(*f, fmt::format("a stage may not be called \"{}\"", stage.name),
                      "that word has a meaning of its own");
      }
    }
  }
  const auto shapes = fields.written(lists::kShapes);
  if (shapes.size() != 1) {
    reading.error(v, shapes.empty() ? "is no stage" : fmt::format("has several shapes: {}", join_words(shapes)),
                  fmt::format("write one of {}", join_words(lists::kShapes, "or")));
    return stage;
  }
  const auto shape = shapes.front();
  stage.shape = shape == "hold"   ? Stage::Shape::hold
                : shape == "step" ? Stage::Shape::step
                : shape == "ramp" ? Stage::Shape::ramp
                                  : Stage::Shape::pause;
  if (stage.shape == Stage::Shape::pause) {
    if (fields.has("over")) reading.error(v, "a pause has no \"over\"", "write {pause: 30s}");
    read_pause(reading, fields, stage);
  } else {
    read_rated(reading, fields, shape, stage);
  }
  return stage;
}

void check_stages(Reading& reading, const Value& v, const std::vector<Stage>& stages, bool sound) {
  std::map<std::string, int> lines;
  nanoseconds total{0};
  double peak = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto& stage = stages[i];
    const auto [first, fresh] = lines.emplace(stage.name, stage.place.line);
    if (!fresh) {
      reading.error(stage.place, fmt::format("{}[{}]", v.path, i),
                    fmt::format("the stage \"{}\" is in line {} already", shorten(stage.name), first->second),
                    "give it another name");
    }
    total += std::min<nanoseconds>(stage.duration, kLongest);
    peak = std::max(peak, stage.rate.per_second);
  }
  if (total > kLongest) reading.error(v, "is longer than 7 days altogether");
  if (sound && !stages.empty() && peak <= 0) reading.error(v, "sends no request at all", "give a stage a rate above 0");
}

std::vector<Stage> read_stages(Reading& reading, const Value& v, Named& named) {
  std::vector<Stage> stages;
  const auto before = reading.errors();
  if (!reading.expect_list(v, "stages")) {
    named.stages_sound = false;
    return stages;
  }
  if (v.node->items.empty()) reading.error(v, "holds no stage", "as in - {hold: 20/s, for: 1m}");
  for (std::size_t i = 0; i < v.node->items.size(); ++i) {
    stages.push_back(read_stage(reading, v.item(i), i));
    const auto* item = &v.node->items[i];
    const auto* name = item->find("name");
    const bool named_badly =
        name != nullptr && name->scalar != stages.back().name && name->scalar.find("${") == std::string::npos;
    if (item->kind != YamlNode::Kind::mapping || named_badly) named.stages_sound = false;
    named.stages.push_back(stages.back().name);
  }
  named.times_sound = reading.errors() == before;
  check_stages(reading, v, stages, named.times_sound);
  return stages;
}

Load read_closed(Reading& reading, const Fields& load, Named& named) {
  for (const std::string_view other : {"stages", "arrivals"}) {
    if (const auto v = load.get(other)) {
      reading.error(*v, "does not go together with closed: a closed loop has no plan of arrivals",
                    "leave one of them out");
    }
  }
  ClosedLoop loop;
  const auto before = reading.errors();
  if (const auto closed = load.get("closed")) {
    Fields fields{reading, *closed, kClosed};
    if (const auto f = fields.require("connections", "as in connections: 64")) {
      loop.connections = static_cast<int>(reading.integer(*f, 1, 100'000).value_or(1));
    }
    if (const auto f = fields.get("streams")) {
      loop.streams = static_cast<int>(reading.integer(*f, 1, 10'000).value_or(1));
    }
    if (const auto f = fields.require("for", "say how long, as in for: 30s")) {
      loop.duration = read_scaled_duration(reading, *f).value_or(nanoseconds{0});
    }
  }
  Load made = Load::closed_loop(loop);
  if (const auto f = load.get("seed")) {
    made.seed = static_cast<std::uint64_t>(reading.integer(*f, 0, INT64_MAX).value_or(1));
  }
  named.stages.push_back(made.stages.front().name);
  named.times_sound = reading.errors() == before;
  return made;
}

}  // namespace

Load read_load(Reading& reading, const Value& v, Named& named) {
  Load load;
  if (v.is_sequence()) {
    load.stages = read_stages(reading, v, named);
    return load;
  }
  if (v.is_scalar() && v.node->scalar == "none") return load;
  if (!v.is_mapping()) {
    reading.error(v, "must be a list of stages, or a mapping with stages", "as in - {hold: 20/s, for: 1m}");
    named.stages_sound = false;
    return load;
  }
  Fields fields{reading, v, kLoad};
  if (fields.has("closed")) return read_closed(reading, fields, named);
  if (const auto f = fields.get("arrivals")) {
    const auto t = reading.text(*f, Disclosure::open);
    if (t && t->value == "poisson") {
      load.arrivals = Load::Arrivals::poisson;
    } else if (t && t->value != "uniform") {
      constexpr std::string_view kArrivals[] = {"uniform", "poisson"};
      reading.error_unknown(f->place(), f->path, "arrivals", t->shown, kArrivals);
    }
  }
  if (const auto f = fields.get("seed")) {
    load.seed = static_cast<std::uint64_t>(reading.integer(*f, 0, INT64_MAX).value_or(1));
  }
  if (const auto f = fields.require("stages", "as in stages: [{hold: 20/s, for: 1m}]")) {
    load.stages = read_stages(reading, *f, named);
  } else {
    named.stages_sound = false;
  }
  return load;
}

}  // namespace surgeproof::reading
