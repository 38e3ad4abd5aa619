// Nearest neighbours as ONNX: the rows of the fit are constants, each query is measured against all of them.
//
// Differences are formed before they are squared, query by query (the operator Scan), so that equal rows are equally
// far and no rounding of products decides; ties go to the earlier row, as here.

#include <cmath>

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

/// Less each row's mean, the sum of shares as it is here.
std::string centred(OnnxGraph& graph, const std::string& rows, double columns) {
  return graph.add("Sub", {rows, sums_of(graph, graph.add("Div", {rows, row_of(graph, {columns})}))});
}

/// [queries, rows]: sums of |difference|^p.
std::string powers(OnnxGraph& graph, const std::string& queries, const std::string& rows, double p) {
  const auto body = std::make_shared<OnnxGraph>("each");
  const auto query = body->input("query", ElementType::float64, {-1});
  auto off = body->add("Sub", {rows, query});
  if (p == 2) {
    off = body->add("Mul", {off, off});
  } else {
    off = body->add("Abs", {off});
    if (p != 1) off = body->add("Pow", {off, body->constant(Array({}, {p}))});
  }
  body->output("far", body->add("ReduceSum", {off, body->constant({1}, {1})}, {{"keepdims", 0}}), ElementType::float64,
               {-1});
  return graph.add("Scan", {queries}, {{"body", std::shared_ptr<const OnnxGraph>(body)}, {"num_scan_inputs", 1}});
}

/// How far rows are from each other, so that a classifier's own distance has the same order.
struct Measured {
  std::string powers;
  double p;       // the distance is the p-th root
  bool by_angle;  // then half its square
};
Measured measure(OnnxGraph& graph, const Estimator& estimator, std::string queries) {
  const std::string& metric = word_option(estimator, "metric");
  const bool by_angle = metric == "cosine" || metric == "correlation";
  std::string rows = graph.constant(estimator.state().at("rows"));
  if (metric == "correlation") {
    const auto columns = static_cast<double>(estimator.state().at("rows").shape()[1]);
    queries = centred(graph, queries, columns);
    rows = centred(graph, rows, columns);
  }
  if (by_angle) {
    queries = of_length_one(graph, queries, "l2");
    rows = of_length_one(graph, rows, "l2");
  }
  const double p = metric == "manhattan" ? 1 : metric == "minkowski" ? *estimator.options().at("p").number() : 2;
  return {powers(graph, queries, rows, p), p, by_angle};
}

/// [queries, k]: 1 by distance; where rows equal the query, these alone.
std::string weights_of(OnnxGraph& graph, const Measured& measured, const std::string& powers) {
  auto distance = powers;
  if (!measured.by_angle && measured.p == 2) distance = graph.add("Sqrt", {powers});
  if (!measured.by_angle && measured.p > 1 && measured.p != 2) {
    distance = graph.add("Pow", {powers, graph.constant(Array({}, {1 / measured.p}))});
  }
  if (measured.by_angle) distance = graph.add("Mul", {powers, row_of(graph, {0.5})});
  const auto equal = graph.to_double(graph.add("Equal", {distance, row_of(graph, {0})}));
  const auto any = graph.add("Greater", {sums_of(graph, equal), row_of(graph, {0})});
  return graph.add("Where", {any, equal, graph.add("Reciprocal", {distance})});
}

OnnxAnswer neighbours(OnnxGraph& graph, const Estimator& estimator, const std::string& queries) {
  const State state = estimator.state();
  const Measured measured = measure(graph, estimator, queries);
  const auto k = static_cast<int64_t>(*estimator.options().at("n_neighbors").number());
  const auto near = graph.add("TopK", 2, {measured.powers, graph.constant({k}, {1})}, {{"axis", 1}, {"largest", 0}});

  const auto n_classes = static_cast<size_t>(estimator.n_classes());
  Matrix each(n_classes, n_classes);
  for (size_t c = 0; c < n_classes; ++c) each(c, c) = 1;
  const auto labels = state_numbers(estimator.name(), state, "labels");
  const std::vector<int64_t> places(labels.begin(), labels.end());
  const auto known = graph.constant(places, {static_cast<int64_t>(places.size())});
  auto votes = graph.add("Gather", {graph.constant(to_array(each)), graph.add("Gather", {known, near[1]})});
  const auto middle = graph.constant({1}, {1});
  if (word_option(estimator, "weights") == "distance") {
    const auto weights = weights_of(graph, measured, near[0]);
    votes = graph.add("Mul", {votes, graph.add("Unsqueeze", {weights, graph.constant({2}, {1})})});
  }
  const auto sums = graph.add("ReduceSum", {votes, middle}, {{"keepdims", 0}});
  return {"", graph.add("Div", {sums, sums_of(graph, sums)}), ""};
}

const RegisterOnnx k_neighbors{{"learn.KNeighbors"}, neighbours};

}  // namespace
}  // namespace lumir::learn
