// Confusion matrix: how often each class was taken for each other one.

#include "metric/confusion.h"

#include <algorithm>

namespace lumir::metric {
namespace {

Measurer confusion_rows(const Answers& answers, const NoOptions&) {
  return Measurer([answers](Weights weights) -> Value {
    const Matrix counts = confusion(answers, weights);
    List rows;
    for (size_t i = 0; i < counts.rows; ++i) rows.push_back(List(counts.row(i).begin(), counts.row(i).end()));
    return rows;
  });
}

/// Tags that no row has are left out: nothing could be found.
double macro(const std::vector<ClassCount>& counts, double (*ratio)(const ClassCount&), Target target) {
  double sum = 0, present = 0;
  for (const auto& count : counts) {
    if (target == Target::tags ? count.truth == 0 : !count.present()) continue;
    sum += ratio(count);
    present += 1;
  }
  return ratio_or_zero(sum, present);
}

double weighted(const std::vector<ClassCount>& counts, double (*ratio)(const ClassCount&)) {
  double sum = 0, rows = 0;
  for (const auto& count : counts) {
    sum += count.truth * ratio(count);
    rows += count.truth;
  }
  return ratio_or_zero(sum, rows);
}

ClassCount sum_of(const std::vector<ClassCount>& counts) {
  ClassCount sum;
  for (const auto& count : counts) {
    sum.truth += count.truth;
    sum.predicted += count.predicted;
    sum.right += count.right;
  }
  return sum;
}

Value average(const std::vector<ClassCount>& counts, const std::string& how, double (*ratio)(const ClassCount&),
              Target target) {
  if (how == "macro") return macro(counts, ratio, target);
  if (how == "weighted") return weighted(counts, ratio);
  if (how == "micro") return ratio(sum_of(counts));
  List each;
  for (const auto& count : counts) each.push_back(ratio(count));
  return each;
}

const RegisterMetric<NoOptions> confusion_metric{"confusion",
                                                 confusion_rows,
                                                 {.summary = "Counts of true (rows) and predicted (columns) class.",
                                                  .returns = "[n_classes, n_classes], counts",
                                                  .example = "metric.confusion({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
                                                  .source = "scikit-learn's confusion_matrix"}};

}  // namespace

Matrix confusion(const Answers& answers, Weights weights) {
  const auto n = static_cast<size_t>(answers.n_classes);
  Matrix counts(n, n);
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    const auto truth = static_cast<size_t>(answers.truth[i]), predicted = static_cast<size_t>(answers.predicted[i]);
    counts(truth, predicted) += weights.empty() ? 1 : weights[i];
  }
  return counts;
}

std::vector<ClassCount> count_classes(const Answers& answers, Weights weights) {
  std::vector<ClassCount> counts(static_cast<size_t>(answers.n_classes));
  if (answers.target == Target::tags) {
    for (size_t i = 0; i < answers.rows(); ++i) {
      const double weight = weights.empty() ? 1 : weights[i];
      for (int c = 0; c < answers.n_classes; ++c) {
        const bool is = answers.is(i, c), taken = answers.taken_for(i, c);
        auto& count = counts[static_cast<size_t>(c)];
        count.truth += is ? weight : 0;
        count.predicted += taken ? weight : 0;
        count.right += is && taken ? weight : 0;
      }
    }
    return counts;
  }
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    auto& truth = counts[static_cast<size_t>(answers.truth[i])];
    auto& predicted = counts[static_cast<size_t>(answers.predicted[i])];
    truth.truth += weight;
    predicted.predicted += weight;
    if (&truth == &predicted) truth.right += weight;
  }
  return counts;
}

Measurer share_right(const Answers& answers) {
  std::vector<double> right;
  const auto alike = [&answers](size_t row) {
    if (!answers.values) return answers.truth[row] == answers.predicted[row];
    const auto is = answers.values->row(row), taken = answers.taken->row(row);
    return std::equal(is.begin(), is.end(), taken.begin());
  };
  for (size_t i = 0; i < answers.rows(); ++i) right.push_back(alike(i));
  return Measurer::share(std::move(right));
}

double ratio_or_zero(double part, double whole) { return whole > 0 ? part / whole : 0; }

Schema AverageOptions::schema() {
  return {Option{"average", &AverageOptions::average, "how classes become one number",
                 Choices{"macro", "weighted", "micro", "none"}}};
}

Measurer averaged(const Answers& answers, const AverageOptions& options, double (*ratio)(const ClassCount& count)) {
  const bool tags = answers.target == Target::tags;
  if (options.average == "micro" && !tags) return share_right(answers);
  const auto measure = [answers, how = options.average, ratio](Weights weights) {
    return average(count_classes(answers, weights), how, ratio, answers.target);
  };
  return tags ? Measurer::smooth(measure) : Measurer(measure);
}

}  // namespace lumir::metric
