#include <ostream>

#include "reports/html_parts.h"
#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kEvidenceLines = 8;

std::string pill(Status s, bool open = false) {
  if (open) return R"(<span class="pill open">open</span>)";
  return fmt::format(R"(<span class="pill {}">{}</span>)", name_of(s),
                     s == Status::inconclusive ? "inconclusive" : word_of(s));
}

void write_masthead(const Report& r, std::ostream& out) {
  out << fmt::format(
      "<header class=\"masthead {}\"><div>\n<div class=\"top\"><h1>{}</h1>"
      "<button id=\"theme\" class=\"theme\" type=\"button\" hidden>Light / dark</button></div>\n",
      r.going_on ? "open" : name_of(r.status), escaped_xml(r.name));
  if (r.going_on) {
    out << "<p class=\"headline\"><span class=\"pill open\">running</span> <span id=\"live\" role=\"status\">following "
           "the run</span></p>\n<ul class=\"facts\">";
  } else {
    out << fmt::format("<p class=\"headline\">{} <span>{}</span></p>\n<ul class=\"facts\">", pill(r.status),
                       escaped_xml(r.headline));
  }
  const std::string begin =
      r.without_load ? "Watched from " : fmt::format("Target {}</li><li>Load began ", escaped_xml(r.target));
  out << fmt::format("<li>{}{}</li><li>{} recorded{}</li>", begin, escaped_xml(r.load_started), escaped_xml(r.duration),
                     r.interrupted ? ", interrupted" : "");
  if (!r.without_load) out << fmt::format("<li>{} requests planned</li>", grouped(r.total.planned));
  out << fmt::format("<li>surgeproof {}</li></ul>\n</div></header>\n", escaped_xml(r.tool_version));
}

// The bar: the limit in its middle, so that twice the limit fills it.
std::string gauge(const FindingLine& line) {
  if (!line.share_of_limit) return {};
  const double percent = std::clamp(*line.share_of_limit, 0.0, 2.0) * 50;
  return fmt::format(R"(<div class="gauge" aria-hidden="true"><i style="width:{:.1f}%"></i><b></b></div>)", percent);
}

void write_criterion(const FindingLine& line, bool going_on, Anchors& anchors, std::ostream& out) {
  const Finding& f = line.finding;
  const bool open = going_on && !f.decided;
  const auto dash = [](const std::string& text) { return text.empty() ? std::string("–") : escaped_xml(text); };
  out << fmt::format("<div class=\"criterion {}\" role=\"row\" id=\"{}\"><div class=\"state\" role=\"cell\">{}</div>",
                     open ? "open" : name_of(f.status), anchors.take("criterion", f.id), pill(f.status, open));
  out << fmt::format("<div class=\"title\" role=\"cell\">{0} <span class=\"acts\" data-link=\"{0}\">",
                     escaped_xml(f.title));
  if (line.end_s > line.begin_s) {
    out << fmt::format(
        "<button type=\"button\" hidden data-show-begin=\"{}\" data-show-end=\"{}\">show<span "
        "class=\"visually-hidden\"> "
        "this criterion's time on the charts</span></button>",
        line.begin_s, line.end_s);
  }
  out << fmt::format("</span>{}</div>", gauge(line));
  out << fmt::format("<div class=\"num measured\" role=\"cell\" data-label=\"Measured\">{}</div>", dash(f.observed));
  out << fmt::format("<div class=\"num\" role=\"cell\" data-label=\"Limit\">{}</div>", dash(f.limit));
  out << fmt::format("<div class=\"num\" role=\"cell\" data-label=\"Margin\">{}</div>", dash(f.margin));
  if (f.status != Status::pass && !open) {
    out << fmt::format("<div class=\"why\" role=\"cell\">{}</div>", escaped_xml(f.sentence));
  }
  out << "</div>\n";
}

void write_criteria(const Report& r, std::ostream& out) {
  out << "<h2 id=\"verdict\">Criteria</h2>\n";
  if (r.criteria.empty()) {
    out << "<p class=\"muted\">The scenario states none.</p>\n";
    return;
  }
  out << "<div class=\"card\" id=\"criteria\" role=\"table\" aria-label=\"Criteria\">\n"
         "<div class=\"criterion head\" role=\"row\"><div role=\"columnheader\">Result</div>"
         "<div role=\"columnheader\">Criterion</div><div class=\"num\" role=\"columnheader\">Measured</div>"
         "<div class=\"num\" role=\"columnheader\">Limit</div><div class=\"num\" "
         "role=\"columnheader\">Margin</div><div class=\"visually-hidden\" "
         "role=\"columnheader\">Why</div></div>\n";
  Anchors anchors;
  for (const FindingLine& line : r.criteria) write_criterion(line, r.going_on, anchors, out);
  out << "</div>\n";
}

void write_cause(const Cause& c, Anchors& anchors, std::ostream& out) {
  const std::string sentence = escaped_xml(c.sentence);
  out << fmt::format("<li class=\"card\" id=\"{}\"><strong>{}</strong> <span class=\"tag\">confidence: {}",
                     anchors.take("cause", c.code), sentence, name_of(c.confidence));
  if (c.count > 0) out << fmt::format(", explains {}", grouped(c.count));
  out << fmt::format("</span> <span class=\"acts\" data-link=\"{}\"></span>", sentence);
  if (!c.remedy.empty()) out << fmt::format("<p class=\"remedy\">{}</p>", escaped_xml(c.remedy));
  if (!c.evidence.empty()) {
    out << "<ul>";
    for (std::size_t i = 0; i < std::min(c.evidence.size(), kEvidenceLines); ++i) {
      out << fmt::format("<li>{}</li>", escaped_xml(c.evidence[i]));
    }
    if (c.evidence.size() > kEvidenceLines) {
      out << fmt::format("<li>and {} more</li>", c.evidence.size() - kEvidenceLines);
    }
    out << "</ul>";
  }
  out << "</li>\n";
}

}  // namespace

void write_html_verdict(const Report& r, std::ostream& out) {
  if (r.watched_only) return write_html_watched(r, out);
  write_masthead(r, out);
  out << "<main>\n";
  write_criteria(r, out);
  if (r.causes.empty()) return;
  out << "<h2 id=\"why\">Why</h2>\n<ol class=\"causes\">\n";
  Anchors anchors;
  for (const Cause& c : r.causes) write_cause(c, anchors, out);
  out << "</ol>\n";
}

}  // namespace surgeproof::reports
