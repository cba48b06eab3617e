// The words of a text selector, and what a label's key and value may look like.
// Mirrors the lexer of k8s.io/apimachinery/pkg/labels/selector.go and pkg/util/validation/validation.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surgeproof::hpa {

struct LabelToken {
  enum class Kind : std::uint8_t {
    end,     ///< nothing is left
    word,    ///< a key, a value, "in" or "notin"
    symbol,  ///< one of "=", "==", "!=", "!", "(", ")", ",", "<", ">"
  };
  Kind kind = Kind::end;
  std::string_view text;  ///< part of the selector's text
};

class LabelLexer {
 public:
  explicit LabelLexer(std::string_view text) : rest_(text) {}
  LabelToken next();

 private:
  std::string_view rest_;
};

/// What is wrong with a label's key ("app", "example.com/app"), in one sentence; empty if nothing.
std::optional<std::string> wrong_label_key(std::string_view key);

/// Likewise a label's value; the empty value is fine.
std::optional<std::string> wrong_label_value(std::string_view value);

}  // namespace surgeproof::hpa
