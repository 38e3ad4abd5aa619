// Straight borders as ONNX: one product, then what each learner makes of decisions.

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

/// [rows, classes], or [rows, 1] for two classes.
std::string decisions_of(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const State state = estimator.state();
  const auto& coef = state.at("coef");
  return graph.add("Gemm", {rows, graph.constant(coef), graph.constant(state.at("intercept"))}, {{"transB", 1}});
}

bool is_of_two(const Estimator& estimator) { return estimator.state().at("coef").shape().front() == 1; }

std::string both_sides(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const auto decisions = decisions_of(graph, estimator, rows);
  return is_of_two(estimator) ? sides_of(graph, decisions, -1) : decisions;
}

OnnxAnswer by_decisions(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  return spread(graph, estimator, both_sides(graph, estimator, rows), ScoreKind::decisions);
}

OnnxAnswer by_softmax(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  auto decisions = decisions_of(graph, estimator, rows);
  if (is_of_two(estimator)) decisions = sides_of(graph, decisions, 0);
  return spread(graph, estimator, graph.add("Softmax", {decisions}, {{"axis", 1}}), ScoreKind::probabilities);
}

/// Each class against all others, then shared out; even where none has anything.
OnnxAnswer by_sigmoids(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  if (word_option(estimator, "loss") != "log_loss") return by_decisions(graph, estimator, rows);
  const auto apart = logistic(graph, both_sides(graph, estimator, rows));
  const auto sums = sums_of(graph, apart);
  const auto some = graph.add("Greater", {sums, row_of(graph, {0})});
  const double even = 1 / static_cast<double>(state_numbers(estimator.name(), estimator.state(), "classes").size());
  const auto shares = graph.add("Where", {some, graph.add("Div", {apart, sums}), row_of(graph, {even})});
  return spread(graph, estimator, shares, ScoreKind::probabilities);
}

const RegisterOnnx borders{{"learn.LinearSVC", "learn.Ridge", "learn.Perceptron"}, by_decisions};
const RegisterOnnx probabilities{{"learn.LogisticRegression", "learn.LDA"}, by_softmax};
const RegisterOnnx steps{{"learn.SGD"}, by_sigmoids};

}  // namespace
}  // namespace lumir::learn
