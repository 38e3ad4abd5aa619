// Curve: what a training came to, epoch by epoch: rows of named numbers.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/state.h"
#include "core/value.h"
#include "report/curve_figure.h"
#include "report/event_file.h"

namespace lumir::report {

class Curve final : public Stateful {
 public:
  /// Throws ArgumentError for what is no number.
  void add(const Map& row);
  const std::vector<Map>& rows() const { return rows_; }
  /// The numbers of one batch, which are not kept: only an event file that watches steps gets them, as "step/loss".
  void add_step(const Map& numbers);
  /// Numbers that event files get a histogram of, under the number of the last row's epoch; 0 before the first. Throws
  /// ArgumentError where no event file watches.
  void add_histogram(const std::string& tag, std::span<const double> numbers);
  /// From now on each row goes into event files too, under the number of its epoch; and steps, if asked.
  void watch(EventFilePtr events, bool steps);
  /// Names of the columns, sorted, `epoch` first.
  std::vector<std::string> columns() const;
  /// A number of each row; NaN where a row has none.
  std::vector<double> column(const std::string& name) const;
  /// "epoch 3   loss 1.204   accuracy 0.512": the last row, as far as it has these columns; all of it for none.
  std::string line(std::vector<std::string> shown = {}) const;
  /// Names, then every row; of many the first and the last ten.
  std::string table() const;
  /// Losses as one figure, what lies between 0 and 1 (accuracy, F1) as another, and each other column (lr) that is not
  /// always the same by itself; as far as there are any. `of` tells them from others, "fold 2": these are losses and
  /// shares only.
  std::vector<FigurePtr> figures(const std::string& of = "") const;

  State state() const override;
  void load_state(const State& state, const std::string& who) override;

 private:
  EventFile& events_at(int64_t step);
  void write_events(const Map& numbers, const std::string& prefix, int64_t step);

  std::vector<Map> rows_;
  int64_t steps_ = 0;  // that event files were told of
  EventFilePtr events_;
  bool watches_steps_ = false;
  bool resumed_ = false;  // earlier event files may hold more than was kept
};
using CurvePtr = std::shared_ptr<Curve>;

/// A column over epochs; of several curves the mean, with a standard deviation (ddof 0) to either side.
Series line_of(const std::vector<const Curve*>& curves, const std::string& name);
/// The same of several trainings, of folds for example: losses and shares, means with a band of a standard deviation
/// (ddof 0) to either side.
std::vector<FigurePtr> figures_of(const std::vector<const Curve*>& curves, const std::string& of = "");

}  // namespace lumir::report
