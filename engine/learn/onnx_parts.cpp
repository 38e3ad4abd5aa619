// See onnx_parts.h.

#include "learn/onnx_parts.h"

namespace lumir::learn {

const std::string& word_option(const model::Estimator& estimator, const char* name) {
  return *estimator.options().at(name).text();
}

std::string row_of(OnnxGraph& graph, std::vector<double> numbers) {
  const auto n = static_cast<int64_t>(numbers.size());
  return graph.constant(Array({1, n}, std::move(numbers)));
}

std::string sums_of(OnnxGraph& graph, const std::string& values) {
  return graph.add("ReduceSum", {values, graph.constant({1}, {1})}, {{"keepdims", 1}});
}

std::string of_length_one(OnnxGraph& graph, const std::string& rows, const std::string& norm) {
  const auto size = graph.add("Abs", {rows});
  const auto most = graph.add("ReduceMax", {size}, {{"axes", std::vector<int64_t>{1}}, {"keepdims", 1}});
  const auto zero = graph.add("Equal", {most, row_of(graph, {0})});
  const auto unit = graph.add("Where", {zero, row_of(graph, {1}), most});
  std::string parts = graph.add("Div", {rows, unit});  // so that no square is infinite
  if (norm == "max") return parts;
  const auto sum = sums_of(graph, norm == "l1" ? graph.add("Abs", {parts}) : graph.add("Mul", {parts, parts}));
  const auto length = norm == "l1" ? sum : graph.add("Sqrt", {sum});
  return graph.add("Div", {parts, graph.add("Where", {zero, row_of(graph, {1}), length})});
}

std::string logistic(OnnxGraph& graph, const std::string& values) {
  const auto odds = graph.add("Exp", {graph.add("Neg", {values})});
  return graph.add("Reciprocal", {graph.add("Add", {odds, row_of(graph, {1})})});
}

std::string sides_of(OnnxGraph& graph, const std::string& decisions, double first) {
  return graph.add("Mul", {decisions, row_of(graph, {first, 1})});
}

OnnxAnswer spread(OnnxGraph& graph, const model::Estimator& estimator, const std::string& scores, ScoreKind kind) {
  const auto classes = PresentClasses::loaded(estimator.name(), estimator.state());
  const auto count = static_cast<int64_t>(classes.count());
  if (count == classes.all) return {"", scores, ""};
  // one more column stands for all classes that had no rows
  std::string without = graph.add("ReduceMin", {scores}, {{"axes", std::vector<int64_t>{1}}, {"keepdims", 1}});
  const bool decisions = kind == ScoreKind::decisions;
  without = decisions ? graph.add("Sub", {without, row_of(graph, {1})}) : graph.add("Sub", {without, without});
  std::vector<int64_t> places(static_cast<size_t>(classes.all), count);
  for (size_t c = 0; c < classes.count(); ++c) places[static_cast<size_t>(classes.labels[c])] = static_cast<int64_t>(c);
  const auto wide = graph.add("Concat", {scores, without}, {{"axis", 1}});
  return {"", graph.add("Gather", {wide, graph.constant(places, {classes.all})}, {{"axis", 1}}), ""};
}

}  // namespace lumir::learn
