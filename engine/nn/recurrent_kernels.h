// Kernels of recurrent layers: all frames of some sequences at once, forward and back, for each processor level.
//
// A layer's step through time is a small product, and an operator for each costs more than the arithmetic. Here a piece of
// work (a few sequences of one direction) goes through time by itself: weights are laid out once in the order in which they
// are read, products of h and of x run into the same registers, the cell follows at once, and the way back adds up the
// gradients of the weights from frames that are still in the cache.
//
// Pieces are the same whatever the number of threads is, and each number is summed in one order: results do not depend on
// threads. They differ between processor levels in their last digits.

#pragma once

#include <algorithm>
#include <cstdint>

namespace lumir::nn {

enum class Cell { lstm, gru, rnn_tanh, rnn_relu };

/// Where the frames of a batch lie: frame t of sequence b is row `starts[t] + b * step` of every tensor of rows.
struct Frames {
  int64_t count = 0;                // of the longest sequence
  const int64_t* starts = nullptr;  // the row of each frame of the first sequence
  const int64_t* batch = nullptr;   // how many sequences have each frame: the longest stand first
  int64_t step = 1;
};

/// What sizes follow from the cell. A block is a number for each unit of the state.
struct CellSizes {
  int gates;      // blocks of rows in the weights
  int gradients;  // blocks of derivatives before the nonlinearities: a GRU's candidate has one by h and one by x
  int kept;       // blocks that the way back needs
};
constexpr CellSizes sizes_of(Cell cell) {
  if (cell == Cell::lstm) return {4, 4, 5};
  if (cell == Cell::gru) return {3, 4, 4};
  return {1, 1, 1};
}

/// One direction of a layer; T is float or double. Blocks are padded with zeros to `width` numbers.
template <class T>
struct Direction {
  Cell cell{};
  int64_t inputs = 0, hidden = 0;
  bool reverse = false;  // hears each sequence from its end
  Frames frames;
  const T *weight_ih = nullptr, *weight_hh = nullptr;  // [gates * hidden, inputs or hidden]
  const T *bias_ih = nullptr, *bias_hh = nullptr;      // [gates * hidden]; null: none
  const T* packed = nullptr;                           // what pack made of them, for the way that is gone
  const T* x = nullptr;                                // [rows, inputs]
  const T *h_first = nullptr, *c_first = nullptr;      // [sequences, hidden]
  T* y = nullptr;                                      // [rows, y_step]: the first `hidden` numbers of each
  int64_t y_step = 0;
  T *h_last = nullptr, *c_last = nullptr;  // [sequences, hidden]
  T* kept = nullptr;                       // [rows, kept blocks, width]; null: there is no way back

  static constexpr int64_t padded(int64_t numbers) {
    constexpr int64_t line = 64 / static_cast<int64_t>(sizeof(T));  // the widest register: the same at every level
    return (numbers + line - 1) / line * line;
  }
  int64_t width() const { return padded(hidden); }
  /// Numbers beside each other that weights are multiplied with: x, a one for the bias, padding; h, padding.
  int64_t heard() const { return padded(inputs + 1) + width(); }
  /// Numbers that pack writes, for the way forward or back.
  int64_t packed_size(bool back) const {
    const CellSizes sizes = sizes_of(cell);
    if (back) return sizes.gates * width() * (width() + padded(inputs));
    return width() * (sizes.gradients + sizes.gates * (hidden + inputs));
  }
};

/// Derivatives by what came out, and room for those by what went in.
template <class T>
struct Derivatives {
  const T* y = nullptr;                          // [rows, y_step]
  const T *h_last = nullptr, *c_last = nullptr;  // [sequences, hidden]
  T* x = nullptr;                                // [rows, inputs]; null: not wanted
  T *h_first = nullptr, *c_first = nullptr;      // [sequences, hidden]
  T* weights = nullptr;  // of a piece: zeros at first, [gradient blocks, width, heard], see Direction::heard
};

/// Some of the sequences.
struct Piece {
  int64_t first = 0, last = 0;
};

void pack_floats(const Direction<float>& layer, float* packed, bool back);
void pack_doubles(const Direction<double>& layer, double* packed, bool back);
void run_floats(const Direction<float>& layer, const Piece& piece);
void run_doubles(const Direction<double>& layer, const Piece& piece);
void run_floats_back(const Direction<float>& layer, const Derivatives<float>& derivatives, const Piece& piece);
void run_doubles_back(const Direction<double>& layer, const Derivatives<double>& derivatives, const Piece& piece);

}  // namespace lumir::nn
