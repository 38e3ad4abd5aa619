// Pairs for few points; for many a grid where there is one, else a tree of cells.

#include "learn/repulsion.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/parallel.h"
#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr size_t kPairs = 1500;  // points up to which pairs are faster
constexpr size_t kLeaf = 48;     // points that share a walk
constexpr size_t kTogether = 8;  // leaves that a worker takes at a time
constexpr float kAngle = 0.5f;   // width over distance below which a cell stands for its points; scikit-learn's
constexpr int kBits = 30;        // of a key, of all coordinates together

template <size_t D>
[[gnu::always_inline]] inline Force push_of(const float* const* sources, const float* weight, size_t n,
                                            const float* at) {
  const float *xs = sources[0], *ys = sources[1], *zs = sources[2];
  const float at_x = at[0], at_y = at[1], at_z = at[2];
  float x = 0, y = 0, z = 0, closeness = 0;
#pragma omp simd reduction(+ : x, y, z, closeness)
  for (size_t j = 0; j < n; ++j) {
    const float dx = at_x - xs[j], dy = at_y - ys[j];
    float square = 1 + dx * dx + dy * dy, dz = 0;
    if constexpr (D > 2) {
      dz = at_z - zs[j];
      square += dz * dz;
    }
    const float near = 1 / square, weighed = weight[j] * near;
    closeness += weighed;
    x += weighed * near * dx;
    y += weighed * near * dy;
    if constexpr (D > 2) z += weighed * near * dz;
  }
  return {{x, y, z}, closeness};
}

LUMIR_VECTORISED Force push_in_plane(const float* const* sources, const float* weight, size_t n, const float* at) {
  return push_of<2>(sources, weight, n, at);
}
LUMIR_VECTORISED Force push_in_space(const float* const* sources, const float* weight, size_t n, const float* at) {
  return push_of<3>(sources, weight, n, at);
}

/// The bits of a coordinate with room for those of the others between them.
uint64_t spread(uint32_t number, size_t dimensions) {
  if (dimensions == 2) {
    number = (number | number << 8) & 0x00FF00FFu;
    number = (number | number << 4) & 0x0F0F0F0Fu;
    number = (number | number << 2) & 0x33333333u;
    return (number | number << 1) & 0x55555555u;
  }
  number = (number | number << 16) & 0x030000FFu;
  number = (number | number << 8) & 0x0300F00Fu;
  number = (number | number << 4) & 0x030C30C3u;
  return (number | number << 2) & 0x09249249u;
}

/// By their upper halves, least bits first.
void sort_by_upper_half(std::vector<uint64_t>& keys, std::vector<uint64_t>& spare) {
  constexpr int kDigit = 10;
  for (int shift = 32; shift < 32 + kBits; shift += kDigit) {
    std::array<size_t, (1u << kDigit) + 1> begin{};
    const auto digit = [&](uint64_t key) { return (key >> shift) & ((1u << kDigit) - 1); };
    for (const uint64_t key : keys) ++begin[digit(key) + 1];
    for (size_t d = 1; d < begin.size(); ++d) begin[d] += begin[d - 1];
    for (const uint64_t key : keys) spare[begin[digit(key)]++] = key;
    keys.swap(spare);
  }
}

}  // namespace

void Repulsion::Sources::clear() {
  for (auto& coordinates : along) coordinates.clear();
  weight.clear();
}

Repulsion::Repulsion(size_t n, size_t dimensions)
    : n_(n), dimensions_(std::max<size_t>(dimensions, 2)), keys_(n), spare_keys_(n) {
  for (auto& coordinates : sorted_.along) coordinates.resize(n);
  sorted_.weight.assign(n, 1);
  if (dimensions == 2 && n > kPairs) plane_.emplace(n);
}

void Repulsion::find(const Points& points, std::vector<Force>& pushes) {
  if (n_ <= kPairs) {
    find_by_pairs(points, pushes);
  } else if (plane_ && plane_->suits(points)) {
    plane_->find(points, pushes);
  } else {
    find_by_tree(points, pushes);
  }
}

void Repulsion::find_by_tree(const Points& points, std::vector<Force>& pushes) {
  sort_points(points);
  cells_.clear();
  leaves_.clear();
  build(0, n_, kBits - 1);
  parallel_for((leaves_.size() + kTogether - 1) / kTogether, [&](size_t some) {
    Sources sources;
    for (size_t l = some * kTogether; l < std::min((some + 1) * kTogether, leaves_.size()); ++l) {
      const Cell& leaf = cells_[leaves_[l]];
      list_sources(leaf, sources);
      for (size_t i = leaf.begin; i < leaf.end; ++i) {
        pushes[static_cast<uint32_t>(keys_[i])] =
            push(sources, {sorted_.along[0][i], sorted_.along[1][i], sorted_.along[2][i]});
      }
    }
  });
}

void Repulsion::find_by_pairs(const Points& points, std::vector<Force>& pushes) {
  for (size_t d = 0; d < 3; ++d) sorted_.along[d] = points.along(d);
  for_pieces<64>(n_, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      pushes[i] = push(sorted_, {points.along(0)[i], points.along(1)[i], points.along(2)[i]});
    }
  });
}

std::vector<size_t> Repulsion::along_curve(const Points& points) {
  sort_points(points);
  std::vector<size_t> order;
  order.reserve(n_);
  for (const uint64_t key : keys_) order.push_back(static_cast<uint32_t>(key));
  return order;
}

/// Along a curve through the space on which what is beside each other mostly stays so (Morton's).
void Repulsion::sort_points(const Points& points) {
  std::fill(keys_.begin(), keys_.end(), 0);
  for (size_t d = 0; d < dimensions_; ++d) {
    const auto& coordinates = points.along(d);
    const auto [low, high] = std::minmax_element(coordinates.begin(), coordinates.end());
    const auto most = static_cast<float>((1 << (kBits / static_cast<int>(dimensions_))) - 1);
    const float from = *low, scale = most / std::max(*high - from, std::numeric_limits<float>::min());
    for (size_t i = 0; i < n_; ++i) {
      const float place = (coordinates[i] - from) * scale;  // no number for points that ran away: they stay at 0
      const auto cell = place > 0 ? static_cast<uint32_t>(std::min(place, most)) : 0u;
      keys_[i] |= spread(cell, dimensions_) << d;
    }
  }
  for (size_t i = 0; i < n_; ++i) keys_[i] = keys_[i] << 32 | i;
  sort_by_upper_half(keys_, spare_keys_);
  for (size_t d = 0; d < dimensions_; ++d) {
    for (size_t i = 0; i < n_; ++i) sorted_.along[d][i] = points.along(d)[static_cast<uint32_t>(keys_[i])];
  }
}

/// The cell of sorted points whose keys are alike above `bit`, with all cells inside.
void Repulsion::build(size_t begin, size_t end, int bit) {
  size_t middle = begin;
  while (end - begin > kLeaf && bit >= 0) {
    const uint64_t mask = uint64_t{1} << (32 + bit);
    --bit;
    middle = static_cast<size_t>(std::partition_point(keys_.begin() + static_cast<ptrdiff_t>(begin),
                                                      keys_.begin() + static_cast<ptrdiff_t>(end),
                                                      [&](uint64_t key) { return (key & mask) == 0; }) -
                                 keys_.begin());
    if (middle != begin && middle != end) break;
    middle = begin;
  }
  const size_t place = cells_.size();
  Cell& cell = cells_.emplace_back();
  cell.begin = begin;
  cell.end = end;
  cell.leaf = middle == begin;
  measure(cell);
  if (cell.leaf) {
    leaves_.push_back(place);
  } else {
    build(begin, middle, bit);
    build(middle, end, bit);
  }
  cells_[place].next = cells_.size();
}

void Repulsion::measure(Cell& cell) const {
  for (size_t d = 0; d < dimensions_; ++d) {
    const float* first = sorted_.along[d].data() + cell.begin;
    const size_t n = cell.end - cell.begin;
    float low = first[0], high = first[0];
    double sum = 0;
    for (size_t i = 0; i < n; ++i) {
      low = std::min(low, first[i]);
      high = std::max(high, first[i]);
      sum += first[i];
    }
    cell.low[d] = low;
    cell.high[d] = high;
    cell.middle[d] = static_cast<float>(sum / static_cast<double>(n));
    cell.width = std::max(cell.width, high - low);
  }
}

/// What pushes the points of a leaf: cells that are far from all of them, else points.
void Repulsion::list_sources(const Cell& leaf, Sources& sources) const {
  sources.clear();
  for (size_t at = 0; at < cells_.size();) {
    const Cell& cell = cells_[at];
    float square = 0;  // of the distance of its middle from the box around the leaf
    for (size_t d = 0; d < dimensions_; ++d) {
      const float off = std::max({leaf.low[d] - cell.middle[d], cell.middle[d] - leaf.high[d], 0.0f});
      square += off * off;
    }
    if (cell.width * cell.width < kAngle * kAngle * square) {
      for (size_t d = 0; d < dimensions_; ++d) sources.along[d].push_back(cell.middle[d]);
      sources.weight.push_back(static_cast<float>(cell.end - cell.begin));
      at = cell.next;
    } else if (cell.leaf) {
      const auto begin = static_cast<ptrdiff_t>(cell.begin), end = static_cast<ptrdiff_t>(cell.end);
      for (size_t d = 0; d < dimensions_; ++d) {
        const auto& all = sorted_.along[d];
        sources.along[d].insert(sources.along[d].end(), all.begin() + begin, all.begin() + end);
      }
      sources.weight.insert(sources.weight.end(), cell.end - cell.begin, 1.0f);
      at = cell.next;
    } else {
      ++at;
    }
  }
}

Force Repulsion::push(const Sources& sources, const std::array<float, 3>& at) const {
  const float* along[] = {sources.along[0].data(), sources.along[1].data(), sources.along[2].data()};
  const auto kernel = dimensions_ > 2 ? push_in_space : push_in_plane;
  Force force = kernel(along, sources.weight.data(), sources.weight.size(), at.data());
  force.closeness -= 1;  // the point itself
  return force;
}

}  // namespace lumir::learn
