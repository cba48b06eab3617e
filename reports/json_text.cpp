#include "reports/json_text.h"

#include <boost/json.hpp>
#include <cmath>

namespace surgeproof::reports {
namespace {

namespace json = boost::json;

class Printer {
 public:
  Printer(bool pretty, int digits) : pretty_(pretty), digits_(digits) {}

  std::string take() && { return std::move(out_); }

  void print(const json::value& value, int depth) {
    switch (value.kind()) {
      case json::kind::object:
        return print(value.get_object(), depth);
      case json::kind::array:
        return print(value.get_array(), depth);
      case json::kind::double_:
        return print(value.get_double());
      default:
        out_ += json::serialize(value);
    }
  }

 private:
  void print(double number) {
    if (!std::isfinite(number)) {
      out_ += "null";
    } else if (digits_ > 0) {
      out_ += fmt::format("{:.{}g}", number, digits_);
    } else if (std::fabs(number) < 1e15 && number == std::trunc(number)) {
      out_ += fmt::format("{:.0f}", number);
    } else {
      out_ += fmt::format("{}", number);
    }
  }

  void print(const json::object& object, int depth) {
    out_ += '{';
    bool first = true;
    for (const auto& [key, value] : object) {
      separate(first, pretty_, depth + 1);
      out_ += json::serialize(json::value(key));
      out_ += pretty_ ? ": " : ":";
      print(value, depth + 1);
    }
    close('}', first, pretty_, depth);
  }

  void print(const json::array& array, int depth) {
    const bool lines = pretty_ && std::ranges::any_of(array, [](const json::value& v) { return v.is_structured(); });
    out_ += '[';
    bool first = true;
    for (const json::value& value : array) {
      separate(first, lines, depth + 1);
      print(value, depth + 1);
    }
    close(']', first, lines, depth);
  }

  void separate(bool& first, bool lines, int depth) {
    if (!first) out_ += pretty_ && !lines ? ", " : ",";
    first = false;
    if (lines) newline(depth);
  }

  void close(char bracket, bool empty, bool lines, int depth) {
    if (!empty && lines) newline(depth);
    out_ += bracket;
  }

  void newline(int depth) {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
  }

  bool pretty_;
  int digits_;
  std::string out_;
};

}  // namespace

std::string pretty_json(const json::value& value) {
  Printer printer(true, 0);
  printer.print(value, 0);
  return std::move(printer).take();
}

std::string compact_json(const json::value& value, int digits) {
  Printer printer(false, digits);
  printer.print(value, 0);
  return std::move(printer).take();
}

}  // namespace surgeproof::reports
