// See outputs.h.

#include "metric/outputs.h"

#include <memory>
#include <numeric>

namespace lumir::metric {
namespace {

std::vector<Output> outputs_of(const Answers& answers) {
  std::vector<Output> outputs(answers.values->columns);
  for (size_t j = 0; j < outputs.size(); ++j) {
    for (size_t i = 0; i < answers.rows(); ++i) {
      outputs[j].truth.push_back((*answers.values)(i, j));
      outputs[j].predicted.push_back((*answers.scores)(i, j));
    }
  }
  return outputs;
}

}  // namespace

Schema OutputOptions::schema() {
  return {Option{"multioutput", &OutputOptions::multioutput, "of several numbers a row: their mean, or a list of all",
                 Choices{"uniform_average", "raw_values"}}};
}

Measurer averaged_outputs(const Answers& answers, const OutputOptions& options,
                          double (*score)(const Output& output, Weights weights)) {
  const auto outputs = std::make_shared<const std::vector<Output>>(outputs_of(answers));
  const bool raw = options.multioutput == "raw_values";
  return Measurer::smooth([outputs, score, raw](Weights weights) -> Value {
    List each;
    double sum = 0;
    for (const auto& output : *outputs) {
      const double found = score(output, weights);
      each.push_back(found);
      sum += found;
    }
    if (raw) return each;
    return sum / static_cast<double>(outputs->size());
  });
}

Measurer mean_over_rows(const Answers& answers, const OutputOptions& options,
                        double (*of_row)(double truth, double predicted)) {
  if (options.multioutput == "raw_values") {
    const auto outputs = std::make_shared<const std::vector<Output>>(outputs_of(answers));
    return Measurer([outputs, of_row](Weights weights) -> Value {
      List each;
      for (const auto& output : *outputs) each.push_back(output.mean_over(weights, of_row));
      return each;
    });
  }
  std::vector<double> rows;
  for (size_t i = 0; i < answers.rows(); ++i) {
    const auto truth = answers.values->row(i), predicted = answers.scores->row(i);
    const double sum = std::inner_product(truth.begin(), truth.end(), predicted.begin(), 0.0, std::plus(), of_row);
    rows.push_back(sum / static_cast<double>(truth.size()));
  }
  return Measurer::mean(std::move(rows));
}

double explained(double left, double variation) {
  if (variation > 0) return 1 - left / variation;
  return left > 0 ? 0 : 1;
}

}  // namespace lumir::metric
