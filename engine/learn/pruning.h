// Undoing the cuts of a grown tree that win too little.

#pragma once

#include <vector>

#include "learn/tree.h"

namespace lumir::learn {

/// Of a node: its impurity by its share of all weight, and what its cut has won.
struct NodeMark {
  double risk = 0, gain = 0;
};

/// Undoes the cut whose leaves win least, again and again, while that is at most `ccp_alpha` for each leaf that goes:
/// Breiman et al. (1984), ch. 3.3. `marks` stand for the tree's nodes, before and after.
void prune(Tree& tree, std::vector<NodeMark>& marks, double ccp_alpha);

}  // namespace lumir::learn
