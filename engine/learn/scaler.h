// What all scalers share: one centre and one scale for each column.

#pragma once

#include <span>
#include <vector>

#include "learn/estimator.h"

namespace lumir::learn {

/// Subtracts a centre from each column and divides by a scale. A scaler says how one column is measured.
class Scaler : public Transformer {
 public:
  using Transformer::Transformer;
  void fit_rows(const Training& training) override;
  bool fitted() const override { return !scale_.empty(); }
  Matrix transform_rows(const Matrix& x) const override;
  std::vector<std::string> columns_out(const std::vector<std::string>& columns) const override { return columns; }
  /// "center" and "scale", one number for each column.
  State state() const override;
  void load_state(const State& state) override;

 protected:
  struct Measures {
    double center = 0;
    double scale = 1;
  };
  /// May reorder the column's values; `weights` are those of the rows, empty where all count alike. Called from many
  /// threads.
  virtual Measures measure(std::vector<double>& column, std::span<const double> weights) const = 0;

 private:
  std::vector<double> center_;
  std::vector<double> scale_;
};

}  // namespace lumir::learn
