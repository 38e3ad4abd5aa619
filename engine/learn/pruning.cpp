#include "learn/pruning.h"

#include <cstddef>
#include <limits>
#include <utility>

namespace lumir::learn {
namespace {

/// Without the nodes below those that became leaves; the others keep their order.
void drop_unreached(Tree& tree, std::vector<NodeMark>& marks) {
  auto& nodes = tree.nodes;
  const size_t classes = tree.values.size() / nodes.size();
  std::vector<char> reached(nodes.size());
  std::vector<int> place(nodes.size());
  reached[0] = 1;
  Tree kept;
  std::vector<NodeMark> kept_marks;
  for (size_t node = 0; node < nodes.size(); ++node) {
    if (!reached[node]) continue;
    place[node] = static_cast<int>(kept.nodes.size());
    const auto left = static_cast<size_t>(nodes[node].left);
    if (!nodes[node].is_leaf()) reached[left] = reached[left + 1] = 1;
    const auto shares = tree.values.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(nodes[node].values) * classes);
    kept.values.insert(kept.values.end(), shares, shares + static_cast<ptrdiff_t>(classes));
    kept.nodes.push_back(nodes[node]);
    kept.nodes.back().values = place[node];
    kept_marks.push_back(marks[node]);
  }
  for (TreeNode& node : kept.nodes) {
    if (!node.is_leaf()) node.left = place[static_cast<size_t>(node.left)];
  }
  nodes = std::move(kept.nodes);
  tree.values = std::move(kept.values);
  marks = std::move(kept_marks);
}

}  // namespace

void prune(Tree& tree, std::vector<NodeMark>& marks, double ccp_alpha) {
  auto& nodes = tree.nodes;
  std::vector<double> risk(nodes.size()), leaves(nodes.size());  // of the tree below each node
  while (true) {
    size_t weakest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (size_t node = nodes.size(); node-- > 0;) {  // children come after their parents
      const auto left = static_cast<size_t>(nodes[node].left);
      const bool leaf = nodes[node].is_leaf();
      risk[node] = leaf ? marks[node].risk : risk[left] + risk[left + 1];
      leaves[node] = leaf ? 1 : leaves[left] + leaves[left + 1];
      const double won = leaf ? least : (marks[node].risk - risk[node]) / (leaves[node] - 1);
      if (leaf || won > least) continue;
      least = won;
      weakest = node;
    }
    if (!(least <= ccp_alpha)) break;
    nodes[weakest].column = -1;
    drop_unreached(tree, marks);
  }
}

}  // namespace lumir::learn
