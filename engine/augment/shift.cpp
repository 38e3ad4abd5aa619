// Shifts of examples along one dimension.

#include "augment/shift.h"

#include <algorithm>

namespace lumir::augment {

Shifts draw_shifts(const Batch& batch, const ShiftOptions& options, int64_t time, int64_t dimension, Random& random) {
  Shifts drawn;
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    const int64_t positions = example_of(batch, i, time).size(dimension - 1);
    const auto most = static_cast<uint32_t>(options.max_shift * static_cast<double>(positions));
    drawn.shifts.push_back(static_cast<int>(random.below(2 * most + 1)) - static_cast<int>(most));
  }
  return drawn;
}

Batch shifted(const Batch& batch, const ShiftOptions& options, const Shifts& drawn, int64_t time, int64_t dimension,
              const std::string& who) {
  check_drawn(drawn.shifts.size(), batch, "shifts", who);
  const int64_t along = dimension - 1;
  return with_each_true(batch, time, [&](const at::Tensor& example, size_t i) {
    const int64_t shift = drawn.shifts[i], positions = example.size(along);
    at::Tensor moved = example.roll({shift}, {along});
    const int64_t empty = std::min(std::abs(shift), positions);
    if (options.rollover || empty == 0 || example.numel() == 0) return moved;
    moved.narrow(along, shift > 0 ? 0 : positions - empty, empty).fill_(example.min());
    return moved;
  });
}

}  // namespace lumir::augment
