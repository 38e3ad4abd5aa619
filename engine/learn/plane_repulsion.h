// The push of many points of the plane: near points pair by pair, and all others by their potential on a grid.
//
// The force between two points is minus half the slope of the kernel 1 / (1 + r^2), with r their distance. As in
// Ewald's sums the kernel has two parts: a near one that ends at a radius R, and a smooth one. With
// v = (R^2 - r^2) / (R^2 + 1), not below 0, the near part is v^4 / (1 + r^2); (1 + v + v^2 + v^3) / (R^2 + 1) is left
// inside R, and it has none of the kernel's poles, which would ask for a fine grid. So the spacing of the nodes may be
// as wide as the pairs within R allow. One charge is spread by cubic B-splines and convolved by real Fourier
// transforms; potential and slopes are read back by the same splines (Essmann et al., A smooth particle mesh Ewald
// method, 1995). FIt-SNE (Linderman et al., Fast interpolation-based t-SNE, 2019) has no near part, and convolves four
// charges on a grid several times as fine. Nothing depends on the number of threads.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "learn/points.h"
#include "signal/plane_convolution.h"

namespace lumir::learn {

class PlaneRepulsion {
 public:
  explicit PlaneRepulsion(size_t n);
  /// Whether a grid is worth it for these points: they do not lie too far apart, and are numbers. Makes one that suits.
  bool suits(const Points& points);
  /// What all others do to each point, within about 0.5 %. After suits() of the same points.
  void find(const Points& points, std::vector<Force>& pushes);

 private:
  using Pair = std::array<float, 2>;  // along x and y
  using Counts = std::array<size_t, 2>;
  struct Grid {
    float spacing = 0;
    float reach = 0;  // R; 0 where the nodes are close enough for the whole kernel
    Counts nodes{};
    double cost = 0;  // in nanoseconds
    bool operator==(const Grid& other) const { return spacing == other.spacing && nodes == other.nodes; }
  };
  /// What pushes the points of a cell by the kernel's near part.
  struct Near {
    std::vector<float> x, y;
  };

  bool measure(const Points& points);
  double width() const { return std::max(width_[0], width_[1]); }
  bool holds() const;
  Grid cheapest_grid(const Points& points) const;
  double neighbours_per_area(const Points& points) const;
  void set_up(const Grid& grid);
  void sort_points(const Points& points);
  void spread();
  void list_near(size_t cell, Near& near) const;
  void push_some(size_t begin, size_t end, std::vector<Force>& pushes) const;

  size_t n_;
  Pair low_{}, width_{};  // of the box around all points
  std::optional<signal::PlaneConvolution> potential_;
  Grid grid_;
  float planned_ = 0;                    // the box's width when the grid was chosen
  int uses_ = 0;                         // since then
  Counts cells_{};                       // along x and y
  std::vector<uint32_t> cell_of_, who_;  // of each point; of each of the sorted ones
  std::vector<size_t> begin_;            // of each cell in the sorted points, and of one more
  std::array<std::vector<float>, 2> sorted_;
};

}  // namespace lumir::learn
