// Probabilities of classes from those of pairs as ONNX: see couple in learn/svc.cpp, whose steps these are, for all rows at
// once (the operator Loop). A row that is done waits for the others.

#include <algorithm>

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

using Graph = std::shared_ptr<OnnxGraph>;

std::string column(OnnxGraph& graph, const std::string& matrix, int64_t at) {
  return graph.add("Gather", {matrix, graph.constant({at}, {1})}, {{"axis", 1}});
}

/// One row of every matrix: [rows, n] of [rows, n, n].
std::string line(OnnxGraph& graph, const std::string& matrices, int64_t at) {
  return graph.add("Gather", {matrices, graph.constant({at}, {})}, {{"axis", 1}});
}

struct Coupling {
  std::string q;         // [rows, n, n]
  std::string diagonal;  // [rows, n]
  int64_t n;
};

/// p(a, b), how much likelier a is than b, as Wu, Lin and Weng's matrices.
Coupling coupling_of(OnnxGraph& graph, const std::string& pairs, int64_t n) {
  const auto turned = graph.add("Transpose", {pairs}, {{"perm", std::vector<int64_t>{0, 2, 1}}});
  const auto diagonal =
      graph.add("ReduceSum", {graph.add("Mul", {pairs, pairs}), graph.constant({1}, {1})}, {{"keepdims", 0}});
  Matrix ones(static_cast<size_t>(n), static_cast<size_t>(n));
  for (size_t c = 0; c < ones.rows; ++c) ones(c, c) = 1;
  const auto on =
      graph.add("Mul", {graph.add("Unsqueeze", {diagonal, graph.constant({1}, {1})}), graph.constant(to_array(ones))});
  return {graph.add("Sub", {on, graph.add("Mul", {turned, pairs})}), diagonal, n};
}

/// The pass of one iteration over all classes; answers p.
std::string improved(OnnxGraph& graph, const Coupling& matrices, std::string p, std::string qp, std::string whole) {
  for (int64_t a = 0; a < matrices.n; ++a) {
    std::vector<double> unit(static_cast<size_t>(matrices.n));
    unit[static_cast<size_t>(a)] = 1;
    const auto own = column(graph, qp, a), q = column(graph, matrices.diagonal, a);
    const auto change = graph.add("Div", {graph.add("Sub", {whole, own}), q});
    const auto more = graph.add("Add", {change, row_of(graph, {1})});
    const auto twice = graph.add("Mul", {own, row_of(graph, {2})});
    const auto step = graph.add("Mul", {change, graph.add("Add", {graph.add("Mul", {change, q}), twice})});
    whole = graph.add("Div", {graph.add("Div", {graph.add("Add", {whole, step}), more}), more});
    const auto along = graph.add("Mul", {change, line(graph, matrices.q, a)});
    qp = graph.add("Div", {graph.add("Add", {qp, along}), more});
    p = graph.add("Div", {graph.add("Add", {p, graph.add("Mul", {change, row_of(graph, unit)})}), more});
  }
  return p;
}

/// What is done while a row is not near enough.
Graph body_of(const Coupling& matrices, double enough) {
  const auto body = std::make_shared<OnnxGraph>("couple");
  body->input("iteration", ElementType::int64, {});
  body->input("going", ElementType::boolean, {});
  const auto p = body->input("p", ElementType::float64, {-1, matrices.n});
  const auto tall = body->add("Unsqueeze", {p, body->constant({2}, {1})});
  const auto qp = body->add("Squeeze", {body->add("MatMul", {matrices.q, tall}), body->constant({2}, {1})});
  const auto whole = sums_of(*body, body->add("Mul", {p, qp}));
  const model::OnnxAttributes over{{"axes", std::vector<int64_t>{1}}, {"keepdims", 1}};
  const auto off = body->add("ReduceMax", {body->add("Abs", {body->add("Sub", {qp, whole})})}, over);
  const auto far = body->add("GreaterOrEqual", {off, row_of(*body, {enough})});
  const auto next = body->add("Where", {far, improved(*body, matrices, p, qp, whole), p});
  const auto any = body->add("ReduceMax", {body->to_double(far)}, {{"keepdims", 0}});
  body->output("go_on", body->add("Greater", {any, body->constant(Array({}, {0.5}))}), ElementType::boolean, {});
  body->output("next", next, ElementType::float64, {-1, matrices.n});
  return body;
}

}  // namespace

std::string coupled(OnnxGraph& graph, const std::string& pairs, int64_t n) {
  const Coupling matrices = coupling_of(graph, pairs, n);
  const auto share = row_of(graph, std::vector<double>(static_cast<size_t>(n), 1 / static_cast<double>(n)));
  const auto start = graph.add("Add", {graph.add("Sub", {matrices.diagonal, matrices.diagonal}), share});
  const auto body = body_of(matrices, 0.005 / static_cast<double>(n));
  const auto most = graph.constant({std::max<int64_t>(100, n)}, {});
  return graph.add("Loop", {most, "", start}, {{"body", std::shared_ptr<const OnnxGraph>(body)}});
}

}  // namespace lumir::learn
