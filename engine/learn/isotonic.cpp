// Neighbours that fall are joined to their mean, again and again.

#include "learn/isotonic.h"

#include <algorithm>
#include <numeric>

namespace lumir::learn {
namespace {

struct Block {
  double y, weight;
  size_t points;  // distinct x
};

}  // namespace

double Isotonic::operator()(double at) const {
  if (at <= x.front()) return y.front();
  if (at >= x.back()) return y.back();
  const auto above = static_cast<size_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin());
  const double share = (at - x[above - 1]) / (x[above] - x[above - 1]);
  return y[above - 1] + share * (y[above] - y[above - 1]);
}

Isotonic fit_isotonic(std::span<const double> x, std::span<const double> y, std::span<const double> weights) {
  const auto weight = [&](size_t i) { return weights.empty() ? 1 : weights[i]; };
  std::vector<size_t> order;
  for (size_t i = 0; i < x.size(); ++i) {
    if (weight(i) > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return x[a] < x[b]; });

  std::vector<double> distinct;
  std::vector<Block> points;  // one for each distinct x
  for (const size_t i : order) {
    if (distinct.empty() || x[i] != distinct.back()) {
      distinct.push_back(x[i]);
      points.push_back({0, 0, 1});
    }
    Block& point = points.back();
    point.y = (point.y * point.weight + y[i] * weight(i)) / (point.weight + weight(i));
    point.weight += weight(i);
  }
  std::vector<Block> blocks;
  for (const Block& point : points) {
    blocks.push_back(point);
    while (blocks.size() > 1 && blocks[blocks.size() - 2].y >= blocks.back().y) {
      const Block last = blocks.back();
      blocks.pop_back();
      Block& joined = blocks.back();
      joined.y = (joined.y * joined.weight + last.y * last.weight) / (joined.weight + last.weight);
      joined.weight += last.weight;
      joined.points += last.points;
    }
  }
  Isotonic steps;
  size_t at = 0;
  for (const Block& block : blocks) {  // both ends of each step
    steps.x.push_back(distinct[at]);
    steps.y.push_back(block.y);
    if (block.points > 1) {
      steps.x.push_back(distinct[at + block.points - 1]);
      steps.y.push_back(block.y);
    }
    at += block.points;
  }
  return steps;
}

}  // namespace lumir::learn
