// The first line is for the eye that asks "is this what I meant?": shape, type, range, mean, and whether NaN is there.

#include "tensor/show.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <ATen/ops/isfinite.h>
#include <ATen/ops/masked_select.h>

#include "core/value.h"
#include "tensor/convert.h"

namespace lumir::tensor {
namespace {

constexpr int64_t kColumns = 4;  // of more, the first three and the last are shown
constexpr int64_t kRows = 4;     // of more, the first two are shown
constexpr int kDigits = 4;       // significant ones
const std::string kDot = " · ";

std::string rounded(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", kDigits, number);
  return show_number(std::strtod(text, nullptr));
}

std::string plural(int64_t count, const std::string& noun) {
  return show_number(static_cast<double>(count)) + " " + noun;
}

/// Each number once where an expanded tensor shows the same numbers again and again, however often that is.
at::Tensor without_repetition(at::Tensor tensor) {
  for (int64_t d = 0; d < tensor.dim(); ++d) {
    if (tensor.stride(d) == 0 && tensor.size(d) > 1) tensor = tensor.narrow(d, 0, 1);
  }
  return tensor;
}

std::string statistics(const at::Tensor& whole_tensor) {
  if (whole_tensor.numel() == 0) return kDot + "empty";
  if (whole_tensor.is_complex() || whole_tensor.dim() == 0) return "";
  const at::Tensor tensor = without_repetition(whole_tensor);
  const int64_t times = whole_tensor.numel() / tensor.numel();
  if (tensor.scalar_type() == at::kBool) {
    return kDot + plural(tensor.sum().item<int64_t>() * times, "of ") +
           show_number(static_cast<double>(whole_tensor.numel())) + " true";
  }
  at::Tensor finite = tensor;
  int64_t broken = 0;
  if (tensor.is_floating_point()) {
    const at::Tensor whole = at::isfinite(tensor);
    broken = tensor.numel() - whole.sum().item<int64_t>();
    if (broken > 0) finite = at::masked_select(tensor, whole);
  }
  std::string text;
  if (finite.numel() > 0) {
    const double low = finite.min().item<double>(), high = finite.max().item<double>();
    const double mean = finite.mean(at::kDouble).item<double>();
    text = kDot + rounded(low) + " to " + rounded(high) + kDot + "mean " + rounded(mean);
  }
  if (broken > 0) text += kDot + plural(broken * times, "not finite");
  return text;
}

/// Texts of the cells that are shown, all in one form so that columns read well.
class Cells {
 public:
  explicit Cells(const at::Tensor& shown) : bool_(shown.scalar_type() == at::kBool), complex_(shown.is_complex()) {
    if (complex_ || bool_) return;
    bool integers = true;
    double highest = 0;
    for (const double x : to_doubles(shown, "show")) {
      if (!std::isfinite(x)) continue;
      integers = integers && x == std::floor(x);
      highest = std::max(highest, std::abs(x));
    }
    scientific_ = highest >= 1e9 || (highest > 0 && highest < 1e-3);
    const int before_point = highest >= 1 ? static_cast<int>(std::log10(highest)) + 1 : 1;
    decimals_ = integers ? 0 : std::clamp(kDigits - before_point, 1, kDigits);
  }
  std::string operator()(const at::Tensor& cell) const {
    if (bool_) return cell.item<bool>() ? "true" : "false";
    if (!complex_) return number(cell.item<double>());
    const auto value = cell.item<c10::complex<double>>();
    return rounded(value.real()) + (std::signbit(value.imag()) ? "-" : "+") + rounded(std::abs(value.imag())) + "i";
  }

 private:
  std::string number(double x) const {
    if (!std::isfinite(x)) return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
    char text[64];
    std::snprintf(text, sizeof text, scientific_ ? "%.*e" : "%.*f", scientific_ ? kDigits - 1 : decimals_, x);
    return text;
  }
  bool bool_;
  bool complex_;
  bool scientific_ = false;
  int decimals_ = 0;
};

/// The rows of a matrix, or of a vector as one row, below the first line.
std::string corner(const at::Tensor& matrix) {
  const int64_t rows = matrix.size(0), columns = matrix.size(1);
  const int64_t shown_rows = rows > kRows ? 2 : rows;
  std::vector<int64_t> shown_columns;
  for (int64_t j = 0; j < std::min(columns, columns > kColumns ? kColumns - 1 : kColumns); ++j)
    shown_columns.push_back(j);
  if (columns > kColumns) shown_columns.push_back(columns - 1);

  const at::Tensor top = matrix.narrow(0, 0, shown_rows);
  const Cells cell_text(top.narrow(1, 0, std::min<int64_t>(columns, kColumns)));
  std::vector<std::vector<std::string>> texts;
  size_t width = 0;
  for (int64_t i = 0; i < shown_rows; ++i) {
    auto& row = texts.emplace_back();
    for (const int64_t j : shown_columns) {
      row.push_back(cell_text(top.select(0, i).select(0, j)));
      width = std::max(width, row.back().size());
    }
  }
  std::string text;
  for (const auto& row : texts) {
    text += "\n";
    for (size_t j = 0; j < row.size(); ++j) {
      if (j + 1 == row.size() && columns > kColumns) text += " ...";
      text += "  " + std::string(width - row[j].size(), ' ') + row[j];
    }
  }
  return rows > kRows ? text + "\n  ..." : text;
}

}  // namespace

std::string show_shape(at::IntArrayRef shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

std::string show(const at::Tensor& tensor) {
  std::string text =
      "Tensor " + show_shape(tensor.sizes()) + " " + dtype_name(tensor.scalar_type()) + " " + tensor.device().str();
  if (tensor.is_meta()) return text;
  at::Tensor plain = tensor.detach().to(at::kCPU);
  plain = plain.layout() == at::kStrided ? plain.resolve_conj().resolve_neg() : plain.to_dense();
  text += statistics(plain);
  if (tensor.dim() == 0)
    text += kDot + (tensor.scalar_type() == at::kBool || tensor.is_complex() ? Cells(plain)(plain)
                                                                             : rounded(plain.item<double>()));
  if (tensor.requires_grad()) text += kDot + "requires grad";
  if (tensor.dim() == 0 || tensor.numel() == 0) return text;

  if (plain.dim() == 1) return text + corner(plain.unsqueeze(0));
  if (plain.dim() > 2) {
    text += "\n  [";
    for (int64_t i = 2; i < tensor.dim(); ++i) text += "1, ";
    text += ":, :]";
  }
  while (plain.dim() > 2) plain = plain.select(0, 0);
  return text + corner(plain);
}

}  // namespace lumir::tensor
