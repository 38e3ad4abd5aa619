// What a recurrent cell does with the sums of its gates, and the derivatives of that, a register of units at a time.
// Included by kernels only.

#pragma once

#include <cstdint>
#include <utility>

#include "nn/recurrent_kernels.h"
#include "nn/registers.h"
#include "nn/tiles.h"

namespace lumir::nn {

template <class V>
inline V sigmoid(V x) {
  return 1 / (1 + exp(-x));
}
/// Within 1.2e-7 of the value in floats, not relative to it: near zero as exact as 1 is.
template <class V>
inline V tanh(V x) {
  return 2 / (1 + exp(-2 * x)) - 1;
}

/// A register of units before a frame: what the step starts from.
template <class V>
struct Before {
  V h, c;
};

// A cell: `Hidden` and `Input` say which sums the gates' products with h and x go into, in the order of the weights' rows.
// forward makes h and c of the sums and notes in `kept` what backward needs. backward is given the derivatives by h and c
// and leaves in them those by what was before, as far as they take no way through weights; `sums` are those by the sums.

struct LstmCell {
  using Hidden = Columns<0, 1, 2, 3>;
  using Input = Hidden;
  static constexpr Cell kCell = Cell::lstm;

  template <class V>
  static void forward(const V (&sums)[4], V& h, V& c, V (&kept)[5]) {
    const V input = sigmoid(sums[0]), forget = sigmoid(sums[1]), news = tanh(sums[2]), output = sigmoid(sums[3]);
    c = forget * c + input * news;
    h = output * tanh(c);
    kept[0] = input, kept[1] = forget, kept[2] = news, kept[3] = output, kept[4] = c;
  }
  template <class V>
  static void backward(const V (&kept)[5], const Before<V>& before, V& dh, V& dc, V (&sums)[4]) {
    const V input = kept[0], forget = kept[1], news = kept[2], output = kept[3], bent = tanh(kept[4]);
    dc += dh * output * (1 - bent * bent);
    sums[0] = dc * news * input * (1 - input);
    sums[1] = dc * before.c * forget * (1 - forget);
    sums[2] = dc * input * (1 - news * news);
    sums[3] = dh * bent * output * (1 - output);
    dc *= forget;
    dh = V{};
  }
};

/// The candidate's product with h has a sum of its own, which the reset gate scales.
struct GruCell {
  using Hidden = Columns<0, 1, 2>;
  using Input = Columns<0, 1, 3>;
  static constexpr Cell kCell = Cell::gru;

  template <class V>
  static void forward(const V (&sums)[4], V& h, V&, V (&kept)[4]) {
    const V reset = sigmoid(sums[0]), update = sigmoid(sums[1]), news = tanh(sums[3] + reset * sums[2]);
    h = news + update * (h - news);
    kept[0] = reset, kept[1] = update, kept[2] = news, kept[3] = sums[2];
  }
  template <class V>
  static void backward(const V (&kept)[4], const Before<V>& before, V& dh, V&, V (&sums)[4]) {
    const V reset = kept[0], update = kept[1], news = kept[2];
    sums[3] = dh * (1 - update) * (1 - news * news);
    sums[2] = sums[3] * reset;
    sums[1] = dh * (before.h - news) * update * (1 - update);
    sums[0] = sums[3] * kept[3] * reset * (1 - reset);
    dh *= update;
  }
};

template <Cell cell>
struct RnnCell {
  using Hidden = Columns<0>;
  using Input = Hidden;
  static constexpr Cell kCell = cell;

  template <class V>
  static void forward(const V (&sums)[1], V& h, V&, V (&kept)[1]) {
    if constexpr (cell == Cell::rnn_tanh) {
      h = tanh(sums[0]);
    } else {
      h = sums[0] < 0 ? V{} : sums[0];
    }
    kept[0] = h;
  }
  template <class V>
  static void backward(const V (&kept)[1], const Before<V>&, V& dh, V&, V (&sums)[1]) {
    if constexpr (cell == Cell::rnn_tanh) {
      sums[0] = dh * (1 - kept[0] * kept[0]);
    } else {
      sums[0] = kept[0] > 0 ? dh : V{};
    }
    dh = V{};
  }
};

}  // namespace lumir::nn
