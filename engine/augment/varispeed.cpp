// libsamplerate with a ratio of its own for each short block.

#include "augment/varispeed.h"

#include <algorithm>
#include <memory>

#include <samplerate.h>

#include "core/error.h"
#include "core/interrupt.h"

namespace lumir::augment {
namespace {

constexpr long kBlock = 64;  // samples for which the ratio glides in a straight line

struct Free {
  void operator()(SRC_STATE* state) const { src_delete(state); }
};

std::unique_ptr<SRC_STATE, Free> make_converter() {
  int problem = 0;
  std::unique_ptr<SRC_STATE, Free> state(src_new(SRC_SINC_FASTEST, 1, &problem));
  if (!state) throw Error(std::string("speed: ") + src_strerror(problem));
  return state;
}

}  // namespace

Floats varispeed(std::span<const float> in, const std::function<double(double)>& speed, size_t length) {
  const auto state = make_converter();
  Floats out(length);
  src_set_ratio(state.get(), 1 / speed(0));
  double position = 0;  // in the input, of the next sample that comes out
  size_t made = 0, used = 0, blocks = 0;
  while (made < length) {
    if (++blocks % 4096 == 0) check_interrupt();
    const auto wanted = static_cast<long>(std::min<size_t>(kBlock, length - made));
    const double now = speed(position);
    const double middle = speed(position + now * static_cast<double>(wanted) / 2);
    const double end = speed(position + middle * static_cast<double>(wanted));
    SRC_DATA data{};
    data.data_in = in.data() + used;
    data.input_frames = static_cast<long>(in.size() - used);
    data.data_out = out.data() + made;
    data.output_frames = wanted;
    data.end_of_input = 1;
    data.src_ratio = 1 / end;
    const int problem = src_process(state.get(), &data);
    if (problem != 0) throw Error(std::string("speed: ") + src_strerror(problem));
    used += static_cast<size_t>(data.input_frames_used);
    made += static_cast<size_t>(data.output_frames_gen);
    position += (now + 4 * middle + end) / 6 * static_cast<double>(data.output_frames_gen);
    if (data.output_frames_gen == 0) break;  // the end of the sound
  }
  return out;
}

}  // namespace lumir::augment
