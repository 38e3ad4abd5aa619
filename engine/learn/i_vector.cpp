// IVector: a recording's frames as one short row, which says how the recording differs from all.
//
// A mixture of normal distributions is fitted on the frames of all recordings, the background model; then the
// directions along which its clouds move together from recording to recording. A row is a recording: its frames
// side by side, as feature.as_row leaves them, with NaN behind the last frame of short ones.

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/parallel.h"
#include "core/random.h"
#include "learn/estimator.h"
#include "learn/mixture.h"
#include "learn/total_variability.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr const char* kAlong = "diag";    // clouds lie along the columns
constexpr double kMostNumbers = 1 << 30;  // of the largest matrix a fit keeps: 8 GB

struct IVectorOptions {
  int n_components = 64;
  int dimension = 100;
  std::optional<int> n_features;
  int rounds = 10;
  int max_frames = 50000;
  double tol = 1e-3;
  double reg_covar = 1e-6;
  int max_iter = 100;
  std::optional<int> seed;
  static Schema schema() {
    using S = IVectorOptions;
    return {Option{"n_components", &S::n_components, "clouds of the background model", Range{1, 1 << 14}},
            Option{"dimension", &S::dimension, "numbers of an i-vector", Range{1, 4096}},
            Option{"n_features", &S::n_features,
                   "numbers of a frame; 'none' reads it from the columns' names, which feature.as_row gives, and takes "
                   "columns of other names as frames of one number",
                   Range{1}},
            Option{"rounds", &S::rounds, "of expectation and maximisation for the directions", Range{1, 10000}},
            Option{"max_frames", &S::max_frames,
                   "frames that the background model is fitted on at most, evenly out of all", Range{1}},
            Option{"tol", &S::tol, "gain of the frames' mean log-likelihood at which the background model goes on",
                   kNonNegative},
            Option{"reg_covar", &S::reg_covar, "added to every variance of the background model", kNonNegative},
            Option{"max_iter", &S::max_iter, "rounds for the background model at most", Range{1}},
            Option{"seed", &S::seed, "of what both models begin with; 'none' takes that of lumir.seed"}};
  }
};

/// Columns up to the first whose frame is another: "mfcc_01_at_0001", "mfcc_02_at_0001".
size_t width_by_names(const std::vector<std::string>& columns) {
  const auto frame_of = [](const std::string& name) {
    constexpr std::string_view kAt = "_at_";
    const size_t at = name.rfind(kAt);
    if (at == std::string::npos || at + kAt.size() == name.size()) return name;
    const std::string number = name.substr(at + kAt.size());
    return number.find_first_not_of("0123456789") == std::string::npos ? number : name;
  };
  const std::string first = frame_of(columns.front());
  const auto next =
      std::find_if(columns.begin(), columns.end(), [&](const auto& name) { return frame_of(name) != first; });
  return static_cast<size_t>(next - columns.begin());
}

class IVector final : public Described<Transformer, IVectorOptions> {
 public:
  using Described::Described;
  bool takes_missing() const override { return true; }
  bool fitted() const override { return directions_.rows > 0; }

  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (int d = 1; d <= option().dimension; ++d) names.push_back("ivector" + std::to_string(d));
    return names;
  }

  /// The background model by scikit-learn's names; T in deviations, [clouds * columns, dimension].
  State state() const override {
    return {{"weights", background_.weights},
            {"means", to_array(background_.means)},
            {"covariances", to_array(background_.covariances)},
            {"T", to_array(directions_)},
            {"columns", {static_cast<double>(columns_)}}};
  }

 protected:
  void fit_rows(const Training& training) override {
    check_rows(name(), training.x, takes_missing());
    if (training.x.rows < 2) refuse("needs at least two rows: it learns how recordings differ");
    columns_ = training.x.columns;
    const size_t width = width_of(training);
    const auto clouds = static_cast<size_t>(option().n_components);
    const auto wanted = static_cast<size_t>(option().dimension);
    if (wanted > clouds * width) {
      refuse("'dimension' = " + std::to_string(wanted) +
             " is more than n_components x n_features = " + std::to_string(clouds) + " x " + std::to_string(width));
    }
    if (numbers_for_directions(training.x.rows, clouds, wanted) > kMostNumbers) {
      refuse("'dimension' = " + std::to_string(wanted) + " with 'n_components' = " + std::to_string(clouds) +
             " needs matrices of more than 8 GB; take fewer of them");
    }
    const Matrix frames = some_frames(training.x, width);
    if (clouds > frames.rows) {
      refuse("'n_components' = " + std::to_string(clouds) + " is more than the " + std::to_string(frames.rows) +
             " frames that the background model is fitted on ('max_frames' = " + std::to_string(option().max_frames) +
             " at most)");
    }
    const uint64_t seed = seed_or_global(option().seed);
    const MixtureOptions how{option().n_components, kAlong, option().tol, option().reg_covar, option().max_iter};
    background_ = find_mixture(name(), frames, how, mixed(seed));
    directions_ = find_directions(name(), statistics_of(training.x), wanted, option().rounds, seed);
  }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, columns_, takes_missing());
    return places_along(name(), statistics_of(x), directions_);
  }

  void load_state(const State& state) override {
    background_.weights = state_numbers(name(), state, "weights");
    background_.means = state_matrix(name(), state, "means");
    background_.covariances = state_matrix(name(), state, "covariances");
    directions_ = state_matrix(name(), state, "T");
    const auto columns = state_numbers(name(), state, "columns");
    const auto clouds = static_cast<size_t>(option().n_components);
    const size_t width = background_.means.columns;
    if (columns.size() != 1 || width == 0) refuse_state(name());
    columns_ = static_cast<size_t>(state_whole(name(), columns[0], 1, 1e9));
    if (!background_.fits(clouds, kAlong) || directions_.rows != clouds * width || columns_ % width != 0 ||
        directions_.columns != static_cast<size_t>(option().dimension)) {
      refuse_state(name());
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& reason) const { throw ArgumentError(name() + ": " + reason); }

  size_t width_of(const Training& training) const {
    const size_t by_names = training.columns ? width_by_names(*training.columns) : 1;
    const size_t width = option().n_features ? static_cast<size_t>(*option().n_features) : by_names;
    if (columns_ % width != 0) {
      refuse("rows of " + std::to_string(columns_) + " columns are no frames of " + std::to_string(width) + " numbers");
    }
    return width;
  }

  /// The frames of a row that have all their numbers, [frames, width].
  Matrix frames_of(const Matrix& x, size_t row, size_t width) const {
    const auto numbers = x.row(row);
    Matrix frames(0, width);
    for (size_t at = 0; at < numbers.size(); at += width) {
      const auto frame = numbers.subspan(at, width);
      if (std::any_of(frame.begin(), frame.end(), [](double number) { return std::isnan(number); })) continue;
      frames.values.append(frame);
    }
    frames.rows = frames.values.size() / width;
    if (frames.rows == 0) refuse("row " + std::to_string(row + 1) + " has no whole frame: each holds NaN");
    return frames;
  }

  /// Evenly out of each row; where rows are more than max_frames, one frame each of as many rows.
  Matrix some_frames(const Matrix& x, size_t width) const {
    const auto most = static_cast<size_t>(option().max_frames);
    Matrix all(0, width);
    for (size_t i = 0; i < x.rows; ++i) {
      const Matrix frames = frames_of(x, i, width);
      const size_t share = (i + 1) * most / x.rows - i * most / x.rows;
      const size_t taken = std::min(share, frames.rows);
      for (size_t t = 0; t < taken; ++t) {
        const auto frame = frames.row(t * frames.rows / taken);
        all.values.append(frame);
      }
    }
    all.rows = all.values.size() / width;
    return all;
  }

  CloudStatistics statistics_of(const Matrix& x) const {
    const size_t clouds = background_.weights.size(), width = background_.means.columns;
    CloudStatistics found{Matrix(x.rows, clouds), Matrix(x.rows, clouds * width)};
    parallel_for(x.rows, [&](size_t i) {
      const Matrix frames = frames_of(x, i, width);
      Matrix shares;
      share_out(name(), frames, background_, kAlong, shares);
      const Matrix sums = tensor::transposed_multiply(shares, frames);
      const auto counts = found.counts.row(i);
      for (size_t t = 0; t < shares.rows; ++t) {
        for (size_t c = 0; c < clouds; ++c) counts[c] += shares(t, c);
      }
      const auto out = found.sums.row(i);
      for (size_t c = 0; c < clouds; ++c) {
        for (size_t j = 0; j < width; ++j) {
          const double off = sums(c, j) - counts[c] * background_.means(c, j);
          out[c * width + j] = off / std::sqrt(background_.covariances(c, j));
        }
      }
    });
    return found;
  }

  size_t columns_ = 0;
  Mixture background_;
  Matrix directions_;  // [clouds * columns, dimension], in deviations
};

LUMIR_ESTIMATOR(
    IVector,
    {
        .summary =
            "A recording's frames as one short row: how it differs from all recordings, by a background model of "
            "its frames and the directions along which that varies. The frames come from feature.as_row.",
        .returns = "a transformer; i-vectors come out, [rows, dimension], for PLDA, LDA or any classifier",
        .example = "learn.Pipeline { learn.IVector { n_components = 64, dimension = 100 }, learn.LDA(), learn.PLDA() }",
        .source = "Dehak et al., Front-End Factor Analysis for Speaker Verification (2011)",
    });

}  // namespace
}  // namespace lumir::learn
