// Channels of a place beside each other, and back.

#include "nn/layout.h"

#include <utility>

namespace lumir::nn {
namespace {

constexpr auto kRowsOfChannels = at::MemoryFormat::ChannelsLast;
thread_local bool on = false;

}  // namespace

Layout::Layout(bool lays_out) : before_(std::exchange(on, on || lays_out)) {}
Layout::~Layout() { on = before_; }
bool Layout::is_on() { return on; }

at::Tensor Layout::of(const at::Tensor& x) {
  if (!on || x.dim() != 4) return x;
  at::Tensor rows = x.contiguous(kRowsOfChannels);
  if (rows.size(1) > 1 || rows.stride(1) == 1) return rows;
  // one channel lies both ways, and what the strides say counts
  const int64_t height = rows.size(2), width = rows.size(3);
  return rows.as_strided(rows.sizes(), {height * width, 1, width, 1});
}

at::Tensor Layout::put_back(const at::Tensor& x) {
  return x.dim() == 4 && x.is_contiguous(kRowsOfChannels) ? x.contiguous() : x;
}

}  // namespace lumir::nn
