// Support vectors as ONNX: the kernel of rows with all of them, then the decisions and votes of pairs of classes.

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

/// [1, vectors]: squared lengths.
std::string lengths_of(OnnxGraph& graph, const Matrix& vectors) {
  std::vector<double> squares(vectors.rows);
  for (size_t i = 0; i < vectors.rows; ++i) {
    for (const double value : vectors.row(i)) squares[i] += value * value;
  }
  return row_of(graph, squares);
}

/// [rows, vectors]: how alike they are.
std::string kernel(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const State state = estimator.state();
  const Matrix vectors = state_matrix(estimator.name(), state, "support_vectors");
  std::string dots = graph.add("Gemm", {rows, graph.constant(to_array(vectors))}, {{"transB", 1}});
  const std::string& shape = word_option(estimator, "kernel");
  if (shape == "linear") return dots;
  const double gamma = state_numbers(estimator.name(), state, "gamma")[0];
  if (shape == "rbf") {
    const auto squares = sums_of(graph, graph.add("Mul", {rows, rows}));
    const auto apart = graph.add(
        "Sub", {graph.add("Add", {squares, lengths_of(graph, vectors)}), graph.add("Mul", {dots, row_of(graph, {2})})});
    return graph.add("Exp", {graph.add("Mul", {graph.add("Relu", {apart}), row_of(graph, {-gamma})})});
  }
  const double added = *estimator.options().at("coef0").number();
  const auto sum = graph.add("Add", {graph.add("Mul", {dots, row_of(graph, {gamma})}), row_of(graph, {added})});
  if (shape == "sigmoid") return graph.add("Tanh", {sum});
  return graph.add("Pow", {sum, graph.constant(Array({}, {*estimator.options().at("degree").number()}))});
}

/// Pairs of classes in libsvm's order, and what each one adds up.
struct Pairs {
  Matrix coef;           // [vectors, pairs]
  Matrix first, second;  // [pairs, classes]: 1 for the pair's first class, for its second
};
Pairs pairs_of(const Estimator& estimator) {
  const State state = estimator.state();
  const auto n_support = state_numbers(estimator.name(), state, "n_support");
  const Matrix dual = state_matrix(estimator.name(), state, "dual_coef");
  const size_t classes = n_support.size(), count = classes * (classes - 1) / 2;
  Pairs pairs{Matrix(dual.columns, count), Matrix(count, classes), Matrix(count, classes)};
  std::vector<size_t> begin(classes + 1);
  for (size_t c = 0; c < classes; ++c) begin[c + 1] = begin[c] + static_cast<size_t>(n_support[c]);
  size_t pair = 0;
  for (size_t a = 0; a < classes; ++a) {
    for (size_t b = a + 1; b < classes; ++b, ++pair) {
      pairs.first(pair, a) = pairs.second(pair, b) = 1;
      for (size_t v = begin[a]; v < begin[a + 1]; ++v) pairs.coef(v, pair) = dual(b - 1, v);
      for (size_t v = begin[b]; v < begin[b + 1]; ++v) pairs.coef(v, pair) = dual(a, v);
    }
  }
  return pairs;
}

/// [rows, classes]: how many of its pairs each class wins.
std::string votes_of(OnnxGraph& graph, const Pairs& pairs, const std::string& decisions, const char* wins) {
  const auto won = graph.to_double(graph.add(wins, {decisions, row_of(graph, {0})}));
  const auto lost = graph.add("Sub", {row_of(graph, {1}), won});
  return graph.add("Add", {graph.add("MatMul", {won, graph.constant(to_array(pairs.first))}),
                           graph.add("MatMul", {lost, graph.constant(to_array(pairs.second))})});
}

/// Votes, of equal ones the larger sum of decisions: scikit-learn's decision_function of form ovr.
std::string ranks_of(OnnxGraph& graph, const Pairs& pairs, const std::string& decisions) {
  Matrix sides = pairs.first;
  for (size_t i = 0; i < sides.values.size(); ++i) sides.values[i] -= pairs.second.values[i];
  std::string sums = graph.add("MatMul", {decisions, graph.constant(to_array(sides))});
  if (sides.columns == 2) return sums;
  const auto most =
      graph.add("Mul", {graph.add("Add", {graph.add("Abs", {sums}), row_of(graph, {1})}), row_of(graph, {3})});
  return graph.add("Add", {votes_of(graph, pairs, decisions, "GreaterOrEqual"), graph.add("Div", {sums, most})});
}

/// [rows, classes]: each pair's decision by its sigmoid (Platt), then the pairs together.
std::string probabilities_of(OnnxGraph& graph, const Estimator& estimator, const Pairs& pairs,
                             const std::string& decisions) {
  constexpr double kLeast = 1e-7;
  const State state = estimator.state();
  auto slopes = state_numbers(estimator.name(), state, "probA"),
       starts = state_numbers(estimator.name(), state, "probB");
  for (double& number : slopes) number = -number;
  for (double& number : starts) number = -number;
  const auto line = graph.add("Add", {graph.add("Mul", {decisions, row_of(graph, slopes)}), row_of(graph, starts)});
  const auto least = graph.add("Max", {logistic(graph, line), row_of(graph, {kLeast})});
  const auto likelier = graph.add("Min", {least, row_of(graph, {1 - kLeast})});
  const auto other = graph.add("Sub", {row_of(graph, {1}), likelier});
  const size_t n = pairs.first.columns;
  Matrix first(pairs.first.rows, n * n), second(pairs.first.rows, n * n);  // where a pair stands: (a, b), (b, a)
  size_t pair = 0;
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = a + 1; b < n; ++b, ++pair) first(pair, a * n + b) = second(pair, b * n + a) = 1;
  }
  const auto flat = graph.add("Add", {graph.add("MatMul", {likelier, graph.constant(to_array(first))}),
                                      graph.add("MatMul", {other, graph.constant(to_array(second))})});
  const auto count = static_cast<int64_t>(n);
  return coupled(graph, graph.add("Reshape", {flat, graph.constant({-1, count, count}, {3})}), count);
}

OnnxAnswer machine(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const State state = estimator.state();
  const Pairs pairs = pairs_of(estimator);
  const auto decisions = graph.add("Gemm", {kernel(graph, estimator, rows), graph.constant(to_array(pairs.coef)),
                                            graph.constant(state.at("intercept"))});
  // the answer is libsvm's: the class with most votes, the first of equals
  const auto winner =
      graph.add("ArgMax", {votes_of(graph, pairs, decisions, "Greater")}, {{"axis", 1}, {"keepdims", 0}});
  const auto labels = state_numbers(estimator.name(), state, "classes");
  const std::vector<int64_t> places(labels.begin(), labels.end());
  const bool shares = *estimator.options().at("probability").boolean();
  OnnxAnswer answer =
      shares ? spread(graph, estimator, probabilities_of(graph, estimator, pairs, decisions), ScoreKind::probabilities)
             : spread(graph, estimator, ranks_of(graph, pairs, decisions), ScoreKind::decisions);
  answer.predicted = graph.add("Gather", {graph.constant(places, {static_cast<int64_t>(places.size())}), winner});
  return answer;
}

const RegisterOnnx svc{{"learn.SVC"}, machine};

}  // namespace
}  // namespace lumir::learn
