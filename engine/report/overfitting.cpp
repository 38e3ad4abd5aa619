// Train against validation.

#include "report/overfitting.h"

#include <algorithm>
#include <cmath>

#include "core/readable.h"
#include "metric/scorer.h"

namespace lumir::report {
namespace {

const std::string kValid = "valid_";

/// What a training goes by, not what is only measured.
bool is_loss(const Gap& gap) { return gap.what.find("loss") != std::string::npos; }
/// How much worse the rows are on which it did not learn.
double width_of(const Gap& gap) {
  return metric::greater_is_better(gap.what) ? gap.train - gap.valid : gap.valid - gap.train;
}

/// The row of the best epoch, -1 where nothing was validated.
int best_row(const Curve& curve, int best_epoch) {
  const auto epochs = curve.column("epoch");
  if (best_epoch > 0) {
    const auto found = std::find(epochs.begin(), epochs.end(), best_epoch);
    return found == epochs.end() ? -1 : static_cast<int>(found - epochs.begin());
  }
  const auto losses = curve.column(kValid + "loss"), shares = curve.column(kValid + "accuracy");
  const bool by_loss = std::any_of(losses.begin(), losses.end(), [](double loss) { return std::isfinite(loss); });
  int best = -1;
  double least = INFINITY;
  for (size_t i = 0; i < epochs.size(); ++i) {
    const double value = by_loss ? losses[i] : -shares[i];
    if (!(value < least)) continue;
    least = value;
    best = static_cast<int>(i);
  }
  return best;
}

const Gap* gap_of(const Overfitting& training, const std::string& what) {
  for (const Gap& gap : training.gaps) {
    if (gap.what == what) return &gap;
  }
  return nullptr;
}

std::string of_one(const Overfitting& training, const Gap& gap) {
  return "At epoch " + std::to_string(training.epoch) + " of " + std::to_string(training.epochs) + ", the best, " +
         gap.what + " is " + show_score(gap.train) + " on what was learnt from and " + show_score(gap.valid) +
         " in validation: a gap of " + show_score(width_of(gap)) + ".";
}

std::string of_many(const std::vector<Overfitting>& trainings, const std::string& what) {
  double train = 0, valid = 0, sum = 0, low = INFINITY, high = -INFINITY, n = 0;
  for (const auto& training : trainings) {
    const Gap* gap = gap_of(training, what);
    if (!gap) continue;
    train += gap->train;
    valid += gap->valid;
    sum += width_of(*gap);
    low = std::min(low, width_of(*gap));
    high = std::max(high, width_of(*gap));
    ++n;
  }
  return "At the best epochs of " + std::to_string(static_cast<int>(n)) + " trainings " + what + " is " +
         show_score(train / n) + " on what was learnt from and " + show_score(valid / n) +
         " in validation (means): a gap of " + show_score(sum / n) + ", from " + show_score(low) + " to " +
         show_score(high) + ".";
}

/// Training went on and validation got worse: the sign that it should have ended.
std::string of_the_end(const Overfitting& training, const Gap& loss) {
  constexpr int kFewest = 3;  // epochs behind the best: one or two are chance
  if (training.epochs - training.epoch < kFewest || !(loss.last_valid > loss.valid) || !(loss.last_train < loss.train))
    return "";
  return "Up to epoch " + std::to_string(training.epochs) + " the training loss fell on, from " +
         show_score(loss.train) + " to " + show_score(loss.last_train) + ", while the validation loss rose from " +
         show_score(loss.valid) + " to " + show_score(loss.last_valid) + ": from there on it learnt by heart.";
}

}  // namespace

std::optional<Overfitting> overfitting_of(const Curve& curve, int best_epoch, const std::string& of) {
  const int best = best_row(curve, best_epoch);
  if (best < 0) return std::nullopt;
  const auto epochs = curve.column("epoch");
  const auto row = static_cast<size_t>(best);
  Overfitting found{of, static_cast<int>(epochs[row]), static_cast<int>(epochs.back()), {}};
  for (const auto& name : curve.columns()) {
    const auto train = curve.column(name), valid = curve.column(kValid + name);
    if (!std::isfinite(train[row]) || !std::isfinite(valid[row])) continue;
    found.gaps.push_back({name, train[row], valid[row], train.back(), valid.back()});
  }
  if (found.gaps.empty()) return std::nullopt;
  return found;
}

std::vector<std::string> sentences_of(const std::vector<Overfitting>& trainings) {
  std::vector<std::string> sentences;
  if (trainings.empty()) return sentences;
  for (const Gap& gap : trainings.front().gaps) {
    sentences.push_back(trainings.size() == 1 ? of_one(trainings[0], gap) : of_many(trainings, gap.what));
  }
  if (trainings.size() > 1) return sentences;
  for (const Gap& gap : trainings[0].gaps) {
    const std::string end = is_loss(gap) ? of_the_end(trainings[0], gap) : "";
    if (!end.empty()) sentences.push_back(end);
  }
  return sentences;
}

TableBlock table_of(const std::vector<Overfitting>& trainings) {
  TableBlock table;
  table.header = {"training", "best epoch"};
  for (const Gap& gap : trainings.front().gaps) {
    for (const char* side : {", training", ", validation", ", gap"}) table.header.push_back(gap.what + side);
  }
  table.align.assign(table.header.size(), Across::right);
  table.align.front() = Across::left;
  for (const auto& training : trainings) {
    std::vector<std::string> row = {training.of.empty() ? "the network" : training.of,
                                    std::to_string(training.epoch) + " of " + std::to_string(training.epochs)};
    for (const Gap& first : trainings.front().gaps) {
      const Gap* gap = gap_of(training, first.what);
      for (const double number : {gap ? gap->train : NAN, gap ? gap->valid : NAN, gap ? width_of(*gap) : NAN}) {
        row.push_back(std::isfinite(number) ? show_score(number) : "-");
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace lumir::report
