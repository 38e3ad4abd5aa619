// Where points lie, the grid that is cheapest for them, and the two parts of the kernel.

#include "learn/plane_repulsion.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/parallel.h"
#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr float kWhole = 0.3f;     // spacing up to which the grid carries the whole kernel
constexpr float kFinest = 0.1f;    // of a grid of the fewest nodes
constexpr float kCoarser = 1.15f;  // one spacing that is tried over the one before
constexpr float kReach = 2.5f;     // R in nodes
constexpr float kCell = 1.25f;     // width of a cell in nodes: R / 2
constexpr size_t kEdge = 5;        // nodes along an axis beyond the outermost points, which splines reach
constexpr size_t kFewest = 24;     // nodes along an axis
constexpr size_t kMost = 1024;
constexpr float kRoom = 1.15f;    // of the grid, over the width of the points it is made for
constexpr float kTooMuch = 1.5f;  // a grid for a wider box than this is made anew
constexpr int kUses = 100;        // of a grid before its cost is looked at again
constexpr size_t kStrips = 8;     // rows of cells spread by one worker: more nodes than splines reach
constexpr size_t kPoints = 256;   // pushed by one worker at a time
constexpr float kNowhere = 1e9f;  // coordinates of no point
constexpr size_t kLanes = 16;     // near points come in multiples of this

// measured in nanoseconds on one core
constexpr double kPairCost = 0.4;
constexpr double kNodeCost = 1.0;  // for each node, doubled plane, and power of two
constexpr double kTreeCost = 350;  // of a point's push by the tree

/// A number of nodes whose double the transforms like.
size_t fast_nodes(size_t least) {
  size_t best = std::numeric_limits<size_t>::max();
  for (size_t twos = 8; twos < 2 * least + 16; twos *= 2) {
    for (const size_t odd : {1, 3, 5, 9, 15}) {
      if (twos * odd >= least) best = std::min(best, twos * odd);
    }
  }
  return best;
}

/// What the points of a list push one at (x, y) by the near part; all places are in nodes.
LUMIR_VECTORISED Force near_push(const float* xs, const float* ys, size_t n, float at_x, float at_y, float spacing,
                                 float reach) {
  const float square_spacing = spacing * spacing, square_reach = reach * reach, scale = 1 / (square_reach + 1);
  float x = 0, y = 0, closeness = 0;
#pragma omp simd reduction(+ : x, y, closeness)
  for (size_t j = 0; j < n; ++j) {
    const float dx = at_x - xs[j], dy = at_y - ys[j];
    const float square = square_spacing * (dx * dx + dy * dy), near = 1 / (1 + square);
    const float inside = square_reach - square, v = (inside > 0 ? inside : 0.0f) * scale;
    const float weight = v * v * v * near;
    closeness += weight * v;
    x += weight * (4 * scale + v * near) * dx;
    y += weight * (4 * scale + v * near) * dy;
  }
  return {{x * spacing, y * spacing, 0}, closeness};
}

/// A place in nodes from the middle one: the node before it, and the shares of the four about it. In double, as of a
/// place just before a node a float would keep little.
struct Splines {
  ptrdiff_t before;
  double t;
  explicit Splines(float place) : before(static_cast<ptrdiff_t>(std::floor(place))) {
    t = static_cast<double>(place) - static_cast<double>(before);
  }
  void shares(double (&out)[4]) const {
    const double s = 1 - t;
    out[0] = s * s * s / 6;
    out[1] = (4 + t * t * (3 * t - 6)) / 6;
    out[2] = (4 + s * s * (3 * s - 6)) / 6;
    out[3] = t * t * t / 6;
  }
  void slopes(double (&out)[4]) const {
    const double s = 1 - t;
    out[0] = -s * s / 2;
    out[1] = t * (3 * t - 4) / 2;
    out[2] = -s * (3 * s - 4) / 2;
    out[3] = t * t / 2;
  }
};

/// Charges of one at places (x, y) in nodes.
LUMIR_VECTORISED void spread_charges(const float* xs, const float* ys, size_t n, double* middle, ptrdiff_t stride) {
  for (size_t i = 0; i < n; ++i) {
    const Splines along(xs[i]), across(ys[i]);
    double row[4], column[4];
    along.shares(row);
    across.shares(column);
    double* to = middle + (across.before - 1) * stride + along.before - 1;
    for (ptrdiff_t a = 0; a < 4; ++a) {
      for (ptrdiff_t b = 0; b < 4; ++b) to[a * stride + b] += column[a] * row[b];
    }
  }
}

/// The potential and its slopes in nodes at such a place.
struct Potential {
  double value, along, across;
};
[[gnu::always_inline]] inline Potential potential_at(float x, float y, const double* middle, ptrdiff_t stride) {
  const Splines along(x), across(y);
  double row[4], row_slope[4], column[4], column_slope[4];
  along.shares(row);
  along.slopes(row_slope);
  across.shares(column);
  across.slopes(column_slope);
  const double* from = middle + (across.before - 1) * stride + along.before - 1;
  double sum[4] = {}, slope[4] = {};
  for (ptrdiff_t a = 0; a < 4; ++a) {
    for (ptrdiff_t b = 0; b < 4; ++b) {
      sum[b] += column[a] * from[a * stride + b];
      slope[b] += column_slope[a] * from[a * stride + b];
    }
  }
  Potential out{};
  for (size_t b = 0; b < 4; ++b) {
    out.value += row[b] * sum[b];
    out.along += row_slope[b] * sum[b];
    out.across += row[b] * slope[b];
  }
  return out;
}

/// The push of the smooth part on points at places in nodes.
LUMIR_VECTORISED void smooth_pushes(const float* xs, const float* ys, size_t n, const double* middle, ptrdiff_t stride,
                                    float spacing, Force* pushes) {
  for (size_t i = 0; i < n; ++i) {
    const Potential here = potential_at(xs[i], ys[i], middle, stride);
    const double half = -0.5 / static_cast<double>(spacing);
    pushes[i] = {{static_cast<float>(half * here.along), static_cast<float>(half * here.across), 0},
                 static_cast<float>(here.value - 1)};  // less the point itself
  }
}

/// The least and the greatest number; false where one is no number.
LUMIR_VECTORISED bool range_of(const float* numbers, size_t n, float& low, float& high) {
  float least = numbers[0], most = numbers[0], nothing = 0;
#pragma omp simd reduction(min : least) reduction(max : most) reduction(+ : nothing)
  for (size_t i = 0; i < n; ++i) {
    least = numbers[i] < least ? numbers[i] : least;
    most = numbers[i] > most ? numbers[i] : most;
    nothing += numbers[i] - numbers[i];
  }
  low = least;
  high = most;
  return nothing == 0 && std::isfinite(most - least);
}

}  // namespace

PlaneRepulsion::PlaneRepulsion(size_t n) : n_(n), cell_of_(n), who_(n) {
  for (auto& coordinates : sorted_) coordinates.resize(n);
}

bool PlaneRepulsion::suits(const Points& points) {
  if (!measure(points)) return false;
  if (!potential_ || !holds()) {
    const Grid grid = cheapest_grid(points);
    if (grid.spacing == 0) return false;
    if (!potential_ || !(grid == grid_)) set_up(grid);
    planned_ = static_cast<float>(width());
    uses_ = 0;
  }
  ++uses_;
  return true;
}

bool PlaneRepulsion::measure(const Points& points) {
  for (size_t d = 0; d < 2; ++d) {
    float high = 0;
    if (!range_of(points.along(d).data(), n_, low_[d], high)) return false;
    width_[d] = high - low_[d];
  }
  return true;
}

/// Whether the grid takes the box, and is not for a much wider one.
bool PlaneRepulsion::holds() const {
  for (size_t d = 0; d < 2; ++d) {
    if (width_[d] > static_cast<float>(grid_.nodes[d] - kEdge) * grid_.spacing) return false;
  }
  const bool for_wider = planned_ >= static_cast<float>(width()) * kTooMuch;
  return !for_wider && uses_ < kUses;
}

/// Points whose distance from a point is at most 1, as many as there are about it on the average: by counts in squares.
double PlaneRepulsion::neighbours_per_area(const Points& points) const {
  constexpr size_t kSquares = 128;
  std::vector<uint32_t> counts(kSquares * kSquares);
  const double side = std::max<double>(width(), kFinest) / kSquares;
  const auto square_of = [&](size_t i, size_t d) {
    return std::min(static_cast<size_t>((points.along(d)[i] - low_[d]) / side), kSquares - 1);
  };
  for (size_t i = 0; i < n_; ++i) ++counts[square_of(i, 1) * kSquares + square_of(i, 0)];
  double together = 0;
  for (const double count : counts) together += count * count;
  return together / (static_cast<double>(n_) * side * side);
}

/// Its spacing is 0 where the tree is cheaper than every grid.
PlaneRepulsion::Grid PlaneRepulsion::cheapest_grid(const Points& points) const {
  const auto n = static_cast<double>(n_);
  const double density = neighbours_per_area(points);
  Grid best;
  best.cost = kTreeCost * n;
  const auto room = static_cast<float>(kRoom * width());
  const float first = std::clamp(room / (kFewest - kEdge - 1), kFinest, kWhole);
  for (float spacing = first; spacing == first || spacing < room; spacing *= kCoarser) {
    Grid grid;
    grid.spacing = spacing;
    double nodes = 4;  // of the doubled plane
    for (size_t d = 0; d < 2; ++d) {
      const double least = std::ceil(static_cast<double>(kRoom * width_[d] / spacing)) + kEdge;
      if (least > kMost) {
        nodes = std::numeric_limits<double>::infinity();
        break;
      }
      grid.nodes[d] = fast_nodes(std::max(kFewest, static_cast<size_t>(least)));
      nodes *= static_cast<double>(grid.nodes[d]);
    }
    grid.reach = spacing > kWhole ? kReach * spacing : 0;
    const double area = std::pow(5 * kCell * spacing, 2);  // of the cells that are looked through
    const double pairs = grid.reach > 0 ? n * std::min(n, density * area) : 0;
    grid.cost = kNodeCost * nodes * std::log2(nodes) + kPairCost * pairs;
    if (grid.cost < best.cost) best = grid;
  }
  return best;
}

void PlaneRepulsion::set_up(const Grid& grid) {
  grid_ = grid;
  const double reach = grid.reach * grid.reach;
  const auto smooth = [&](size_t i, size_t j) {
    const double square = static_cast<double>(i * i + j * j) * grid.spacing * grid.spacing;
    const double v = std::max((reach - square) / (reach + 1), 0.0);
    return (1 - v * v * v * v) / (1 + square);
  };
  const auto sharpen = [](double frequency) {  // a spline spreads a charge, and another one reads it
    const double spline = (2 + std::cos(frequency)) / 3;
    return 1 / (spline * spline);
  };
  potential_.emplace(grid.nodes[1], grid.nodes[0], smooth, sharpen);
  for (size_t d = 0; d < 2; ++d) {
    cells_[d] = static_cast<size_t>(static_cast<float>(grid.nodes[d] - kEdge) / kCell) + 1;
  }
  begin_.assign(cells_[0] * cells_[1] + 1, 0);
}

/// By cells, row by row of these; their places are then in nodes from the middle one, which lies in the middle of all
/// points: what a crowd narrower than the spacing would do to itself by the error of splines is 0 there, and however
/// narrow it is, its places keep their digits. The way from the lowest point is rounded to no more than the box's width
/// wherever the box lies, so that no spline reaches beyond the grid.
void PlaneRepulsion::sort_points(const Points& points) {
  const float scale = 1 / grid_.spacing;
  const auto place_along = [&](size_t i, size_t d) { return (points.along(d)[i] - low_[d] - width_[d] / 2) * scale; };
  const auto cell_along = [&](size_t i, size_t d) {
    const float from_first = place_along(i, d) + static_cast<float>(grid_.nodes[d] / 2 - 2);
    return std::min(static_cast<size_t>(std::max(from_first, 0.0f) / kCell), cells_[d] - 1);
  };
  std::fill(begin_.begin(), begin_.end(), 0);
  for (size_t i = 0; i < n_; ++i) {
    cell_of_[i] = static_cast<uint32_t>(cell_along(i, 1) * cells_[0] + cell_along(i, 0));
    ++begin_[cell_of_[i]];
  }
  size_t sum = 0;
  for (size_t& begin : begin_) begin = std::exchange(sum, sum + begin);
  for (size_t i = 0; i < n_; ++i) {
    const size_t to = begin_[cell_of_[i]]++;
    who_[to] = static_cast<uint32_t>(i);
    for (size_t d = 0; d < 2; ++d) sorted_[d][to] = place_along(i, d);
  }
  for (size_t c = begin_.size() - 1; c > 0; --c) begin_[c] = begin_[c - 1];
  begin_[0] = 0;
}

void PlaneRepulsion::find(const Points& points, std::vector<Force>& pushes) {
  sort_points(points);
  spread();
  potential_->run();
  parallel_for((n_ + kPoints - 1) / kPoints,
               [&](size_t piece) { push_some(piece * kPoints, std::min((piece + 1) * kPoints, n_), pushes); });
  // all forces together are 0; what is left of them is an error that a narrow crowd has in common
  for (size_t d = 0; d < 2; ++d) {
    double sum = 0;
    for (const Force& push : pushes) sum += push.along[d];
    const auto mean = static_cast<float>(sum / static_cast<double>(n_));
    for (Force& push : pushes) push.along[d] -= mean;
  }
}

/// Rows of cells at a time: first every second lot of them, then those between, which share nodes with the first.
void PlaneRepulsion::spread() {
  potential_->clear();
  double* const middle = potential_->row(grid_.nodes[1] / 2 - 1) + grid_.nodes[0] / 2 - 1;
  const size_t lots = (cells_[1] + kStrips - 1) / kStrips;
  for (const size_t odd : {0, 1}) {
    parallel_for((lots + 1 - odd) / 2, [&](size_t pair) {
      const size_t first = (2 * pair + odd) * kStrips, last = std::min(first + kStrips, cells_[1]);
      const size_t begin = begin_[first * cells_[0]], end = begin_[last * cells_[0]];
      spread_charges(sorted_[0].data() + begin, sorted_[1].data() + begin, end - begin, middle,
                     static_cast<ptrdiff_t>(potential_->stride()));
    });
  }
}

void PlaneRepulsion::push_some(size_t begin, size_t end, std::vector<Force>& pushes) const {
  const double* const middle = potential_->row(grid_.nodes[1] / 2 - 1) + grid_.nodes[0] / 2 - 1;
  std::array<Force, kPoints> smooth;
  smooth_pushes(sorted_[0].data() + begin, sorted_[1].data() + begin, end - begin, middle,
                static_cast<ptrdiff_t>(potential_->stride()), grid_.spacing, smooth.data());
  Near near;
  size_t cell = static_cast<size_t>(std::upper_bound(begin_.begin(), begin_.end(), begin) - begin_.begin()) - 1;
  for (size_t i = begin; i < end; ++i) {
    if (i == begin || i == begin_[cell + 1]) {
      while (i >= begin_[cell + 1]) ++cell;
      if (grid_.reach > 0) list_near(cell, near);
    }
    Force push = smooth[i - begin];
    if (grid_.reach > 0) {
      const Force by_near = near_push(near.x.data(), near.y.data(), near.x.size(), sorted_[0][i], sorted_[1][i],
                                      grid_.spacing, grid_.reach);
      for (size_t d = 0; d < 2; ++d) push.along[d] += by_near.along[d];
      push.closeness += by_near.closeness;
    }
    pushes[who_[i]] = push;
  }
}

/// The points of the cells within R of a cell.
void PlaneRepulsion::list_near(size_t cell, Near& near) const {
  constexpr size_t kCells = 2;
  const size_t along = cell % cells_[0], across = cell / cells_[0];
  const size_t left = along - std::min(along, kCells), right = std::min(along + kCells, cells_[0] - 1);
  const size_t top = across - std::min(across, kCells), bottom = std::min(across + kCells, cells_[1] - 1);
  near.x.clear();
  near.y.clear();
  for (size_t row = top; row <= bottom; ++row) {
    const auto begin = static_cast<ptrdiff_t>(begin_[row * cells_[0] + left]);
    const auto end = static_cast<ptrdiff_t>(begin_[row * cells_[0] + right + 1]);
    near.x.insert(near.x.end(), sorted_[0].begin() + begin, sorted_[0].begin() + end);
    near.y.insert(near.y.end(), sorted_[1].begin() + begin, sorted_[1].begin() + end);
  }
  const size_t padded = (near.x.size() + kLanes - 1) / kLanes * kLanes;
  near.x.resize(padded, kNowhere);
  near.y.resize(padded, kNowhere);
}

}  // namespace lumir::learn
