#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "base/ascii.h"
#include "scenarios/reading/rewrite.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {
namespace {

constexpr std::size_t kLongestPlaceholder = 80;
constexpr std::size_t kLargestBody = 1u << 20;

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return ascii::is_alphanumeric(c) || c == '_' || c == '.' || c == '-';
  });
}

std::string read_path(Reading& reading, const Value& v) {
  const auto t = reading.text(v, Disclosure::closed);
  if (!t) return "/";
  if (!t->value.starts_with('/')) {
    const bool url = t->value.starts_with("http://") || t->value.starts_with("https://");
    reading.error(v, "must begin with \"/\"", url ? "write the path only; the host is that of target" : "");
    return "/";
  }
  const auto before = reading.errors();
  check_placeholders(reading, v, t->value);
  if (reading.errors() != before) return t->value;
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F;
  };
  if (std::any_of(t->value.begin(), t->value.end(), bad)) {
    reading.error(v, "holds a space or another character that a path may not hold", "percent-encode it, as in %20");
  } else if (t->value.contains('#')) {
    reading.error(v, "may not hold a fragment (#…)", "servers never see it; leave it out, or write %23");
  }
  return t->value;
}

std::vector<int> read_statuses(Reading& reading, const Value& v) {
  std::vector<int> statuses;
  const auto read_one = [&](const Value& item) {
    const auto status = reading.integer(item, 200, 599);
    if (!status) return;
    if (std::find(statuses.begin(), statuses.end(), *status) != statuses.end()) {
      reading.error(item, fmt::format("the status {} stands here already", *status));
    }
    statuses.push_back(static_cast<int>(*status));
  };
  if (v.is_scalar()) {
    read_one(v);
  } else if (reading.expect_list(v, "HTTP statuses, or one")) {
    if (v.node->items.empty()) reading.error(v, "names no status", "leave it out for any 2xx or 3xx");
    for (std::size_t i = 0; i < v.node->items.size(); ++i) read_one(v.item(i));
  }
  return statuses;
}

Expectation read_expect(Reading& reading, const Value& v) {
  Expectation expect;
  Fields fields{reading, v, kExpect};
  if (const auto f = fields.get("status")) expect.statuses = read_statuses(reading, *f);
  if (const auto f = fields.get("within")) expect.within = reading.duration(*f);
  return expect;
}

void read_body(Reading& reading, Fields& fields, RequestTemplate& request) {
  const auto json = fields.get("json");
  const auto body = fields.get("body");
  if (fields.has("json") && fields.has("body")) {
    reading.error(fields.at(), "has both json and body", "keep one of them");
  }
  if (json) {
    request.body = read_json(reading, *json);
    const bool typed = std::any_of(request.headers.begin(), request.headers.end(),
                                   [](const auto& h) { return ascii::same(h.first, "Content-Type"); });
    if (!typed) request.headers.emplace_back("Content-Type", "application/json");
  } else if (body) {
    if (const auto t = reading.raw_text(*body, Disclosure::closed)) request.body = t->value;
  }
  if (const auto& from = json ? json : body) {
    check_placeholders(reading, *from, request.body);
    if (request.body.size() > kLargestBody) {
      reading.error(*from,
                    fmt::format("is {} bytes long, more than the {} allowed", request.body.size(), kLargestBody));
    }
  }
}

void read_method(Reading& reading, Fields& fields, RequestTemplate& request) {
  const auto methods = fields.written(lists::kMethods);
  const bool planned = fields.has("steps");
  if (methods.empty() && !planned) {
    reading.error(fields.at(), "says neither what to request nor how",
                  fmt::format("write one of {}, as in get: /path", join_words(lists::kMethods, "or")));
  } else if (methods.size() > 1) {
    reading.error(fields.at(), fmt::format("has several methods: {}", join_words(methods)), "keep one of them");
  }
  if (methods.empty()) return;
  request.method = methods.front();
  for (char& c : request.method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto path = fields.get(methods.front());
  if (path) request.path = read_path(reading, *path);
  const std::string_view written = path && path->is_scalar() ? std::string_view{path->node->scalar} : "/";
  request.shown = fmt::format("{} {}", request.method, shorten(redact_text(written.substr(0, written.find('?')))));
}

RequestTemplate read_request(Reading& reading, const Value& v) {
  RequestTemplate request;
  request.place = v.place();
  Fields fields{reading, v, kRequest};
  if (!fields.usable()) return request;
  read_method(reading, fields, request);
  if (const auto f = fields.get("name")) {
    if (const auto t = reading.name(*f)) request.name = t->value;
  }
  if (request.name.empty()) request.name = request.shown;
  if (const auto f = fields.get("weight")) request.weight = reading.number(*f, 1e6).value_or(1);
  if (const auto f = fields.get("headers")) request.headers = read_headers(reading, *f);
  read_body(reading, fields, request);
  if (const auto f = fields.get("expect")) request.expect = read_expect(reading, *f);
  return request;
}

}  // namespace

void check_placeholders(Reading& reading, const Value& at, std::string_view text) {
  for (auto begin = text.find("{{"); begin != std::string_view::npos; begin = text.find("{{", begin + 2)) {
    const auto rest = text.substr(begin + 2, kLongestPlaceholder);
    const auto inside = rest.substr(0, rest.find("}}"));
    if (inside.size() == rest.size()) continue;
    const auto name = ascii::trim(inside);
    if (!is_word(name)) continue;  // braces of the text's own
    const bool known = name == "sequence" || name == "uuid";
    if (known && name == inside) continue;
    if (known) {
      reading.error(at, "a placeholder has no space in it", fmt::format("write {{{{{}}}}}", name));
    } else {
      reading.error(at, fmt::format("unknown placeholder {{{{{}}}}}", shorten(name)),
                    "known: {{sequence}} and {{uuid}}");
    }
  }
}

std::vector<RequestTemplate> read_requests(Reading& reading, const Value& v, Named& named) {
  std::vector<RequestTemplate> requests;
  const auto before = reading.errors();
  if (!reading.expect_list(v, "requests")) {
    named.requests_sound = false;
    return requests;
  }
  if (v.node->items.empty()) reading.error(v, "holds no request", "leave it out for GET /");
  std::map<std::string, int> lines;
  double weights = 0;
  for (std::size_t i = 0; i < v.node->items.size(); ++i) {
    const auto item = v.item(i);
    auto request = read_request(reading, item);
    if (item.is_mapping() && item.node->find("steps") == nullptr) {
      const auto [first, fresh] = lines.emplace(request.name, item.node->line);
      if (!fresh) {
        reading.error(item,
                      fmt::format("the request \"{}\" is in line {} already", shorten(request.name), first->second),
                      "give it another name");
      }
    }
    weights += request.weight;
    requests.push_back(std::move(request));
  }
  if (weights <= 0 && !requests.empty())
    reading.error(v, "has no request with a weight above 0", "nothing would be sent");
  named.requests_sound = reading.errors() == before;
  return requests;
}

}  // namespace surgeproof::reading
