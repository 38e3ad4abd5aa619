// Confusion matrix: how often each class was taken for each other one.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

Value confusion_rows(const Answers& answers, const NoOptions&) {
  const Matrix counts = confusion(answers);
  List rows;
  for (size_t i = 0; i < counts.rows; ++i) rows.push_back(List(counts.row(i).begin(), counts.row(i).end()));
  return rows;
}

double ratio_or_zero(double part, double whole) { return whole > 0 ? part / whole : 0; }

const RegisterMetric<NoOptions> confusion_metric{"confusion",
                                                 confusion_rows,
                                                 {.summary = "Counts of true (rows) and predicted (columns) class.",
                                                  .returns = "[n_classes, n_classes], counts",
                                                  .example = "metric.confusion({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
                                                  .source = "scikit-learn's confusion_matrix"}};

}  // namespace

Matrix confusion(const Answers& answers) {
  const auto n = static_cast<size_t>(answers.n_classes);
  Matrix counts(n, n);
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    counts(static_cast<size_t>(answers.truth[i]), static_cast<size_t>(answers.predicted[i])) += 1;
  }
  return counts;
}

ClassRatios ratios(const Matrix& confusion) {
  ClassRatios out;
  for (size_t c = 0; c < confusion.rows; ++c) {
    double truth = 0, predicted = 0;
    for (size_t other = 0; other < confusion.rows; ++other) {
      truth += confusion(c, other);
      predicted += confusion(other, c);
    }
    const double right = confusion(c, c);
    out.precision.push_back(ratio_or_zero(right, predicted));
    out.recall.push_back(ratio_or_zero(right, truth));
    out.f1.push_back(ratio_or_zero(2 * right, truth + predicted));
    out.support.push_back(static_cast<int>(truth));
    out.present.push_back(truth + predicted > 0);
  }
  return out;
}

Schema AverageOptions::schema() {
  return {Option{"average", &AverageOptions::average, "how classes become one number",
                 Choices{"macro", "weighted", "micro", "none"}}};
}

double macro_average(const std::vector<double>& ratio, const std::vector<bool>& present) {
  double sum = 0, n = 0;
  for (size_t c = 0; c < ratio.size(); ++c) {
    if (!present[c]) continue;
    sum += ratio[c];
    n += 1;
  }
  return ratio_or_zero(sum, n);
}

Value average(const std::vector<double>& ratio, const Matrix& confusion, const AverageOptions& options) {
  if (options.average == "none") return List(ratio.begin(), ratio.end());
  const ClassRatios all = ratios(confusion);
  if (options.average == "macro") return macro_average(ratio, all.present);
  double sum = 0, right = 0, rows = 0;
  for (size_t c = 0; c < ratio.size(); ++c) {
    sum += all.support[c] * ratio[c];
    right += confusion(c, c);
    rows += all.support[c];
  }
  return ratio_or_zero(options.average == "micro" ? right : sum, rows);
}

}  // namespace lumir::metric
