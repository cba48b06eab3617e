#include "reports/text_table.h"

#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr int kNarrowest = 12;

}  // namespace

TextTable::Layout TextTable::layout(int width, std::size_t flexible) const {
  Layout out;
  int sum = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    int widest = columns(columns_[i].header);
    for (const auto& row : rows_) widest = std::max(widest, columns(row[i].text));
    out.widths.push_back(widest);
    sum += widest;
  }
  const int gaps = static_cast<int>(columns_.size()) - 1;
  const int least = sum - out.widths[flexible] + std::min(out.widths[flexible], kNarrowest);
  if (least + gaps * out.gap > width) out.gap = 1;
  const int excess = sum + gaps * out.gap - width;
  int& give = out.widths[flexible];
  if (excess > 0) give = std::min(give, std::max(kNarrowest, give - excess));
  return out;
}

std::string TextTable::line(const std::vector<Cell>& cells, const Layout& layout, bool colour) const {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int width = layout.widths[i];
    const std::string text = columns_[i].right ? right_aligned(cells[i].text, width) : padded(cells[i].text, width);
    out.append(i == 0 ? 0u : static_cast<std::size_t>(layout.gap), ' ');
    out += painted(text, cells[i].ink, colour);
  }
  if (!colour) out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::vector<std::string> TextTable::lines(int width, std::size_t flexible, bool colour) const {
  const Layout laid_out = layout(width, flexible);
  std::vector<Cell> header;
  bool has_header = false;
  for (const Column& c : columns_) {
    header.push_back({c.header, Ink::dim});
    has_header |= !c.header.empty();
  }
  std::vector<std::string> out;
  if (has_header) out.push_back(line(header, laid_out, colour));
  for (const auto& row : rows_) {
    const std::vector<std::string> parts = wrapped(row[flexible].text, laid_out.widths[flexible]);
    std::vector<Cell> cells = row;
    cells[flexible].text = parts.empty() ? "" : parts.front();
    out.push_back(line(cells, laid_out, colour));
    for (std::size_t i = 1; i < parts.size(); ++i) {
      std::vector<Cell> rest(columns_.size());
      rest[flexible] = {parts[i], row[flexible].ink};
      out.push_back(line(rest, laid_out, colour));
    }
  }
  return out;
}

}  // namespace surgeproof::reports
