// A small network as ONNX: products, activations, softmax.

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

OnnxAnswer network(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  static const std::map<std::string, std::string> kOperators{
      {"relu", "Relu"}, {"tanh", "Tanh"}, {"identity", "Identity"}};
  const State state = estimator.state();
  const std::string& activation = word_option(estimator, "activation");
  std::string values = rows;
  for (size_t layer = 0;; ++layer) {
    const auto weights = state.find("coefs." + std::to_string(layer));
    if (weights == state.end()) break;
    if (layer > 0) {
      values = activation == "logistic" ? logistic(graph, values) : graph.add(kOperators.at(activation), {values});
    }
    const auto& biases = state.at("intercepts." + std::to_string(layer));
    values = graph.add("Gemm", {values, graph.constant(weights->second), graph.constant(biases)});
  }
  const bool two = state_numbers(estimator.name(), state, "classes").size() == 2;
  if (two) values = sides_of(graph, values, 0);
  return spread(graph, estimator, graph.add("Softmax", {values}, {{"axis", 1}}), ScoreKind::probabilities);
}

const RegisterOnnx mlp{{"learn.MLP"}, network};

}  // namespace
}  // namespace lumir::learn
