// TimeShift: every example of a batch is moved along time.

#include "augment/shift.h"

namespace lumir::augment {
namespace {

Shifts draw(const Batch& batch, const ShiftOptions& options, Random& random) {
  const int64_t time = axes_of(batch, options.time_dim, "TimeShift").time;
  return draw_shifts(batch, options, time, time, random);
}

Batch shift(const Batch& batch, const ShiftOptions& options, const Shifts& drawn) {
  const int64_t time = axes_of(batch, options.time_dim, "TimeShift").time;
  return shifted(batch, options, drawn, time, time, "TimeShift");
}

const RegisterBatchEffect<ShiftOptions, Shifts, draw, shift> time_shift{
    "TimeShift",
    {.summary = "Moves every example of a batch along time by a number of positions of its own, either way. Targets "
                "stay as they are.",
     .returns = "moved, target, drawn: a tensor of the same shape, the target as it was, and { shifts }",
     .example = "augment.TimeShift { max_shift = 0.2 }(torch.rand { 2, 1, 64, 100 })",
     .source = "torch_audiomentations.Shift",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
