// What comes before a classifier, as ONNX: scalers, selections, projections.

#include <cmath>

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

std::string row_called(OnnxGraph& graph, const Estimator& estimator, const char* array) {
  return row_of(graph, state_numbers(estimator.name(), estimator.state(), array));
}

OnnxAnswer scaled(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const auto moved = graph.add("Sub", {rows, row_called(graph, estimator, "center")});
  return {graph.add("Div", {moved, row_called(graph, estimator, "scale")}), "", ""};
}

OnnxAnswer scaled_between(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  OnnxAnswer answer = scaled(graph, estimator, rows);
  if (!*estimator.options().at("clip").boolean()) return answer;
  const List& range = *estimator.options().at("feature_range").list();
  const auto limit = [&](size_t i) { return graph.constant(Array({}, {*range[i].number()})); };
  answer.rows = graph.add("Clip", {answer.rows, limit(0), limit(1)});
  return answer;
}

OnnxAnswer normalised(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  return {of_length_one(graph, rows, word_option(estimator, "norm")), "", ""};
}

/// The columns that an array names, counted from 0.
OnnxAnswer taken_by(OnnxGraph& graph, const Estimator& estimator, const char* array, const std::string& rows) {
  const auto numbers = state_numbers(estimator.name(), estimator.state(), array);
  const std::vector<int64_t> places(numbers.begin(), numbers.end());
  const auto which = graph.constant(places, {static_cast<int64_t>(places.size())});
  return {graph.add("Gather", {rows, which}, {{"axis", 1}}), "", ""};
}

/// What stands for a missing number of each column.
OnnxAnswer filled(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const auto whole = graph.add("Where", {graph.add("IsNaN", {rows}), row_called(graph, estimator, "statistics"), rows});
  return taken_by(graph, estimator, "kept", whole);
}

OnnxAnswer selected(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  return taken_by(graph, estimator, "chosen", rows);
}

OnnxAnswer projected(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const State state = estimator.state();
  const auto moved = graph.add("Sub", {rows, row_called(graph, estimator, "mean")});
  const std::string out = graph.add("Gemm", {moved, graph.constant(state.at("components"))}, {{"transB", 1}});
  if (!*estimator.options().at("whiten").boolean()) return {out, "", ""};
  auto deviations = state_numbers(estimator.name(), state, "explained_variance");
  for (double& number : deviations) number = std::max(std::sqrt(number), 1e-150);
  return {graph.add("Div", {out, row_of(graph, deviations)}), "", ""};
}

const RegisterOnnx scalers{{"learn.StandardScaler", "learn.RobustScaler", "learn.MaxAbsScaler"}, scaled};
const RegisterOnnx limits{{"learn.MinMaxScaler"}, scaled_between};
const RegisterOnnx lengths{{"learn.Normalizer"}, normalised};
const RegisterOnnx imputers{{"learn.SimpleImputer"}, filled};
const RegisterOnnx selections{
    {"learn.SelectKBest", "learn.SelectPercentile", "learn.SelectFromModel", "learn.VarianceThreshold"}, selected};
const RegisterOnnx directions{{"learn.PCA"}, projected};

}  // namespace
}  // namespace lumir::learn
