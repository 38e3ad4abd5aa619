// The way through time of a few sequences, and back.
//
// Where the time goes, CPU ms of one thread, AMD EPYC (Zen 4, AVX-512, 84 GFLOP/s a core at most), 64 units on 32 sequences
// of 1300 frames; in brackets GFLOP/s:
//
//   inputs          LSTM                 GRU                  RNN
//            forward     back     forward     back     forward     back
//     13    29 (57)   40 (76)    19 (66)   33 (69)    6 (72)   13 (58)
//     64    39 (70)   66 (83)    25 (82)   53 (78)    9 (78)   22 (62)
//
// So the way back is at the arithmetic's limit, and forward is but for the cells: five exponentials and divisions for each
// unit of an LSTM, a third of its way over the first layer.
//
// Tried for how many sequences make a tile forward (LSTM; GRU, 64 inputs): one 43.6; 35.7 ms, two 41.3; 34.1, four
// 39.2; 24.4, six 39.8; 27.2: four. Not tried: products with x ahead, in one call of BLAS, as LibTorch has them. They would
// write and read 42 MB more a layer, and depend on threads.

#include "nn/recurrent_kernels.h"

#include <cstring>
#include <vector>

#include "nn/recurrent_cells.h"
#include "nn/tiles.h"
#include "signal/aligned.h"
#include "signal/kernel.h"

namespace lumir::nn {
namespace {

template <class T>
using Numbers = std::vector<T, signal::AlignedAllocator<T>>;

/// Rows that a product works on at once: as many as have registers for their sums.
constexpr int rows_for(int sums) { return sums == 1 ? 8 : signal::kLanes == 16 ? 4 : 2; }

/// Columns of panels that products on the way back work on at once, in registers.
constexpr int kColumns = 2;

/// Calls body(tile, first row, first column) for all tiles of a product, columns in whole registers.
template <class T, int rows, class Body>
[[gnu::always_inline]] inline void in_tiles(int64_t height, int64_t width, Body body) {
  const auto of_columns = [&](auto columns, int64_t column) __attribute__((always_inline)) {
    in_blocks<rows>(
        height, [&](auto several, int64_t row) __attribute__((always_inline)) {
          body(Tile<T, decltype(several)::value, decltype(columns)::value>(), row, column);
        });
  };
  int64_t column = 0;
  for (; column + kColumns * kWide<T> <= width; column += kColumns * kWide<T>) {
    of_columns(std::integral_constant<int, kColumns>(), column);
  }
  for (; column < width; column += kWide<T>) of_columns(std::integral_constant<int, 1>(), column);
}

/// Weights of gates in the forward order: for each register of units the biases of its sums, then for each number of h,
/// then of x, a register of every gate.
template <class T>
void pack_forward(const Direction<T>& layer, T* packed) {
  const CellSizes sizes = sizes_of(layer.cell);
  const auto put = [&](const T* weights, int64_t columns, int64_t unit) {
    for (int64_t k = 0; k < columns; ++k) {
      for (int64_t gate = 0; gate < sizes.gates; ++gate) {
        for (int64_t i = unit; i < unit + kWide<T>; ++i) {
          *packed++ = i < layer.hidden ? weights[(gate * layer.hidden + i) * columns + k] : 0;
        }
      }
    }
  };
  const auto bias = [&](const T* of, int64_t gate, int64_t i) {
    return of && i < layer.hidden ? of[gate * layer.hidden + i] : 0;
  };
  const bool apart = sizes.gradients > sizes.gates;  // the last gate has two sums, one by h and one by x
  for (int64_t unit = 0; unit < layer.width(); unit += kWide<T>) {
    for (int64_t block = 0; block < sizes.gradients; ++block) {
      const bool by_h = !apart || block + 1 < sizes.gradients, by_x = !apart || block + 2 != sizes.gradients;
      const int64_t gate = std::min<int64_t>(block, sizes.gates - 1);
      for (int64_t i = unit; i < unit + kWide<T>; ++i) {
        *packed++ = (by_h ? bias(layer.bias_hh, gate, i) : 0) + (by_x ? bias(layer.bias_ih, gate, i) : 0);
      }
    }
    put(layer.weight_hh, layer.hidden, unit);
    put(layer.weight_ih, layer.inputs, unit);
  }
}

/// The same weights in the order of the way back: panels of columns, first those of h, then of x; down a panel go the units
/// of every gate.
template <class T>
void pack_back(const Direction<T>& layer, T* packed) {
  const int64_t gates = sizes_of(layer.cell).gates;
  const auto put = [&](const T* weights, int64_t columns) {
    const int64_t registers = Direction<T>::padded(columns) / kWide<T>;
    for (int64_t first = 0; first < registers; first += kColumns) {
      const int64_t begin = first * kWide<T>, end = std::min<int64_t>(registers, first + kColumns) * kWide<T>;
      for (int64_t row = 0; row < gates * layer.width(); ++row) {
        const int64_t gate = row / layer.width(), unit = row % layer.width();
        for (int64_t k = begin; k < end; ++k) {
          const bool there = unit < layer.hidden && k < columns;
          *packed++ = there ? weights[(gate * layer.hidden + unit) * columns + k] : 0;
        }
      }
    }
  };
  put(layer.weight_hh, layer.hidden);
  put(layer.weight_ih, layer.inputs);
}

template <class T>
void pack(const Direction<T>& layer, T* packed, bool back) {
  back ? pack_back(layer, packed) : pack_forward(layer, packed);
}

/// What both ways know of a piece.
template <class T, class Cell>
class Way {
 protected:
  static constexpr CellSizes kSizes = sizes_of(Cell::kCell);
  using V = Register<T>;

  Way(const Direction<T>& layer, const Piece& piece)
      : layer_(layer), piece_(piece), width_(layer.width()), count_(piece.last - piece.first) {}

  int64_t frames() const { return layer_.frames.count; }
  /// The frame that the layer hears as its n-th.
  int64_t frame(int64_t n) const { return layer_.reverse ? frames() - 1 - n : n; }
  /// Sequences of the piece that have a frame.
  int64_t active(int64_t t) const { return std::min(piece_.last, layer_.frames.batch[t]) - piece_.first; }
  int64_t row(int64_t t, int64_t b) const { return layer_.frames.starts[t] + (piece_.first + b) * layer_.frames.step; }

  /// States of the piece's sequences, padded; zeros where there are none.
  Numbers<T> padded(const T* states) const {
    Numbers<T> all(count_ * width_, T(0));
    for (int64_t b = 0; states && b < count_; ++b) copy(states + (piece_.first + b) * layer_.hidden, &all[b * width_]);
    return all;
  }
  void put(const Numbers<T>& states, T* into) const {
    for (int64_t b = 0; into && b < count_; ++b) copy(&states[b * width_], into + (piece_.first + b) * layer_.hidden);
  }
  void copy(const T* from, T* into) const { std::copy(from, from + layer_.hidden, into); }

  const Direction<T>& layer_;
  const Piece piece_;
  const int64_t width_, count_;
};

template <class T, class Cell>
class Forward : Way<T, Cell> {
 public:
  Forward(const Direction<T>& layer, const Piece& piece)
      : Way<T, Cell>(layer, piece), h_(this->padded(layer.h_first)), next_(h_), c_(this->padded(layer.c_first)) {}

  void run() {
    for (int64_t n = 0; n < frames(); ++n) {
      const int64_t t = frame(n), sequences = active(t);
      if (sequences > 0) step(t, sequences);
    }
    this->put(h_, layer_.h_last);
    this->put(c_, layer_.c_last);
  }

 private:
  using Base = Way<T, Cell>;
  using Base::active, Base::frame, Base::frames, Base::kSizes, Base::layer_, Base::row, Base::width_;
  using typename Base::V;

  void step(int64_t t, int64_t sequences) {
    const T* packed = layer_.packed;
    for (int64_t unit = 0; unit < width_; unit += kWide<T>) {
      in_blocks<rows_for(kSizes.gradients)>(sequences, [&](auto rows, int64_t b) { units<rows>(t, b, unit, packed); });
      packed += kWide<T> * (kSizes.gradients + kSizes.gates * (layer_.hidden + layer_.inputs));
    }
    std::copy(next_.begin(), next_.begin() + sequences * width_, h_.begin());
    for (int64_t b = 0; b < sequences; ++b) this->copy(&h_[b * width_], layer_.y + row(t, b) * layer_.y_step);
  }

  /// A register of units of some sequences beside each other, by their part of the weights.
  template <int rows>
  void units(int64_t t, int64_t b, int64_t unit, const T* packed) {
    Tile<T, rows, kSizes.gradients> tile;
    tile.load(packed, 0);
    packed += kWide<T> * kSizes.gradients;
    constexpr int64_t gates = kWide<T> * kSizes.gates;
    tile.multiply(typename Cell::Hidden(), {&h_[b * width_], width_, 1}, packed, gates, layer_.hidden);
    const int64_t inputs = layer_.inputs;
    tile.multiply(typename Cell::Input(), {layer_.x + row(t, b) * inputs, layer_.frames.step * inputs, 1},
                  packed + gates * layer_.hidden, gates, inputs);
    unrolled<rows>([&](auto r) __attribute__((always_inline)) { finish(tile.sums[r], t, b + r, unit); });
  }

  [[gnu::always_inline]] inline void finish(const V (&sums)[kSizes.gradients], int64_t t, int64_t b, int64_t unit) {
    const int64_t place = b * width_ + unit;
    V h = signal::load(&h_[place]), c = signal::load(&c_[place]), kept[kSizes.kept];
    Cell::forward(sums, h, c, kept);
    signal::store(&next_[place], h);
    signal::store(&c_[place], c);
    if (!layer_.kept) return;
    T* into = layer_.kept + row(t, b) * kSizes.kept * width_ + unit;
    unrolled<kSizes.kept>([&](auto i) __attribute__((always_inline)) { signal::store(into + i * width_, kept[i]); });
  }

  Numbers<T> h_, next_, c_;  // of each sequence
};

/// The way back. Derivatives by the sums of some frames wait beside what those frames heard, until they make one product:
/// their part of the weights' gradients.
template <class T, class Cell>
class Back : Way<T, Cell> {
 public:
  Back(const Direction<T>& layer, const Derivatives<T>& derivatives, const Piece& piece)
      : Base(layer, piece),
        by_(derivatives),
        h_first_(this->padded(layer.h_first)),
        c_first_(this->padded(layer.c_first)),
        dh_(this->padded(derivatives.h_last)),
        dc_(this->padded(derivatives.c_last)),
        room_(std::max<int64_t>(kWaiting, count_)),
        sums_(room_ * kSums * width_, T(0)),
        heard_(room_ * layer.heard(), T(0)) {}

  void run() {
    for (int64_t n = frames() - 1; n >= 0; --n) {
      const int64_t t = frame(n), sequences = active(t);
      if (sequences <= 0) continue;
      if (waiting_ + sequences > room_) add_weights();
      for (int64_t b = 0; b < sequences; ++b) through_cell(t, n, b);
      through_weights(t, sequences);
      waiting_ += sequences;
    }
    add_weights();
    this->put(dh_, by_.h_first);
    this->put(dc_, by_.c_first);
  }

 private:
  using Base = Way<T, Cell>;
  using Base::active, Base::frame, Base::frames, Base::kSizes, Base::layer_, Base::row, Base::width_, Base::count_;
  using typename Base::V;
  static constexpr int64_t kWaiting = 128;  // rows: what they take stays in the second cache
  static constexpr int64_t kSums = kSizes.gradients;
  static constexpr bool kApart = kSums > kSizes.gates;  // the last gate has two sums, one by h and one by x

  T* sums_of(int64_t waiting) { return &sums_[waiting * kSums * width_]; }
  T* heard_by(int64_t waiting) { return &heard_[waiting * layer_.heard()]; }
  int64_t inputs_width() const { return Direction<T>::padded(layer_.inputs + 1); }

  /// The row of the frame that was heard before; -1 for a first one.
  int64_t row_before(int64_t t, int64_t n, int64_t b) const {
    const int64_t before = layer_.reverse ? t + 1 : t - 1;
    if (n == 0 || active(before) <= b) return -1;
    return row(before, b);
  }

  void through_cell(int64_t t, int64_t n, int64_t b) {
    const int64_t at = row(t, b), before = row_before(t, n, b);
    T* heard = heard_by(waiting_ + b);
    std::copy(layer_.x + at * layer_.inputs, layer_.x + (at + 1) * layer_.inputs, heard);
    heard[layer_.inputs] = 1;
    T* h_before = heard + inputs_width();
    this->copy(before < 0 ? &h_first_[b * width_] : layer_.y + before * layer_.y_step, h_before);
    const T* c_before = &c_first_[b * width_];
    if (before >= 0) c_before = kept(before) + (kSizes.kept - 1) * width_;
    T *dh = &dh_[b * width_], *dc = &dc_[b * width_], *sums = sums_of(waiting_ + b);
    const T* dy = by_.y + at * layer_.y_step;
    for (int64_t i = 0; i < layer_.hidden; ++i) dh[i] += dy[i];
    for (int64_t unit = 0; unit < width_; unit += kWide<T>) {
      const Before<V> state{signal::load(h_before + unit), signal::load(c_before + unit)};
      through_units(kept(at) + unit, state, dh + unit, dc + unit, sums + unit);
    }
  }
  const T* kept(int64_t at) const { return layer_.kept + at * kSizes.kept * width_; }

  void through_units(const T* kept_here, const Before<V>& before, T* dh_here, T* dc_here, T* sums_here) {
    V dh = signal::load(dh_here), dc = signal::load(dc_here), values[kSizes.kept], sums[kSizes.gradients];
    unrolled<kSizes.kept>([&](auto i)
                              __attribute__((always_inline)) { values[i] = signal::load(kept_here + i * width_); });
    Cell::backward(values, before, dh, dc, sums);
    signal::store(dh_here, dh);
    signal::store(dc_here, dc);
    unrolled<kSizes.gradients>([&](auto i)
                                   __attribute__((always_inline)) { signal::store(sums_here + i * width_, sums[i]); });
  }

  /// From the sums of frame t on to what was heard: h of the frame before, and x.
  void through_weights(int64_t t, int64_t sequences) {
    const int64_t gates = kSizes.gates * width_;
    in_tiles<T, 4>(sequences, width_, [&](auto tile, int64_t b, int64_t column) {
      T* into = &dh_[b * width_ + column];
      tile.load(into, width_);
      tile.multiply(tile.all(), waiting_sums(b, 0), layer_.packed + column * gates, tile.wide(), gates);
      tile.store(into, width_);
    });
    if (by_.x) to_inputs(t, sequences);
  }

  void to_inputs(int64_t t, int64_t sequences) {
    constexpr int64_t shared = kApart ? kSizes.gates - 1 : kSizes.gates;
    const int64_t gates = kSizes.gates * width_, inputs = layer_.inputs;
    const T* packed = layer_.packed + gates * width_;
    in_tiles<T, 4>(sequences, Direction<T>::padded(inputs), [&](auto tile, int64_t b, int64_t column) {
      const T* panel = packed + column * gates;
      tile.multiply(tile.all(), waiting_sums(b, 0), panel, tile.wide(), shared * width_);
      if (kApart) {
        panel += shared * width_ * tile.wide();
        tile.multiply(tile.all(), waiting_sums(b, shared + 1), panel, tile.wide(), width_);
      }
      alignas(64) T numbers[tile.size()];
      tile.store(numbers, tile.wide());
      for (int64_t r = 0; r < tile.height(); ++r) {
        const T* from = numbers + r * tile.wide();
        std::copy(from, from + std::clamp<int64_t>(inputs - column, 0, tile.wide()),
                  by_.x + row(t, b + r) * inputs + column);
      }
    });
  }

  /// The sums of sequence b and those that follow, from a block on, in the frame that has come last.
  Strided<T> waiting_sums(int64_t b, int64_t block) {
    return {sums_of(waiting_ + b) + block * width_, kSums * width_, 1};
  }

  void add_weights() {
    const int64_t all = layer_.heard(), inputs = inputs_width();
    const int64_t one = layer_.inputs / kWide<T> * kWide<T>;  // the register that holds the one for the bias
    for (int64_t block = 0; block < kSums; ++block) {
      const bool only_h = kApart && block + 2 == kSums, only_x = kApart && block + 1 == kSums;
      add_block(block, only_h ? one : 0, only_x ? inputs : all);
    }
    waiting_ = 0;
  }

  void add_block(int64_t block, int64_t begin, int64_t end) {
    const int64_t step = layer_.heard();
    in_tiles<T, 4>(width_, end - begin, [&](auto tile, int64_t unit, int64_t column) {
      T* into = by_.weights + (block * width_ + unit) * step + begin + column;
      tile.load(into, step);
      tile.multiply(tile.all(), {&sums_[block * width_ + unit], 1, kSums * width_}, &heard_[begin + column], step,
                    waiting_);
      tile.store(into, step);
    });
  }

  const Derivatives<T>& by_;
  const Numbers<T> h_first_, c_first_;
  Numbers<T> dh_, dc_;  // of each sequence
  const int64_t room_;
  int64_t waiting_ = 0;      // rows
  Numbers<T> sums_, heard_;  // of the rows that wait
};

/// Calls body with a cell.
template <class Body>
void with_cell(Cell cell, Body body) {
  if (cell == Cell::lstm) body(LstmCell());
  if (cell == Cell::gru) body(GruCell());
  if (cell == Cell::rnn_tanh) body(RnnCell<Cell::rnn_tanh>());
  if (cell == Cell::rnn_relu) body(RnnCell<Cell::rnn_relu>());
}

template <class T>
void run(const Direction<T>& layer, const Piece& piece) {
  with_cell(layer.cell, [&](auto cell) { Forward<T, decltype(cell)>(layer, piece).run(); });
}
template <class T>
void run_back(const Direction<T>& layer, const Derivatives<T>& derivatives, const Piece& piece) {
  with_cell(layer.cell, [&](auto cell) { Back<T, decltype(cell)>(layer, derivatives, piece).run(); });
}

}  // namespace

void pack_floats(const Direction<float>& layer, float* packed, bool back) { pack(layer, packed, back); }
void pack_doubles(const Direction<double>& layer, double* packed, bool back) { pack(layer, packed, back); }
void run_floats(const Direction<float>& layer, const Piece& piece) { run(layer, piece); }
void run_doubles(const Direction<double>& layer, const Piece& piece) { run(layer, piece); }
void run_floats_back(const Direction<float>& layer, const Derivatives<float>& derivatives, const Piece& piece) {
  run_back(layer, derivatives, piece);
}
void run_doubles_back(const Direction<double>& layer, const Derivatives<double>& derivatives, const Piece& piece) {
  run_back(layer, derivatives, piece);
}
LUMIR_KERNEL(pack_floats);
LUMIR_KERNEL(pack_doubles);
LUMIR_KERNEL(run_floats);
LUMIR_KERNEL(run_doubles);
LUMIR_KERNEL(run_floats_back);
LUMIR_KERNEL(run_doubles_back);

}  // namespace lumir::nn
