// A table of text in columns as wide as their content, for the terminal.
#pragma once

#include <string>
#include <vector>

#include "reports/terminal.h"

namespace surgeproof::reports {

class TextTable {
 public:
  struct Cell {
    std::string text;
    Ink ink = Ink::plain;
  };
  struct Column {
    std::string header;
    bool right = true;  ///< aligned at the right, as numbers are
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// Lines of at most `width` columns: two blanks between columns (one where it is tight), headers first. Column
  /// `flexible` gives way when the table is too wide: its text is wrapped onto further lines.
  [[nodiscard]] std::vector<std::string> lines(int width, std::size_t flexible, bool colour) const;

 private:
  struct Layout {
    std::vector<int> widths;
    int gap = 2;
  };
  [[nodiscard]] Layout layout(int width, std::size_t flexible) const;
  [[nodiscard]] std::string line(const std::vector<Cell>& cells, const Layout& layout, bool colour) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace surgeproof::reports
