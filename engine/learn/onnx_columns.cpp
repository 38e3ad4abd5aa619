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

OnnxAnswer selected(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const auto chosen = state_numbers(estimator.name(), estimator.state(), "chosen");
  const std::vector<int64_t> places(chosen.begin(), chosen.end());
  const auto which = graph.constant(places, {static_cast<int64_t>(places.size())});
  return {graph.add("Gather", {rows, which}, {{"axis", 1}}), "", ""};
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
const RegisterOnnx selections{
    {"learn.SelectKBest", "learn.SelectPercentile", "learn.SelectFromModel", "learn.VarianceThreshold"}, selected};
const RegisterOnnx directions{{"learn.PCA"}, projected};

}  // namespace
}  // namespace lumir::learn
