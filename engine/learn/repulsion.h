// How the points of an embedding push each other away, by Student's kernel of one degree of freedom.
//
// Few points are gone through pair by pair. Many points of the plane push by near pairs and a grid (plane_repulsion.h).
// In other dimensions, and where points of the plane lie too far apart for a grid, cells of a tree stand for the points
// in them wherever they are far away (Barnes and Hut, 1986; van der Maaten, Accelerating t-SNE using tree-based
// algorithms, 2014). All points of a leaf share one walk through the tree (Barnes, A modified tree code, 1990): what it
// finds is one list, which vector loops go through for each of them. So the work grows with n log n, and nothing
// depends on the number of threads.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "learn/plane_repulsion.h"
#include "learn/points.h"

namespace lumir::learn {

class Repulsion {
 public:
  /// Of so many points in 1, 2 or 3 dimensions.
  Repulsion(size_t n, size_t dimensions);
  /// What all others do to each point.
  void find(const Points& points, std::vector<Force>& pushes);
  /// The same pair by pair, however many there are.
  void find_by_pairs(const Points& points, std::vector<Force>& pushes);
  /// The points along a curve on which neighbours mostly stay beside each other.
  std::vector<size_t> along_curve(const Points& points);

 private:
  /// A part of the sorted points: a cell of the tree.
  struct Cell {
    std::array<float, 3> low{}, high{}, middle{};
    float width = 0;
    size_t begin = 0, end = 0;
    size_t next = 0;  // the cell that follows where this one's inside is not looked at
    bool leaf = true;
  };
  /// What pushes: points, or the middles of cells with as many points as they have.
  struct Sources {
    std::array<std::vector<float>, 3> along;
    std::vector<float> weight;
    void clear();
  };

  void find_by_tree(const Points& points, std::vector<Force>& pushes);
  void sort_points(const Points& points);
  void build(size_t begin, size_t end, int bit);
  void measure(Cell& cell) const;
  void list_sources(const Cell& leaf, Sources& sources) const;
  Force push(const Sources& sources, const std::array<float, 3>& at) const;

  size_t n_;
  size_t dimensions_;
  std::optional<PlaneRepulsion> plane_;
  std::vector<uint64_t> keys_, spare_keys_;  // place on a curve that fills the space, and which point
  Sources sorted_;                           // all points in that order
  std::vector<Cell> cells_;                  // parents before their children
  std::vector<size_t> leaves_;
};

}  // namespace lumir::learn
