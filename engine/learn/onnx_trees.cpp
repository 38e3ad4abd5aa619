// One tree or many as ONNX: the operator TreeEnsembleClassifier, whose leaves hold each class's share of a tree.

#include "learn/onnx_parts.h"

namespace lumir::learn {
namespace {

/// The operator's lists: nodes of all trees, and shares of all leaves.
struct Ensemble {
  std::vector<int64_t> tree, node, column, below, above;
  std::vector<double> threshold;
  std::vector<std::string> kind;
  std::vector<int64_t> share_tree, share_node, share_class;
  std::vector<double> share;

  OnnxAttributes attributes(size_t classes) const {
    std::vector<int64_t> labels(classes);
    for (size_t c = 0; c < classes; ++c) labels[c] = static_cast<int64_t>(c);
    return {{"nodes_treeids", tree},
            {"nodes_nodeids", node},
            {"nodes_featureids", column},
            {"nodes_truenodeids", below},
            {"nodes_falsenodeids", above},
            {"nodes_modes", kind},
            {"nodes_values_as_tensor", Array(threshold)},
            {"class_treeids", share_tree},
            {"class_nodeids", share_node},
            {"class_ids", share_class},
            {"class_weights_as_tensor", Array(share)},
            {"classlabels_int64s", labels},
            {"post_transform", "NONE"}};
  }
};

Ensemble ensemble_of(const Estimator& estimator) {
  const State state = estimator.state();
  const auto numbers = [&](const char* array) { return state_numbers(estimator.name(), state, array); };
  const auto nodes = numbers("nodes"), column = numbers("column"), threshold = numbers("threshold");
  const auto left = numbers("left");
  const Matrix values = state_matrix(estimator.name(), state, "values");
  Ensemble all;
  size_t at = 0;
  for (size_t tree = 0; tree < nodes.size(); ++tree) {
    for (size_t node = 0; node < static_cast<size_t>(nodes[tree]); ++node, ++at) {
      const bool leaf = column[at] < 0;
      all.tree.push_back(static_cast<int64_t>(tree));
      all.node.push_back(static_cast<int64_t>(node));
      all.kind.emplace_back(leaf ? "LEAF" : "BRANCH_LEQ");
      all.column.push_back(leaf ? 0 : static_cast<int64_t>(column[at]));
      all.threshold.push_back(leaf ? 0 : threshold[at]);
      all.below.push_back(leaf ? 0 : static_cast<int64_t>(left[at]));
      all.above.push_back(leaf ? 0 : static_cast<int64_t>(left[at]) + 1);
      if (!leaf) continue;
      const auto shares = values.row(static_cast<size_t>(left[at]));
      for (size_t c = 0; c < shares.size(); ++c) {
        all.share_tree.push_back(static_cast<int64_t>(tree));
        all.share_node.push_back(static_cast<int64_t>(node));
        all.share_class.push_back(static_cast<int64_t>(c));
        all.share.push_back(shares[c]);
      }
    }
  }
  return all;
}

/// The operator's sums are float32, in which counts of trees are exact. The label that it gives beside them is not taken:
/// of two classes ONNX Runtime's is not that of the larger sum.
OnnxAnswer trees(OnnxGraph& graph, const Estimator& estimator, const std::string& rows) {
  const auto classes = static_cast<size_t>(estimator.n_classes());
  const auto out = graph.add("TreeEnsembleClassifier", 2, {rows}, ensemble_of(estimator).attributes(classes),
                             model::kLearnersDomain);
  const double n = static_cast<double>(state_numbers(estimator.name(), estimator.state(), "nodes").size());
  return {"", graph.add("Div", {graph.to_double(out[1]), row_of(graph, {n})}), ""};
}

const RegisterOnnx forests{{"learn.DecisionTree", "learn.RandomForest", "learn.ExtraTrees"}, trees};

}  // namespace
}  // namespace lumir::learn
