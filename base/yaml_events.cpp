#include "base/yaml_events.h"

#include <fmt/format.h>
#include <libfyaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace surgeproof {
namespace {

struct DestroyParser {
  void operator()(fy_parser* p) const { fy_parser_destroy(p); }
};
struct DestroyDiag {
  void operator()(fy_diag* d) const { fy_diag_destroy(d); }  // fy_diag_unref would keep collected errors
};

std::string_view view_of(fy_token* token) {
  std::size_t length = 0;
  const char* text = token == nullptr ? nullptr : fy_token_get_text(token, &length);
  return text == nullptr ? std::string_view{} : std::string_view{text, length};
}

struct Anchor {
  std::size_t begin = 0;
  bool open = true;  // its node has not ended yet
};

/// Reads the text through libfyaml's event stream.
class Scan {
 public:
  Scan(std::string_view text, std::string_view file, const YamlLimits& limits)
      : text_{text}, file_{file}, limits_{limits} {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
    // Errors are collected by libfyaml, never printed.
    fy_diag_cfg diag_cfg{};
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = nullptr;
    diag_cfg.output_fn = nullptr;
    diag_cfg.colorize = false;
    diag_cfg.level = FYET_ERROR;
    diag_.reset(fy_diag_create(&diag_cfg));
    if (diag_) fy_diag_set_collect_errors(diag_.get(), true);
    fy_parse_cfg cfg{};
    cfg.flags =
        static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE);
    cfg.diag = diag_.get();
    parser_.reset(diag_ ? fy_parser_create(&cfg) : nullptr);
  }

  std::expected<std::vector<YamlEvent>, Diagnostics> run() {
    if (!parser_ || fy_parser_set_string(parser_.get(), text_.data(), text_.size()) != 0) {
      return std::unexpected(Diagnostics{error(0, "cannot be read: libfyaml did not start")});
    }
    while (fy_event* event = fy_parser_parse(parser_.get())) {
      auto wrong = take(*event);
      fy_parser_event_free(parser_.get(), event);
      if (wrong) return std::unexpected(Diagnostics{std::move(*wrong)});
    }
    if (fy_parser_get_stream_error(parser_.get())) return std::unexpected(syntax_errors());
    return std::move(events_);
  }

 private:
  Diagnostic error(std::size_t offset, std::string message, std::string hint = {}) const {
    const auto [line, column] = place(offset);
    return {std::string{file_}, line, column, {}, std::move(message), std::move(hint)};
  }

  [[nodiscard]] std::pair<int, int> place(std::size_t offset) const {
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const auto line = static_cast<std::size_t>(after - line_starts_.begin());
    return {static_cast<int>(line), static_cast<int>(offset - line_starts_[line - 1] + 1)};
  }

  Diagnostics syntax_errors() const {
    Diagnostics all;
    void* iterator = nullptr;
    while (const auto* e = fy_diag_errors_iterate(diag_.get(), &iterator)) {
      if (e->msg == nullptr) continue;
      const fy_mark* mark = e->fyt == nullptr ? nullptr : fy_token_start_mark(e->fyt);
      auto offset = mark == nullptr ? last_end_ : mark->input_pos;
      const std::string_view message{e->msg};
      if (message.find("quoted scalar") != message.npos && offset > 0) --offset;  // the mark stands after the quote
      const bool tab = message.find("tab") != std::string_view::npos;
      all.push_back(error(std::min(offset, text_.size()), fmt::format("not valid YAML: {}", message),
                          tab ? "indent with spaces" : ""));
      break;  // what follows the first one is noise
    }
    if (all.empty()) all.push_back(error(last_end_, "not valid YAML"));
    return all;
  }

  std::optional<Diagnostic> take(fy_event& event) {
    switch (event.type) {
      case FYET_DOCUMENT_START:
        if (++documents_ > 1) return error(start_of(event), "holds more than one YAML document", "keep one to a file");
        return std::nullopt;
      case FYET_SCALAR:
        return add_scalar(event);
      case FYET_SEQUENCE_START:
        return open(event, YamlEvent::Kind::sequence, event.sequence_start.anchor, event.sequence_start.tag);
      case FYET_MAPPING_START:
        return open(event, YamlEvent::Kind::mapping, event.mapping_start.anchor, event.mapping_start.tag);
      case FYET_SEQUENCE_END:
      case FYET_MAPPING_END:
        close(event);
        return std::nullopt;
      case FYET_ALIAS:
        return add_alias(event);
      default:
        return std::nullopt;
    }
  }

  /// Where a node begins, an opening quote or `*` included; for a block scalar its `|` or `>`; for an empty value
  /// the place right after its key.
  std::size_t start_of(fy_event& event) const {
    fy_token* token = fy_event_get_token(&event);
    const fy_mark* mark = token == nullptr ? nullptr : fy_token_start_mark(token);
    if (mark == nullptr) return last_end_;
    const auto offset = std::min(mark->input_pos, text_.size());
    if (event.type == FYET_ALIAS && offset > 0 && text_[offset - 1] == '*') return offset - 1;
    if (event.type != FYET_SCALAR) return offset;
    const auto style = fy_scalar_token_get_style(token);
    const bool quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    if (quoted && offset > 0 && (text_[offset - 1] == '"' || text_[offset - 1] == '\'')) return offset - 1;
    if (style == FYSS_LITERAL || style == FYSS_FOLDED) {
      const auto indicator = text_.find_first_of("|>", last_end_);
      if (indicator < offset) return indicator;
    }
    return offset;
  }

  /// The offset after a scalar: a closing quote included, the line feeds after a block not.
  std::size_t end_of(fy_token* token, std::size_t begin) const {
    const fy_mark* mark = fy_token_end_mark(token);
    auto end = mark == nullptr ? begin : std::min(mark->input_pos, text_.size());
    const auto style = fy_scalar_token_get_style(token);
    if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) {
      if (end < text_.size() && (text_[end] == '"' || text_[end] == '\'')) ++end;
    }
    while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r' || text_[end - 1] == ' ')) --end;
    return std::max(end, begin);
  }

  YamlEvent& append(fy_event& event, YamlEvent::Kind kind) {
    const auto offset = start_of(event);
    const auto [line, column] = place(offset);
    events_.push_back({.kind = kind, .scalar = {}, .line = line, .column = column});
    if (fy_token* token = fy_event_get_token(&event)) {
      if (const fy_mark* end = fy_token_end_mark(token)) last_end_ = std::min(end->input_pos, text_.size());
    }
    return events_.back();
  }

  void anchor_at(fy_token* name, bool still_open) {
    if (name == nullptr) return;
    anchors_[std::string{view_of(name)}] = {events_.size() - 1, still_open};
    if (still_open) open_anchors_.back() = std::string{view_of(name)};
  }

  std::optional<Diagnostic> add_scalar(fy_event& event) {
    if (auto wrong = check_tag(event, event.scalar.tag)) return wrong;
    const auto offset = start_of(event);
    fy_token* token = event.scalar.value;
    auto& added = append(event, YamlEvent::Kind::scalar);
    added.scalar = view_of(token);
    added.plain = token == nullptr || fy_scalar_token_get_style(token) == FYSS_PLAIN;
    added.begin = offset;
    added.end = token == nullptr ? offset : end_of(token, offset);
    if (event.scalar.tag != nullptr && view_of(event.scalar.tag).ends_with("str")) added.plain = false;
    if (added.scalar.find('\0') != std::string::npos) return error(offset, "a NUL character may not stand here");
    if (valid_utf8_prefix(added.scalar) != added.scalar.size())
      return error(offset, "an escape here is not valid Unicode");
    anchor_at(event.scalar.anchor, false);
    return std::nullopt;
  }

  std::optional<Diagnostic> open(fy_event& event, YamlEvent::Kind kind, fy_token* anchor, fy_token* tag) {
    if (auto wrong = check_tag(event, tag)) return wrong;
    if (static_cast<int>(open_anchors_.size()) >= limits_.max_depth) {
      return error(start_of(event), fmt::format("is nested more than {} deep", limits_.max_depth));
    }
    append(event, kind);
    open_anchors_.emplace_back();
    anchor_at(anchor, true);
    return std::nullopt;
  }

  void close(fy_event& event) {
    append(event, YamlEvent::Kind::end);
    if (const auto found = anchors_.find(open_anchors_.back()); found != anchors_.end()) found->second.open = false;
    open_anchors_.pop_back();
  }

  std::optional<Diagnostic> add_alias(fy_event& event) {
    const std::string name{view_of(event.alias.anchor)};
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) return error(start_of(event), fmt::format("alias *{} has no anchor before it", name));
    if (found->second.open) return error(start_of(event), fmt::format("alias *{} contains itself", name));
    append(event, YamlEvent::Kind::alias).target = found->second.begin;
    return std::nullopt;
  }

  std::optional<Diagnostic> check_tag(fy_event& event, fy_token* tag) const {
    constexpr std::string_view kCore = "tag:yaml.org,2002:";
    if (tag == nullptr) return std::nullopt;
    const auto name = view_of(tag);
    if (name == "!") return std::nullopt;
    if (name.starts_with(kCore)) {
      for (const std::string_view known : {"str", "int", "float", "bool", "null", "map", "seq"}) {
        if (name.substr(kCore.size()) == known) return std::nullopt;
      }
    }
    return error(start_of(event), fmt::format("the tag \"{}\" is not supported", name), "leave it out");
  }

  std::string_view text_;
  std::string_view file_;
  const YamlLimits& limits_;
  std::vector<std::size_t> line_starts_{0};
  std::unique_ptr<fy_diag, DestroyDiag> diag_;
  std::unique_ptr<fy_parser, DestroyParser> parser_;  // dies before diag_
  std::vector<YamlEvent> events_;
  std::map<std::string, Anchor> anchors_;
  std::vector<std::string> open_anchors_;  // of every open collection its anchor, or ""
  std::size_t last_end_ = 0;               // offset after the last token
  int documents_ = 0;
};

}  // namespace

std::expected<std::vector<YamlEvent>, Diagnostics> scan_yaml(std::string_view text, std::string_view file,
                                                             const YamlLimits& limits) {
  return Scan{text, file, limits}.run();
}

}  // namespace surgeproof
