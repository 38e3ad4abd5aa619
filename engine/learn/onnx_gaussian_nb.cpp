// Bayes' rule with normal columns as ONNX: squared distances from the classes' means, in units of their variances.

#include <cmath>
#include <numbers>

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

OnnxAnswer bayes(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const State state = estimator.state();
  Matrix precision = state_matrix(estimator.name(), state, "var");
  std::vector<double> start = state_numbers(estimator.name(), state, "class_prior");
  for (size_t c = 0; c < precision.rows; ++c) {
    start[c] = std::log(start[c]);
    for (double& number : precision.row(c)) {
      start[c] -= 0.5 * std::log(2 * std::numbers::pi * number);
      number = 1 / number;
    }
  }
  // [rows, 1, columns] less [classes, columns]
  const auto off =
      graph.add("Sub", {graph.add("Unsqueeze", {rows, graph.constant({1}, {1})}), graph.constant(state.at("theta"))});
  const auto parts = graph.add("Mul", {graph.add("Mul", {off, off}), graph.constant(to_array(precision))});
  const auto sums = graph.add("ReduceSum", {parts, graph.constant({2}, {1})}, {{"keepdims", 0}});
  const auto logarithms = graph.add("Sub", {row_of(graph, start), graph.add("Mul", {sums, row_of(graph, {0.5})})});
  return spread(graph, estimator, graph.add("Softmax", {logarithms}, {{"axis", 1}}), ScoreKind::probabilities);
}

const RegisterOnnx gaussian_nb{{"learn.GaussianNB"}, bayes};

}  // namespace
}  // namespace lumir::learn
